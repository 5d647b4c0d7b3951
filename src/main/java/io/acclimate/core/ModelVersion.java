package io.acclimate.core;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Immutable weights with their history. The weights themselves stand on {@code model-weights}; here is where, and their digest.
 *
 * @param parent the version its round started from
 * @param base digest of the base graph that the weights belong to
 * @param classes its class names in index order; empty when it was recorded before versions named them
 * @param weights digest of the serialised delta
 * @param location where the delta's chunks start
 * @param chunks how many consecutive chunks (in the partition, not counting transaction markers)
 * @param bytes the delta's size
 * @param provenance how it came about: mini-batch offsets, seed, hyper-parameters, gate evidence, JVM, OS, CPU
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
