package io.acclimate.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.Activation;
import io.acclimate.core.Coordinates;
import io.acclimate.core.Digest;
import io.acclimate.core.DomainId;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import io.acclimate.infer.BiasModel;
import io.acclimate.infer.Lease;
import io.acclimate.infer.Scores;
import io.acclimate.infer.SessionSettings;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real sessions of a small model, whose answers tell the version. */
class ServedModelsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final DomainId A = new DomainId("camera-a");
    private static final DomainId B = new DomainId("camera-b");

    private final ModelGraph graph = BiasModel.graph();
    private final Telemetry telemetry = Telemetry.prometheus();
    private final ServedModels models =
            new ServedModels(graph, SessionSettings.defaults(), 4, telemetry, Clock.fixed(NOW, ZoneOffset.UTC));

    @BeforeEach
    void open() throws Exception {
        models.open();
    }

    @AfterEach
    void close() {
        models.close();
        telemetry.close();
    }

    /** The source model is version 0, and has no record. */
    private Optional<String> activate(DomainId domain, long number) {
        return activate(domain, number, 1);
    }

    private Optional<String> activate(DomainId domain, long number, double temperature) {
        VersionId id = new VersionId(domain, number);
        Activation activation = new Activation(id, 1, Activation.Cause.PROMOTE, "better", NOW, 32, NOW);
        if (number == VersionId.SOURCE) {
            return models.onActivation(activation, Optional.empty(), WeightDelta.EMPTY);
        }
        ModelVersion version = new ModelVersion(
                id,
                number - 1,
                graph.digest(),
                List.of(),
                Digest.of(new byte[1]),
                new Coordinates("model-weights", 0, 0),
                1,
                1,
                NOW,
                Map.of(),
                temperature);
        return models.onActivation(activation, Optional.of(version), BiasModel.version(number));
    }

    private static int answer(Lease lease) {
        return Scores.best(lease.run(FloatTensor.wrap(BiasModel.INPUT.row().prepend(1), new float[192])), 0);
    }

    private int answer(DomainId domain) {
        try (Lease lease = models.acquire(domain)) {
            return answer(lease);
        }
    }

    @Test
    void domainsWithoutAVersionShareTheSourceModel() {
        try (Lease a = models.acquire(A);
                Lease b = models.acquire(B)) {
            assertThat(List.of(a.version().number(), b.version().number())).containsOnly(VersionId.SOURCE);
        }
        assertThat(models.liveSessions()).isEqualTo(1);
        assertThat(telemetry.total(Meter.ACTIVE_VERSION, A.value())).isZero();
    }

    @Test
    void eachDomainIsAnsweredByItsOwnVersion() {
        assertThat(activate(A, 2)).isEmpty();
        assertThat(activate(B, 3)).isEmpty();

        assertThat(answer(A)).isEqualTo(2);
        assertThat(answer(B)).isEqualTo(3);
        assertThat(telemetry.total(Meter.ACTIVE_VERSION, B.value())).isEqualTo(3);
    }

    @Test
    void aLeaseHasTheTemperatureOfItsVersionAndTheSourceModelHasNone() {
        assertThat(activate(A, 2, 1.75)).isEmpty();

        try (Lease adapted = models.acquire(A);
                Lease source = models.acquire(B)) {
            assertThat(adapted.temperature()).isEqualTo(1.75);
            assertThat(source.temperature()).isOne();
        }
    }

    @Test
    void theSourceModelIsFreedWhenNoDomainNeedsItAndOpenedForTheNextThatDoes() {
        assertThat(answer(A)).isZero();
        assertThat(activate(A, 1)).isEmpty();
        assertThat(models.liveSessions()).as("version 1 alone").isEqualTo(1);

        assertThat(answer(B)).isZero();

        assertThat(models.liveSessions()).as("version 1 and the source model").isEqualTo(2);
    }

    @Test
    void goingBackToTheSourceModelFreesTheVersion() {
        assertThat(activate(A, 1)).isEmpty();

        assertThat(activate(A, 0)).isEmpty();

        assertThat(answer(A)).isZero();
        assertThat(models.liveSessions()).isEqualTo(1);
    }

    @Test
    void aLeaseKeepsItsVersionUntilItEnds() {
        assertThat(activate(A, 1)).isEmpty();
        try (Lease lease = models.acquire(A)) {
            assertThat(activate(A, 2)).isEmpty();

            assertThat(answer(lease)).isEqualTo(1);
            assertThat(answer(A)).isEqualTo(2);
            assertThat(models.liveSessions()).isEqualTo(2);
        }
        assertThat(models.liveSessions()).isEqualTo(1);
    }

    @Test
    void aDomainHasAnEmptyHistogramBeforeItsFirstVersionSoThatARateSeesThatVersion() {
        models.acquire(A).close();

        assertThat(telemetry.scrape().lines())
                .contains("acclimate_label_to_served_seconds_count{domain=\"camera-a\"} 0");
    }

    @Test
    void onceClosedItServesNobodyAndKeepsNoSessionOfALateVersion() {
        models.close();

        assertThat(activate(A, 1)).isEmpty();

        assertThat(models.liveSessions()).isZero();
        assertThatThrownBy(() -> models.acquire(A)).hasMessage("serving is closed");
    }
}
