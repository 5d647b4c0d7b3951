package io.acclimate.serve;

/** What serving does as long as the versions topic names no active version of any domain. */
public enum WithoutVersion {
    /** The packaged source model answers. */
    SERVE_SOURCE,
    /** Not ready, and no image is read: for a source model that must not answer by itself. */
    WAIT
}
