package io.acclimate.adapt.rebuild;

import io.acclimate.adapt.domain.AdaptSettings;
import io.acclimate.adapt.domain.Provenance;
import io.acclimate.adapt.domain.RecordedSettings;
import io.acclimate.core.Digest;
import io.acclimate.core.ModelVersion;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a domain's mini-batches were learnt under, as its versions tell it: each event names a configuration, and each version says
 * what its own was. Where an event names none, the version that came of the mini-batch, or of the next that led to one, tells. The
 * rebuild's thread only.
 */
final class Configurations {
    /** The settings that decide what is learnt, and the base model with its label set. */
    record Configuration(AdaptSettings settings, Digest base, List<String> classes) {}

    private final AdaptSettings otherwise;
    private final Map<String, ModelVersion> named = new HashMap<>();
    private final SortedMap<Long, ModelVersion> byOffset = new TreeMap<>();
    private final Set<String> missing = new TreeSet<>();

    /** @param otherwise for settings that a provenance does not name */
    Configurations(SortedMap<Long, ModelVersion> versions, AdaptSettings otherwise) {
        this.otherwise = otherwise;
        versions.values().forEach(version -> {
            long offset = Comparison.offset(version);
            if (offset >= 0) {
                byOffset.put(offset, version);
                Optional.ofNullable(version.provenance().get(Provenance.CONFIGURATION))
                        .ifPresent(id -> named.putIfAbsent(id, version));
            }
        });
    }

    /** Settings that some version did not name. */
    Set<String> missing() {
        return missing;
    }

    /** Empty when no version that is kept tells. */
    Optional<Configuration> named(String id) {
        return Optional.ofNullable(named.get(id)).map(this::of);
    }

    /** Of the mini-batch at {@code offset}, by the next version. */
    Optional<Configuration> before(long offset) {
        SortedMap<Long, ModelVersion> next = byOffset.tailMap(offset);
        return next.isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(next.get(next.firstKey())).map(this::of);
    }

    /** The mini-batches from which on a worker lost its predecessor's state. */
    Set<Long> takenUpFrom() {
        return byOffset.values().stream()
                .map(Configurations::takenUpFrom)
                .flatMapToLong(OptionalLong::stream)
                .boxed()
                .collect(Collectors.toSet());
    }

    /** The same of the worker that begins before {@code offset} under {@code configuration}, by its first version. */
    OptionalLong takenUpFrom(long offset, Configuration configuration) {
        return byOffset.tailMap(offset).values().stream()
                .findFirst()
                .filter(version -> of(version).equals(configuration))
                .map(Configurations::takenUpFrom)
                .orElse(OptionalLong.empty());
    }

    private static OptionalLong takenUpFrom(ModelVersion version) {
        String text = version.provenance().getOrDefault(Provenance.TAKEN_UP_FROM, "");
        return text.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    private Configuration of(ModelVersion version) {
        return new Configuration(
                RecordedSettings.over(otherwise, version.provenance(), missing), version.base(), version.classes());
    }
}
