package io.acclimate.core;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Describes immutable weights and their history. The weights themselves are on {@code model-weights}; this record has their place and
 * their digest.
 *
 * @param parent the version its round started from
 * @param base digest of the base graph that the weights belong to
 * @param classes its class names in index order; empty if the version is older than this field
 * @param weights digest of the serialised delta
 * @param location place of the delta's first chunk
 * @param chunks number of chunks, which are consecutive in the partition except for transaction markers
 * @param bytes the delta's size
 * @param provenance how the version was made: mini-batch offsets, seed, hyper-parameters, gate evidence, JVM, OS, CPU
 */
public record ModelVersion(
        VersionId id,
        long parent,
        Digest base,
        List<String> classes,
        Digest weights,
        Coordinates location,
        int chunks,
        long bytes,
        Instant createdAt,
        Map<String, String> provenance) {
    public ModelVersion {
        classes = List.copyOf(classes);
        provenance = Map.copyOf(provenance);
        if (parent >= id.number()) {
            throw new IllegalArgumentException("version " + id + " cannot come from version " + parent);
        }
        if (chunks < 1 || bytes < 0) {
            throw new IllegalArgumentException(
                    "version " + id + " needs chunks, got " + chunks + " of " + bytes + " bytes");
        }
    }
}
