package io.acclimate.app.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.broker.TestBroker;
import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.Refusal;
import io.acclimate.wire.DeadLetters;
import io.acclimate.wire.Topics;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DeadLettersCommandIT {
    private final Topics topics = TestBroker.uniqueTopics();
    private final StringWriter out = new StringWriter();

    @BeforeEach
    void open() {
        TestBroker.createTopics(topics);
    }

    @Test
    void resendsEachLetterOnceHoweverOftenItIsAsked() throws Exception {
        letter("a", DeadLetterReason.UNKNOWN_CLASS, 10);
        letter("b", DeadLetterReason.MISSING_LABEL, 10);
        letter("c", DeadLetterReason.UNKNOWN_CLASS, 10);

        assertThat(run("resend", "--reason", "UNKNOWN_CLASS")).isZero();
        assertThat(run("resend", "--reason", "UNKNOWN_CLASS")).isZero();
        assertThat(labels()).containsExactlyInAnyOrder("a", "c");
        assertThat(run("resend", "--all")).isZero();
        assertThat(labels()).containsExactlyInAnyOrder("a", "b", "c");
        letter("d", DeadLetterReason.UNKNOWN_CLASS, 10);
        assertThat(run("resend", "--all")).isZero();
        assertThat(labels()).containsExactlyInAnyOrder("a", "b", "c", "d");
        assertThat(run("resend", "0:0")).isZero();
        assertThat(labels()).containsExactlyInAnyOrder("a", "a", "b", "c", "d");
    }

    @Test
    void aLetterNeverGoesToATopicThatIsNotReadHere() throws Exception {
        letter(topics.modelVersions(), "forged", DeadLetterReason.UNREADABLE_RECORD, 10);
        letter(topics.deadLetters(), "loop", DeadLetterReason.UNREADABLE_RECORD, 10);

        assertThat(run("resend", "--all")).isEqualTo(1);

        assertThat(out.toString()).contains("re-sent 0", "not re-sent 2");
        assertThat(run("list")).isZero();
        assertThat(out.toString().lines().filter(line -> line.contains("UNREADABLE_RECORD")))
                .hasSize(2);
    }

    @Test
    void saysWhatCouldNotBeSentSinceItWasTooLargeToKeep() throws Exception {
        letter("large", DeadLetterReason.UNKNOWN_CLASS, 1_000_000);
        assertThat(run("resend", "--all")).isEqualTo(1);
        assertThat(out.toString()).contains("re-sent 0, too large to have been kept 1");
        assertThat(labels()).isEmpty();
    }

    @Test
    void listsAndShowsWithoutLettingTheTextSteerTheTerminal(@TempDir Path directory) throws Exception {
        letter("a\u001b[2J", DeadLetterReason.UNKNOWN_CLASS, 10);
        letter("b", DeadLetterReason.MISSING_LABEL, 10);
        Path value = directory.resolve("value");

        assertThat(run("list", "--reason", "UNKNOWN_CLASS")).isZero();
        assertThat(out.toString())
                .contains("0:0\t", "UNKNOWN_CLASS\tminibatch\t" + topics.labels() + "-2-7\t")
                .doesNotContain("\u001b", "MISSING_LABEL");
        assertThat(run("show", "0:1", "--value-to", value.toString())).isZero();
        assertThat(out.toString()).contains("key: b", "value: 10 bytes", DeadLetters.OFFSET + ": 7", "label: boot");
        assertThat(Files.size(value)).isEqualTo(10);
        assertThat(run("list", "--json")).isZero();
        assertThat(out.toString()).contains("\"reason\":\"MISSING_LABEL\"");
        assertThat(run("show", "0:99")).isEqualTo(1);
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--bootstrap", TestBroker.bootstrapServers(), "--topic-prefix", topics.prefix()));
        CommandLine line = new CommandLine(new DeadLettersCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(out, true));
        return line.execute(all.toArray(String[]::new));
    }

    private void letter(String image, DeadLetterReason reason, int bytes) throws Exception {
        letter(topics.labels(), image, reason, bytes);
    }

    private void letter(String topic, String image, DeadLetterReason reason, int bytes) throws Exception {
        RecordHeaders headers = new RecordHeaders();
        headers.add("label", utf8("boot"));
        ConsumerRecord<byte[], byte[]> input = new ConsumerRecord<>(
                topic,
                2,
                7,
                0,
                TimestampType.CREATE_TIME,
                0,
                0,
                utf8(image),
                new byte[bytes],
                headers,
                Optional.empty());
        try (var producer = TestBroker.producer()) {
            producer.send(DeadLetters.record(
                            topics.deadLetters(), input, new Refusal(reason, "label of " + image), "minibatch"))
                    .get();
        }
    }

    private List<String> labels() {
        List<String> keys = new ArrayList<>();
        try (DeadLetterReader reader =
                new DeadLetterReader(TestBroker.clientProperties(), topics.labels(), topics.prefix() + "test")) {
            reader.read(
                    java.util.Map.of(),
                    (entries, positions) -> entries.forEach(
                            entry -> keys.add(new String(entry.record().key(), StandardCharsets.UTF_8))));
        }
        return keys;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
