package io.acclimate.minibatch;

import static io.acclimate.minibatch.LabelStream.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FutureLabelIT {
    private static final Duration AHEAD = Duration.ofHours(2);

    @TempDir
    Path directory;

    /** The owner of the topic raised the limit, which is an hour by default. */
    private static void takeAnyTime(MiniBatchFixture fixture) throws Exception {
        fixture.admin
                .incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, fixture.topics.labels()),
                        List.of(new AlterConfigOp(
                                new ConfigEntry("message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE)),
                                AlterConfigOp.OpType.SET))))
                .all()
                .get();
    }

    @Test
    void aLabelFromTheFutureIsASampleLikeAnyOtherAndStopsNone() throws Exception {
        try (MiniBatchFixture fixture = new MiniBatchFixture()) {
            takeAnyTime(fixture);
            long ahead = Instant.now().plus(AHEAD).toEpochMilli();
            fixture.start(MiniBatchFixture.settings(Duration.ofSeconds(1)).withStateDir(directory));

            fixture.sendAndWait(label(fixture, "ahead", ahead));
            fixture.sendAndWait(label(fixture, "today", Instant.now().toEpochMilli()));
            fixture.readUntil(() -> fixture.images().size() == 2);

            assertThat(fixture.images()).containsExactlyInAnyOrder("ahead", "today");
            assertThat(fixture.samples())
                    .filteredOn(sample -> sample.imageId().value().equals("ahead"))
                    .allSatisfy(sample -> assertThat(sample.labelTime()).isEqualTo(Instant.ofEpochMilli(ahead)));
            assertThat(fixture.letters).isEmpty();
        }
    }

    private static ProducerRecord<byte[], byte[]> label(MiniBatchFixture fixture, String image, long millis) {
        RecordHeaders headers = new RecordHeaders();
        headers.add("label", utf8("boot"));
        return new ProducerRecord<>(fixture.topics.labels(), 0, millis, utf8(image), utf8("png"), headers);
    }
}
