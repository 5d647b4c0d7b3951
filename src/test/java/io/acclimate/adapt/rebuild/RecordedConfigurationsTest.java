package io.acclimate.adapt.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.core.ModelVersion;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RecordedConfigurationsTest {
    private static final AdaptSettings FIRST = AdaptSettings.defaults().withSeed(1);
    private static final AdaptSettings SECOND = AdaptSettings.defaults().withSeed(2);

    private final RecordedVersions versions = new RecordedVersions();

    @Test
    void settingsThatAProvenanceDoesNotNameAreTheDefaultsAndAreNamed() {
        Map<String, String> incomplete = new HashMap<>();
        versions.add(10, FIRST, "one");
        ModelVersion whole = Objects.requireNonNull(versions.byNumber().get(1L));
        incomplete.putAll(whole.provenance());
        incomplete.remove("seed");
        versions.byNumber()
                .put(
                        1L,
                        new ModelVersion(
                                whole.id(),
                                whole.parent(),
                                whole.base(),
                                whole.classes(),
                                whole.weights(),
                                whole.location(),
                                whole.chunks(),
                                whole.bytes(),
                                whole.createdAt(),
                                incomplete));
        RecordedConfigurations configurations = new RecordedConfigurations(versions.byNumber(), SECOND);

        assertThat(configurations.withId("one")).contains(RecordedVersions.configuration(SECOND));
        assertThat(configurations.missingSettings()).containsExactly("seed");
        assertThat(configurations.lastOffset()).isEqualTo(10);
    }

    @Test
    void aVersionWithoutAMiniBatchTellsNoConfiguration() {
        versions.add(-5, FIRST, "one");
        RecordedConfigurations configurations = new RecordedConfigurations(versions.byNumber(), SECOND);

        assertThat(configurations.withId("one")).isEmpty();
        assertThat(configurations.ofNextVersion(0)).isEmpty();
        assertThat(configurations.lastOffset()).isEqualTo(-1);
        assertThat(configurations.stateLostAt()).isEmpty();
    }
}
