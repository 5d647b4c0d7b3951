package io.acclimate.app.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.app.Main;
import io.acclimate.broker.TestBroker;
import io.acclimate.core.DomainId;
import io.acclimate.core.Outcome;
import io.acclimate.wire.ContractHeaders;
import io.acclimate.wire.Topics;
import java.awt.image.BufferedImage;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ReplayCommandIT {
    @Test
    void sendsImagesAndLabelsThatAnyConsumerReads() {
        Topics topics = TestBroker.uniqueTopics();
        StringWriter out = new StringWriter();
        int code = new CommandLine(new ReplayCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(out))
                .execute(
                        "--bootstrap=" + TestBroker.bootstrapServers(),
                        "--topic-prefix=" + topics.prefix(),
                        "--shift=blend",
                        "--rate=500/s",
                        "--label-fraction=0.5",
                        "--label-delay=100ms",
                        "--domain=cam-1",
                        "--limit=60");
        assertThat(code).as(out.toString()).isZero();
        List<ConsumerRecord<byte[], byte[]>> images = read(topics.images(), 60);
        assertThat(images).hasSize(60).allSatisfy(image -> {
            assertThat(image.value()).startsWith(0x89, 'P', 'N', 'G');
            assertThat(ContractHeaders.domain(image.headers())).isEqualTo(Outcome.ok(new DomainId("cam-1")));
        });
        String said = out.toString();
        int labels = Integer.parseInt(said.replaceAll("(?s).*and (\\d+) labels.*", "$1"));
        assertThat(labels).isBetween(15, 45);
        assertThat(read(topics.labels(), labels)).hasSize(labels).allSatisfy(label -> assertThat(
                        ContractHeaders.label(label.headers()))
                .isInstanceOf(Outcome.Ok.class));
    }

    @Test
    void aBadValueIsAUsageErrorThatNamesTheRule() {
        StringWriter err = new StringWriter();
        int code = Main.run(
                Main.line().setErr(new PrintWriter(err)), new String[] {"replay", "--label-fraction=1.5"}, Map.of());
        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).contains("--label-fraction: labelFraction must be from 0 to 1, got 1.5");
    }

    @Test
    void fault19AnImageAboveTheLimitEndsTheReplayNamingItItsSizeAndWhatToDo(@TempDir Path folder) throws Exception {
        Topics topics = TestBroker.uniqueTopics();
        BufferedImage noise = new BufferedImage(2_000, 2_000, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(1);
        for (int i = 0; i < 2_000 * 2_000; i++) {
            noise.setRGB(i % 2_000, i / 2_000, random.nextInt());
        }
        Path boots = Files.createDirectories(folder.resolve("boot"));
        ImageIO.write(
                new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB),
                "png",
                boots.resolve("a.png").toFile());
        // As a PNG it has more than twice the bytes of the file.
        ImageIO.write(noise, "jpg", boots.resolve("b.jpg").toFile());
        StringWriter out = new StringWriter();
        int code = Main.run(
                Main.line().setOut(new PrintWriter(out)).setErr(new PrintWriter(out)),
                new String[] {
                    "replay",
                    "--bootstrap=" + TestBroker.bootstrapServers(),
                    "--topic-prefix=" + topics.prefix(),
                    "--data=folder:" + folder,
                    "--key-prefix=boot-",
                    "--rate=0"
                },
                Map.of());
        assertThat(code).as(out.toString()).isEqualTo(1);
        assertThat(out.toString())
                .containsPattern("boot-1 has a value of 1[0-9]{7} bytes")
                .contains("topic " + topics.images(), "max.request.size", "max.message.bytes")
                .doesNotContain("\tat ");
    }

    private static List<ConsumerRecord<byte[], byte[]>> read(String topic, int count) {
        Map<String, Object> properties = new HashMap<>(TestBroker.clientProperties());
        properties.put("group.id", topic);
        properties.put("auto.offset.reset", "earliest");
        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topic));
            Awaitility.await().atMost(Duration.ofSeconds(90)).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(all::add);
                return all.size() >= count;
            });
        }
        return all;
    }
}
