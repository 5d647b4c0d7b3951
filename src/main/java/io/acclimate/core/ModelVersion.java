package io.acclimate.core;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
 * @param temperature divides the logits of the version before they become probabilities; 1 changes nothing
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
        Map<String, String> provenance,
        double temperature) {
    /** Present in the provenance while an operator wants the version to be kept. */
    private static final String PINNED = "pinned";

    private static final String NOTE = "note";

    /** The key in the provenance of what {@link #configuration} answers. */
    public static final String CONFIGURATION = "configuration";

    /** The key in the provenance of what {@link #closedAt} answers, in milliseconds since 1970. */
    public static final String CLOSED_AT = "miniBatchClosedAt";

    public ModelVersion {
        classes = List.copyOf(classes);
        provenance = Map.copyOf(provenance);
        if (!(temperature > 0 && Double.isFinite(temperature))) {
            throw new IllegalArgumentException(
                    "the temperature of version " + id + " is a number above 0, got " + temperature);
        }
        if (parent >= id.number()) {
            throw new IllegalArgumentException("version " + id + " cannot come from version " + parent);
        }
        if (chunks < 1 || bytes < 0) {
            throw new IllegalArgumentException(
                    "version " + id + " needs chunks, got " + chunks + " of " + bytes + " bytes");
        }
    }

    /** A version with the model's own probabilities. */
    public ModelVersion(
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
        this(id, parent, base, classes, weights, location, chunks, bytes, createdAt, provenance, 1);
    }

    /** Names the settings, label set and source set of the worker that made it; empty when its provenance does not say that. */
    public String configuration() {
        return provenance.getOrDefault(CONFIGURATION, "");
    }

    /** When the mini-batch that led to it was closed; empty when its provenance does not say that. */
    public Optional<Instant> closedAt() {
        String millis = provenance.getOrDefault(CLOSED_AT, "");
        return millis.matches("\\d{1,18}")
                ? Optional.of(Instant.ofEpochMilli(Long.parseLong(millis)))
                : Optional.empty();
    }

    /** True while an operator wants the version to be kept. */
    public boolean isPinned() {
        return provenance.containsKey(PINNED);
    }

    /** The same version, pinned or not. */
    public ModelVersion pinned(boolean pinned) {
        return with(PINNED, pinned ? "true" : "");
    }

    /** What an operator wrote about the version; empty for nothing. */
    public String note() {
        return provenance.getOrDefault(NOTE, "");
    }

    /** The same version with this note; an empty one takes the note away. */
    public ModelVersion noted(String text) {
        return with(NOTE, text);
    }

    /** The same version, about which nothing is known but what it takes to serve it. */
    public ModelVersion withoutProvenance() {
        return withProvenance(Map.of());
    }

    /** The same version, with these class names, which are equal to its own. For one list in memory in place of many. */
    public ModelVersion sharing(List<String> names) {
        if (!names.equals(classes)) {
            throw new IllegalArgumentException("version " + id + " has the classes " + classes + ", not " + names);
        }
        return new ModelVersion(
                id, parent, base, names, weights, location, chunks, bytes, createdAt, provenance, temperature);
    }

    private ModelVersion with(String key, String value) {
        Map<String, String> changed = new HashMap<>(provenance);
        if (value.isEmpty()) {
            changed.remove(key);
        } else {
            changed.put(key, value);
        }
        return withProvenance(changed);
    }

    private ModelVersion withProvenance(Map<String, String> other) {
        return new ModelVersion(
                id, parent, base, classes, weights, location, chunks, bytes, createdAt, other, temperature);
    }
}
