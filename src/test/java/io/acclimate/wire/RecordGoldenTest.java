package io.acclimate.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.Golden;
import io.acclimate.core.Activation;
import io.acclimate.core.Bytes;
import io.acclimate.core.ClassScore;
import io.acclimate.core.ControlCommand;
import io.acclimate.core.Coordinates;
import io.acclimate.core.Digest;
import io.acclimate.core.DomainId;
import io.acclimate.core.ImageId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.Payload;
import io.acclimate.core.Prediction;
import io.acclimate.core.VersionId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Records of every topic but events, state and dead letters, which have tests of their own. */
class RecordGoldenTest {
    private static final DomainId SITE = new DomainId("site-1");
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final VersionId FOUR = new VersionId(SITE, 4);

    private static final Prediction PREDICTION = new Prediction(
            new ImageId("camera 1/77"),
            SITE,
            List.of(new ClassScore(3, "cat", 0.75f), new ClassScore(0, "dog", 0.25f)),
            7,
            new Coordinates("images", 2, 99),
            AT,
            Duration.ofNanos(1_234_000));

    private static final ModelVersion VERSION = new ModelVersion(
            FOUR,
            3,
            Digest.of(new byte[] {1}),
            List.of("cat", "dog"),
            Digest.of(new byte[] {2}),
            new Coordinates("model-weights", 1, 12),
            2,
            700_000,
            AT,
            Map.of("seed", "1"));

    private static final Activation ACTIVATION =
            new Activation(FOUR, 6, Activation.Cause.PROMOTE, "not worse", AT, 544, AT.minusSeconds(2));

    private static final List<ControlCommand> COMMANDS = List.of(
            new ControlCommand.Activate("id-1", SITE, 3),
            new ControlCommand.Rollback("id-2", SITE),
            new ControlCommand.Pause("id-3", SITE),
            new ControlCommand.Resume("id-4", SITE));

    private static MiniBatch batch(MiniBatch.FlushCause cause) {
        LabelledSample sample = new LabelledSample(
                new ImageId("img-1"),
                1,
                "dog",
                new Payload(Bytes.utf8("png"), Optional.of("image/png")),
                new Coordinates("labels", 1, 5),
                AT);
        return new MiniBatch(SITE, 17, cause, List.of(sample), AT, AT.plusSeconds(2));
    }

    @Test
    void predictionsAreWhatEveryClientReads() {
        assertThat(new String(new PredictionCodec(WireFormat.JSON).encode(PREDICTION), StandardCharsets.UTF_8))
                .as("the JSON of a prediction, which every consumer of predictions parses by these names")
                .isEqualTo("{\"imageId\":\"camera 1/77\",\"domain\":\"site-1\",\"label\":\"cat\",\"classIndex\":3,"
                        + "\"confidence\":0.75,\"topK\":[{\"classIndex\":3,\"label\":\"cat\",\"confidence\":0.75},"
                        + "{\"classIndex\":0,\"label\":\"dog\",\"confidence\":0.25}],\"modelVersion\":\"7\","
                        + "\"input\":{\"topic\":\"images\",\"partition\":2,\"offset\":\"99\"},"
                        + "\"eventTime\":\"2026-01-02T03:04:05.678Z\",\"tookMillis\":1.234}");
    }

    @Test
    void recordsAreWrittenAsBefore() {
        MiniBatchCodec batches = new MiniBatchCodec();
        VersionCodec versions = new VersionCodec();
        StringBuilder written = new StringBuilder();
        for (MiniBatch.FlushCause cause : MiniBatch.FlushCause.values()) {
            line(written, "mini-batch." + cause, batches.encode(batch(cause)));
        }
        for (ControlCommand command : COMMANDS) {
            line(written, "command." + command.id(), new ControlCodec().encode(command));
        }
        line(written, "prediction", new PredictionCodec(WireFormat.PROTOBUF).encode(PREDICTION));
        line(written, "version", versions.encode(VERSION));
        line(written, "version.key", versions.key(FOUR));
        line(written, "activation", versions.encode(ACTIVATION));
        line(written, "activation.key", versions.activeKey(SITE));

        Golden.assertText(
                RecordGoldenTest.class,
                "records.txt",
                "Readers of the topics, and this service after an upgrade, take these bytes for what they were.",
                written.toString());
    }

    @Test
    void recordsThatAreOnTheTopicsAreRead() {
        Map<String, byte[]> kept = Golden.bytes(RecordGoldenTest.class, "records.txt");
        VersionCodec versions = new VersionCodec();

        assertThat(new PredictionCodec(WireFormat.JSON).decode(kept("prediction", kept)))
                .isEqualTo(PREDICTION);
        assertThat(versions.decode(kept("version", kept))).isEqualTo(new VersionRecord.Version(VERSION));
        assertThat(versions.decode(kept("activation", kept))).isEqualTo(new VersionRecord.Active(ACTIVATION));
        for (MiniBatch.FlushCause cause : MiniBatch.FlushCause.values()) {
            assertThat(new MiniBatchCodec().decode(kept("mini-batch." + cause, kept)))
                    .isEqualTo(batch(cause));
        }
        for (ControlCommand command : COMMANDS) {
            assertThat(new ControlCodec().decode(kept("command." + command.id(), kept)))
                    .isEqualTo(command);
        }
    }

    private static byte[] kept(String name, Map<String, byte[]> kept) {
        return kept.getOrDefault(name, new byte[0]);
    }

    private static void line(StringBuilder into, String name, byte[] bytes) {
        into.append(name).append(' ').append(HexFormat.of().formatHex(bytes)).append('\n');
    }

    @Test
    void topicsKeepTheirNames() {
        assertThat(new Topics("eu.").all())
                .as("operators created these topics, and rights are given by these names")
                .containsExactly(
                        "eu.images",
                        "eu.labels",
                        "eu.predictions",
                        "eu.mini-batches",
                        "eu.model-versions",
                        "eu.model-weights",
                        "eu.adaptation-events",
                        "eu.adaptation-state",
                        "eu.adaptation-starts",
                        "eu.model-control",
                        "eu.dead-letters");
    }
}
