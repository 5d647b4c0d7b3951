package io.acclimate.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.Activation;
import io.acclimate.core.Coordinates;
import io.acclimate.core.Digest;
import io.acclimate.core.DomainId;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.Prediction;
import io.acclimate.core.SettableClock;
import io.acclimate.core.VersionId;
import io.acclimate.dataset.Bundled;
import io.acclimate.dataset.Png;
import io.acclimate.image.ImageDecoder;
import io.acclimate.image.ImageLimits;
import io.acclimate.infer.BiasModel;
import io.acclimate.infer.SessionSettings;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.PredictionCodec;
import io.acclimate.wire.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.Test;

/** What is measured from one process's stamp to another's clock is never negative and never left out. */
class ClockFaultTest {
    private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

    private final ServeSettings settings = ServeSettings.defaults();
    private final SettableClock clock = new SettableClock(START);

    @Test
    void fault24LatenciesAndAgesAreNoughtWhileTheClockIsBehindTheRecords() throws Exception {
        try (Telemetry telemetry = Telemetry.inMemory();
                ServedModels models =
                        new ServedModels(BiasModel.graph(), SessionSettings.defaults(), 4, telemetry, clock)) {
            models.open();
            VersionId first = new VersionId(DomainId.DEFAULT, 1);
            Instant label = START.plusSeconds(1);
            Instant promoted = START.plusSeconds(2);
            models.onActivation(
                    new Activation(first, 1, Activation.Cause.PROMOTE, "better", promoted, 32, label),
                    Optional.of(version(first, promoted)),
                    BiasModel.version(1));
            PollBatch batch = new PollBatch(
                    Topics.DEFAULT,
                    models,
                    new ImageDecoder(ImageLimits.defaults()),
                    BiasModel.INPUT,
                    settings,
                    telemetry,
                    clock);
            List<ProducerRecord<byte[], byte[]>> sent = new ArrayList<>();

            clock.set(START.minus(Duration.ofHours(1)));
            batch.process(
                            List.of(image(0, START), image(1, clock.instant().minusSeconds(3)), image(2, promoted)),
                            sent::add)
                    .versions()
                    .forEach(models::committed);

            PredictionCodec codec = new PredictionCodec(settings.answers().format());
            assertThat(sent)
                    .map(record -> codec.decode(record.value()))
                    .satisfiesExactly(behind(), measured(), behind());
            assertThat(telemetry.total(Meter.PREDICTION_LATENCY)).isEqualTo(3);
            assertThat(telemetry.total(Meter.LABEL_TO_SERVED)).isEqualTo(1);
            assertThat(telemetry.total(Meter.MODEL_AGE)).isZero();
        }
    }

    private static ThrowingConsumer<Prediction> behind() {
        return prediction -> assertThat(prediction.took()).isZero();
    }

    private static ThrowingConsumer<Prediction> measured() {
        return prediction -> assertThat(prediction.took()).isEqualTo(Duration.ofSeconds(3));
    }

    private static ModelVersion version(VersionId id, Instant at) {
        return new ModelVersion(
                id,
                0,
                BiasModel.graph().digest(),
                List.of(),
                Digest.of(BiasModel.version(1).toBytes()),
                new Coordinates("model-weights", 0, 0),
                1,
                20,
                at,
                Map.of());
    }

    private static ConsumerRecord<byte[], byte[]> image(long offset, Instant time) {
        return new ConsumerRecord<>(
                Topics.DEFAULT.images(),
                0,
                offset,
                time.toEpochMilli(),
                TimestampType.CREATE_TIME,
                0,
                0,
                new byte[] {1},
                Png.encode(Bundled.targetTest().pixels(0)),
                new RecordHeaders(),
                Optional.empty());
    }
}
