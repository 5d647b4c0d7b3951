package io.acclimate.minibatch;

import static io.acclimate.minibatch.LabelStream.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.Payload;
import io.acclimate.kafka.TopicCreator;
import io.acclimate.kafka.TopicPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An upgrade from a version that gave its topics lower limits. */
class OlderTopicsIT {
    private static final MiniBatchSettings SETTINGS = MiniBatchFixture.settings(Duration.ofSeconds(1));
    private static final String OLD_LIMIT = Integer.toString(2 << 20);

    @TempDir
    Path directory;

    private static void lower(MiniBatchFixture fixture, String topic) throws Exception {
        Map<ConfigResource, Collection<AlterConfigOp>> change = new HashMap<>();
        change.put(
                new ConfigResource(ConfigResource.Type.TOPIC, topic),
                List.of(new AlterConfigOp(new ConfigEntry("max.message.bytes", OLD_LIMIT), AlterConfigOp.OpType.SET)));
        fixture.admin.incrementalAlterConfigs(change).all().get();
    }

    @Test
    void theLargestImageBecomesASampleAlsoWhereTopicsAreOlder() throws Exception {
        try (MiniBatchFixture fixture = new MiniBatchFixture()) {
            MiniBatchSettings settings = SETTINGS.withStateDir(directory);
            MiniBatching earlier = fixture.start(settings);
            fixture.sendAndWait(label(fixture, "small", 3));
            fixture.readUntil(() -> fixture.images().contains("small"));
            earlier.close();
            lower(fixture, fixture.topics.miniBatches());
            for (String topic : fixture.admin.listTopics().names().get()) {
                if (topic.startsWith(fixture.topics.prefix() + "acclimate-minibatch-")) {
                    lower(fixture, topic);
                }
            }

            TopicCreator.ensure(fixture.admin, fixture.topics, TopicPlan.DEFAULT);
            fixture.start(settings);
            fixture.sendAndWait(label(fixture, "large", Payload.MAX_BYTES));
            fixture.readUntil(() -> fixture.images().contains("large"));

            assertThat(fixture.samples().get(1).image().bytes().array().length).isEqualTo(Payload.MAX_BYTES);
            assertThat(fixture.letters).isEmpty();
        }
    }

    private static ProducerRecord<byte[], byte[]> label(MiniBatchFixture fixture, String image, int bytes) {
        RecordHeaders headers = new RecordHeaders();
        headers.add("label", utf8("boot"));
        return new ProducerRecord<>(fixture.topics.labels(), 0, null, utf8(image), new byte[bytes], headers);
    }
}
