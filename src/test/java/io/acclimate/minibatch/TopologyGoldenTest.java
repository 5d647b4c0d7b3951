package io.acclimate.minibatch;

import static io.acclimate.minibatch.LabelStream.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.Golden;
import io.acclimate.core.Coordinates;
import io.acclimate.core.ImageId;
import io.acclimate.core.Outcome;
import io.acclimate.core.Payload;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.TopologyDescription;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopologyGoldenTest {
    private static final String BROKEN = "Kafka Streams names the changelogs, the repartition topics and the tasks of"
            + " a running application by these: under other names it begins with empty stores.";

    @TempDir
    Path directory;

    @Test
    void theApplicationFindsItsTopicsStoresAndTasksAgain() {
        Golden.assertText(TopologyGoldenTest.class, "topology.txt", BROKEN, describe(MiniBatchSettings.defaults()));
    }

    @Test
    void withoutTheJoinItDoesSoToo() {
        Golden.assertText(
                TopologyGoldenTest.class,
                "topology-without-join.txt",
                BROKEN,
                describe(MiniBatchSettings.defaults().withJoin(JoinSettings.OFF)));
    }

    @Test
    void imagesWithoutLabelsChangeNoNameOfWhatIsThereWithoutThem() {
        Golden.assertText(
                TopologyGoldenTest.class,
                "topology-with-unlabelled.txt",
                BROKEN,
                describe(MiniBatchSettings.defaults().withUnlabelled(MiniBatchSettings.Sampling.ON)));
    }

    /** A line for each sub-topology, whose number is in the names of its tasks: what it reads, keeps and writes. */
    private static String describe(MiniBatchSettings settings) {
        StringBuilder lines = new StringBuilder();
        MiniBatchTopology.build(
                        LabelStream.CLASSES,
                        Topics.DEFAULT,
                        settings,
                        Telemetry.inMemory(),
                        new NoPixels(),
                        new MiniBatchTopology.Waiting())
                .describe()
                .subtopologies()
                .stream()
                .sorted(Comparator.comparingInt(TopologyDescription.Subtopology::id))
                .forEach(each -> lines.append(line(each)));
        return lines.toString();
    }

    private static String line(TopologyDescription.Subtopology part) {
        SortedSet<String> reads = new TreeSet<>();
        SortedSet<String> keeps = new TreeSet<>();
        SortedSet<String> writes = new TreeSet<>();
        for (TopologyDescription.Node node : part.nodes()) {
            if (node instanceof TopologyDescription.Source source) {
                reads.addAll(source.topicSet());
            } else if (node instanceof TopologyDescription.Processor processor) {
                keeps.addAll(processor.stores());
            } else if (node instanceof TopologyDescription.Sink sink) {
                writes.add(sink.topic());
            }
        }
        return part.id() + " reads " + reads + " keeps " + keeps + " writes " + writes + "\n";
    }

    private static final class NoPixels implements PixelSource {
        @Override
        public Map<Coordinates, Outcome<Payload>> read(Map<Coordinates, ImageId> images) {
            return Map.of();
        }

        @Override
        public Map<Coordinates, Outcome<Payload>> sample(Map<Coordinates, ImageId> images) {
            return Map.of();
        }

        @Override
        public void close() {}
    }

    @Test
    void aMiniBatchHasTheseHeaders() {
        try (LabelStream stream = new LabelStream(
                MiniBatchSettings.defaults()
                        .withStreams(StreamsSettings.defaults().withPartitions(1))
                        .withFlush(new FlushSettings(1, 1 << 20, Duration.ofSeconds(2))),
                directory)) {
            stream.send("img", "boot", "site-1", utf8("png"));

            var record = stream.driver
                    .createOutputTopic(
                            Topics.DEFAULT.miniBatches(), new ByteArrayDeserializer(), new ByteArrayDeserializer())
                    .readRecord();
            assertThat(record.key())
                    .as("mini-batches are partitioned by this key")
                    .isEqualTo(utf8("site-1"));
            assertThat(record.headers().toArray())
                    .extracting(each -> each.key() + ": " + new String(each.value(), StandardCharsets.UTF_8))
                    .as("consumers of mini-batches select by these CloudEvents headers")
                    .containsExactly(
                            "ce_id: site-1/0",
                            "ce_source: /acclimate/minibatch",
                            "ce_type: io.acclimate.mini-batch",
                            "ce_specversion: 1.0",
                            "content-type: application/protobuf",
                            "domain: site-1");
        }
    }
}
