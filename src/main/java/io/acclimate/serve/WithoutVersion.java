package io.acclimate.serve;

/** The behaviour of serving while the versions topic names no active version of any domain. */
public enum WithoutVersion {
    /** The packaged source model answers. */
    SERVE_SOURCE,
    /** Serving is not ready and reads no image. This is for a source model that must not answer without adaptation. */
    WAIT
}
