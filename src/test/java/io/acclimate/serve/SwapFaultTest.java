package io.acclimate.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.Activation;
import io.acclimate.core.Coordinates;
import io.acclimate.core.Digest;
import io.acclimate.core.DomainId;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.Shape;
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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SwapFaultTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final ModelGraph graph = BiasModel.graph();
    private final Telemetry telemetry = Telemetry.inMemory();

    @Test
    void fault12AVersionWhoseWeightsDoNotFitIsRefusedBeforeTheSwap() throws Exception {
        FloatTensor row = FloatTensor.wrap(BiasModel.INPUT.row().prepend(1), new float[192]);
        float[] infinite = new float[BiasModel.CLASSES];
        Arrays.fill(infinite, Float.POSITIVE_INFINITY);
        Map<String, WeightDelta> bad = new LinkedHashMap<>();
        bad.put("float32[4]", delta("b", Shape.of(4), new float[4]));
        bad.put("float32[5, 1]", delta("b", Shape.of(5, 1), new float[5]));
        bad.put("'stranger'", delta("stranger", Shape.of(5), new float[5]));
        bad.put("NaN", BiasModel.nan());
        bad.put("Infinity", delta("b", Shape.of(5), infinite));
        try (ServedModels models =
                new ServedModels(graph, SessionSettings.defaults(), 4, telemetry, Clock.systemUTC())) {
            models.open();
            assertThat(models.onActivation(activation(1), version(1, List.of()), BiasModel.version(1)))
                    .isEmpty();
            long number = 2;
            for (Map.Entry<String, WeightDelta> each : bad.entrySet()) {
                Optional<String> refusal =
                        models.onActivation(activation(number), version(number, List.of()), each.getValue());
                assertThat(refusal.orElse("taken")).contains(each.getKey());
                number++;
            }
            assertThat(models.onActivation(
                            activation(number), version(number, List.of("one", "two")), BiasModel.version(2)))
                    .as("another label set than its base has")
                    .isPresent();

            try (Lease lease = models.acquire(DomainId.DEFAULT)) {
                assertThat(lease.version().number()).isEqualTo(1);
                assertThat(Scores.best(lease.run(row), 0)).isEqualTo(1);
            }
            assertThat(models.liveSessions()).isEqualTo(1);
            assertThat(telemetry.total(Meter.ACTIVE_VERSION, "default")).isEqualTo(1);
        }
        telemetry.close();
    }

    @Test
    void versionsThatAnotherInstanceServesAreNotRememberedForEver() throws Exception {
        try (ServedModels models =
                new ServedModels(graph, SessionSettings.defaults(), 4, telemetry, Clock.fixed(NOW, ZoneOffset.UTC))) {
            models.open();
            for (long number = 1; number <= 50; number++) {
                Activation later = new Activation(
                        new VersionId(DomainId.DEFAULT, number),
                        number,
                        Activation.Cause.PROMOTE,
                        "better",
                        NOW.plusSeconds(number),
                        32,
                        NOW);
                assertThat(models.onActivation(later, version(number, List.of()), BiasModel.version(number)))
                        .isEmpty();
            }

            assertThat(models.unserved()).isLessThan(10);
            models.committed(new VersionId(DomainId.DEFAULT, 50));
            assertThat(telemetry.total(Meter.LABEL_TO_SERVED, "default")).isEqualTo(1);
            assertThat(models.unserved()).isZero();
        }
        telemetry.close();
    }

    private Optional<ModelVersion> version(long number, List<String> classes) {
        VersionId id = new VersionId(DomainId.DEFAULT, number);
        Coordinates at = new Coordinates("model-weights", 0, 0);
        return Optional.of(new ModelVersion(
                id, number - 1, graph.digest(), classes, Digest.of(new byte[1]), at, 1, 1, NOW, Map.of()));
    }

    private static Activation activation(long number) {
        return new Activation(
                new VersionId(DomainId.DEFAULT, number), number, Activation.Cause.PROMOTE, "better", NOW, 32, NOW);
    }

    private static WeightDelta delta(String name, Shape shape, float[] values) {
        return WeightDelta.of(Map.of(name, FloatTensor.wrap(shape, values)));
    }
}
