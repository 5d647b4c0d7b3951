package io.acclimate.adapt.rebuild;

import io.acclimate.core.VersionId;

/** A version of the topic beside what the same mini-batches led to again. */
public sealed interface Rebuilt {
    VersionId id();

    /** The same weights, bit for bit, by the same parent, from the same mini-batch. */
    record Equal(VersionId id) implements Rebuilt {}

    /**
     * Other weights, or none.
     *
     * @param offset of the mini-batch that the version was made of, by its provenance
     * @param where what differs first
     * @param cause why, as far as the records tell
     */
    record Different(VersionId id, long offset, String where, String cause) implements Rebuilt {}
}
