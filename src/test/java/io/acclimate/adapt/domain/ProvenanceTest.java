package io.acclimate.adapt.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.settings.RecordedSettings;
import io.acclimate.adapt.versions.Provenance;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.Digest;
import io.acclimate.core.GateDecision;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProvenanceTest {
    private static final Digest BASE = Digest.of(new byte[] {1});

    private static Map<String, String> provenance(OptionalLong lostFrom) {
        return Provenance.of(
                Linear.settings(),
                BASE,
                "none",
                Linear.batch(4),
                17,
                96,
                0.5,
                lostFrom,
                new AdaptationEvent.Judged(
                        Linear.CAMERA, Linear.TIME, 2, 1, new GateDecision.Promote(), 0.75, 0.5, 0.25, 12));
    }

    @Test
    void namesTheMiniBatchTheEvidenceAndWhatBitsDependOn() {
        assertThat(provenance(OptionalLong.empty()))
                .containsEntry("miniBatch", "4")
                .containsEntry("miniBatchOffset", "17")
                .containsEntry(
                        "miniBatchClosedAt",
                        Long.toString(Linear.batch(4).closedAt().toEpochMilli()))
                .containsEntry("source", "none")
                .containsEntry("samplesSeen", "96")
                .containsEntry("holdoutSize", "12")
                .containsEntry("candidateAccuracy", "0.75")
                .containsEntry("activeAccuracy", "0.5")
                .containsEntry("sourceAccuracy", "0.25")
                .containsEntry("configuration", RecordedSettings.id(Linear.settings(), BASE, "none"))
                .containsAllEntriesOf(RecordedSettings.of(Linear.settings()))
                .containsAllEntriesOf(Provenance.platform())
                .doesNotContainKey("takenUpFrom");
    }

    @Test
    void namesWhereAPredecessorsStateWasLost() {
        assertThat(provenance(OptionalLong.of(12))).containsEntry("takenUpFrom", "12");
    }

    @Test
    void thePlatformIsBuildJvmSystemAndProcessor() {
        assertThat(Provenance.platform()).containsOnlyKeys("build", "jvm", "os", "cpu");
        assertThat(Provenance.platform().get("build")).isEqualTo("from classes");
        assertThat(Provenance.platform().get("jvm"))
                .isEqualTo(System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
        assertThat(Provenance.platform().get("os"))
                .isEqualTo(System.getProperty("os.name") + " " + System.getProperty("os.version"));
        assertThat(Provenance.platform().get("cpu")).startsWith(System.getProperty("os.arch"));
    }
}
