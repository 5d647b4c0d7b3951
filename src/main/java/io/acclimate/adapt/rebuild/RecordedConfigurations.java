package io.acclimate.adapt.rebuild;

import io.acclimate.adapt.rebuild.Episode.Configuration;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.RecordedSettings;
import io.acclimate.adapt.versions.Provenance;
import io.acclimate.core.ModelVersion;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The configurations under which a domain's mini-batches were learnt from, as the provenance of its versions records them. An event
 * names its configuration by an id; the version with that id says what it was. The rebuild's thread only.
 */
final class RecordedConfigurations {
    private final AdaptSettings defaults;
    private final Map<String, ModelVersion> byId = new HashMap<>();
    private final SortedMap<Long, ModelVersion> byOffset = new TreeMap<>();
    private final Set<String> missingSettings = new TreeSet<>();

    /** @param defaults for settings that a provenance does not name */
    RecordedConfigurations(SortedMap<Long, ModelVersion> versions, AdaptSettings defaults) {
        this.defaults = defaults;
        versions.values().forEach(version -> {
            long offset = offset(version);
            if (offset >= 0) {
                byOffset.put(offset, version);
                Optional.ofNullable(version.provenance().get(Provenance.CONFIGURATION))
                        .ifPresent(id -> byId.putIfAbsent(id, version));
            }
        });
    }

    /** The offset of the mini-batch that led to {@code version}; -1 when it names none. */
    static long offset(ModelVersion version) {
        return offset(version, Provenance.OFFSET).orElse(-1);
    }

    private static OptionalLong offset(ModelVersion version, String key) {
        String text = version.provenance().getOrDefault(key, "");
        return text.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    /** The offset of the last mini-batch that led to a version; -1 when none did. */
    long lastOffset() {
        return byOffset.isEmpty() ? -1 : byOffset.lastKey();
    }

    /** Names of settings that some version did not record. */
    Set<String> missingSettings() {
        return missingSettings;
    }

    /** Empty when no version with this configuration is kept. */
    Optional<Configuration> withId(String id) {
        return Optional.ofNullable(byId.get(id)).map(this::configuration);
    }

    /** The configuration of the first version that came from the mini-batch at {@code offset} or a later one. */
    Optional<Configuration> ofNextVersion(long offset) {
        return next(offset).map(this::configuration);
    }

    /** All offsets from which on a worker lost its predecessor's state. */
    Set<Long> stateLostAt() {
        return byOffset.values().stream()
                .map(version -> offset(version, Provenance.STATE_LOST_AT))
                .flatMapToLong(OptionalLong::stream)
                .boxed()
                .collect(Collectors.toSet());
    }

    /** The same of the worker that starts before {@code offset} with {@code configuration}, as its first version says. */
    OptionalLong stateLostAt(long offset, Configuration configuration) {
        return next(offset)
                .filter(version -> configuration(version).equals(configuration))
                .map(version -> offset(version, Provenance.STATE_LOST_AT))
                .orElse(OptionalLong.empty());
    }

    private Optional<ModelVersion> next(long offset) {
        return byOffset.tailMap(offset).values().stream().findFirst();
    }

    private Configuration configuration(ModelVersion version) {
        return new Configuration(
                RecordedSettings.over(defaults, version.provenance(), missingSettings),
                version.base(),
                version.classes());
    }
}
