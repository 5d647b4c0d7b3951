package io.acclimate.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.acclimate.core.Activation;
import io.acclimate.core.Coordinates;
import io.acclimate.core.Digest;
import io.acclimate.core.DomainId;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.Prediction;
import io.acclimate.core.VersionId;
import io.acclimate.image.ImageDecoder;
import io.acclimate.image.ImageLimits;
import io.acclimate.infer.BiasModel;
import io.acclimate.infer.SessionSettings;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.PredictionCodec;
import io.acclimate.wire.Topics;
import io.acclimate.wire.WireFormat;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class CalibratedServingTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    /** Of the version that gives class 2 a logit of 10 and all four others one of 0. */
    private static Prediction predicted(double temperature) throws Exception {
        ModelGraph graph = BiasModel.graph();
        VersionId id = new VersionId(DomainId.DEFAULT, 2);
        ModelVersion version = new ModelVersion(
                id,
                1,
                graph.digest(),
                List.of(),
                Digest.of(new byte[1]),
                new Coordinates("model-weights", 0, 0),
                1,
                1,
                NOW,
                Map.of(),
                temperature);
        Activation activation = new Activation(id, 1, Activation.Cause.PROMOTE, "better", NOW, 32, NOW);
        List<ProducerRecord<byte[], byte[]>> sent = new ArrayList<>();
        try (Telemetry telemetry = Telemetry.inMemory();
                ServedModels models =
                        new ServedModels(graph, SessionSettings.defaults(), 4, telemetry, Clock.systemUTC())) {
            models.open();
            assertThat(models.onActivation(activation, Optional.of(version), BiasModel.version(2)))
                    .isEmpty();
            var unused = new PollBatch(
                            new Topics(""),
                            models,
                            new ImageDecoder(ImageLimits.defaults()),
                            BiasModel.INPUT,
                            ServeSettings.defaults(),
                            telemetry,
                            Clock.systemUTC())
                    .process(List.of(WorkerFixture.image(0)), sent::add);
        }
        return new PredictionCodec(WireFormat.JSON).decode(sent.get(0).value());
    }

    @Test
    void confidenceHasTheTemperatureOfTheVersionAndTheClassIsTheSame() throws Exception {
        Prediction raw = predicted(1);
        Prediction calibrated = predicted(10);

        assertThat(raw.best().confidence()).isCloseTo(0.9998f, within(1e-4f));
        assertThat(calibrated.best().confidence()).isCloseTo((float) (Math.E / (Math.E + 4)), within(1e-4f));
        assertThat(calibrated.best().classIndex())
                .isEqualTo(raw.best().classIndex())
                .isEqualTo(2);
        assertThat(calibrated.modelVersion()).isEqualTo(2);
    }
}
