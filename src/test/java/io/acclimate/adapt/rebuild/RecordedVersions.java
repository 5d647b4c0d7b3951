package io.acclimate.adapt.rebuild;

import io.acclimate.adapt.rebuild.Episode.Configuration;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.RecordedSettings;
import io.acclimate.adapt.versions.Provenance;
import io.acclimate.core.Coordinates;
import io.acclimate.core.Digest;
import io.acclimate.core.DomainId;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Versions of one domain, as their records tell the settings that they were made with. */
final class RecordedVersions {
    private static final DomainId CAMERA = new DomainId("camera-1");
    private static final Digest BASE = Digest.of(new byte[] {1});

    private final SortedMap<Long, ModelVersion> byNumber = new TreeMap<>();

    SortedMap<Long, ModelVersion> byNumber() {
        return byNumber;
    }

    static Configuration configuration(AdaptSettings settings) {
        return new Configuration(settings, BASE, List.of("a", "b"));
    }

    void add(long offset, AdaptSettings settings, String id) {
        add(offset, settings, Map.of(Provenance.CONFIGURATION, id));
    }

    void add(long offset, AdaptSettings settings, Map<String, String> more) {
        long number = byNumber.size() + 1L;
        Map<String, String> provenance = new TreeMap<>(RecordedSettings.of(settings));
        provenance.put(Provenance.OFFSET, Long.toString(offset));
        provenance.putAll(more);
        byNumber.put(
                number,
                new ModelVersion(
                        new VersionId(CAMERA, number),
                        number - 1,
                        BASE,
                        List.of("a", "b"),
                        Digest.of(new byte[0]),
                        new Coordinates("model-weights", 0, 0),
                        1,
                        1,
                        Instant.EPOCH,
                        provenance));
    }
}
