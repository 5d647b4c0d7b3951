package io.acclimate.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.acclimate.app.Main;
import io.acclimate.app.memory.MemoryLimits;
import io.acclimate.app.options.ModelOptions;
import io.acclimate.broker.FreePort;
import io.acclimate.broker.TestBroker;
import io.acclimate.wire.Topics;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** {@code doctor}, as an operator types it. */
class DoctorIT {
    /** How the command ended, and what it wrote. */
    private record Said(int code, String out) {}

    @Test
    void looksAtARealClusterBeforeAndAfterItsTopicsAreCreated() throws Exception {
        Topics topics = TestBroker.uniqueTopics();

        Said before = doctor(TestBroker.bootstrapServers(), "--topic-prefix=" + topics.prefix(), "--json");
        TestBroker.createTopics(topics);
        Said after = doctor(TestBroker.bootstrapServers(), "--topic-prefix=" + topics.prefix(), "--json");

        assertThat(before.code()).isZero();
        assertThat(text(before, "topics")).contains("missing: " + topics.images());
        assertThat(after.code()).isZero();
        assertThat(text(after, "topics")).contains("11 topics exist");
        assertThat(text(after, "rights")).contains("may read and write all topics");
        assertThat(text(after, "kafka")).containsPattern("1 broker of Kafka 4\\.\\d+ or newer");
        assertThat(text(after, "memory")).contains("serve with ", "adapt --trainable all needs some ", " MiB of heap");
        assertThat(text(after, "threads")).contains("workers");
        assertThat(text(after, "training")).contains("tensors can be trained");
        assertThat(text(after, "model")).contains("10 classes");
    }

    @Test
    void aMissingRightIsNamed() throws Exception {
        Topics topics = TestBroker.uniqueTopics();
        TestBroker.createTopics(topics);
        try (Admin admin = Admin.create(TestBroker.clientProperties())) {
            TestBroker.denyWrite(admin, topics.images());
        }

        Said said = doctor(TestBroker.bootstrapServers(), "--topic-prefix=" + topics.prefix());

        assertThat(said.out()).contains("WARN  rights    this user lacks WRITE on topic " + topics.images());
    }

    @Test
    void memoryThatDoesNotSufficeIsNamedWithTheWayOut() throws Exception {
        List<Finding> findings = ModelFindings.memory(ModelOptions.bundled(), new MemoryLimits(64 << 20, 128 << 20));

        assertThat(findings)
                .extracting(Finding::level)
                .containsOnly(Finding.Level.WARN)
                .hasSize(3);
        assertThat(findings.get(1).text()).contains("minibatch needs some ", "give it ");
        assertThat(findings.get(2).text()).contains("adapt --trainable all needs some ", "start it with -Xmx");
    }

    @Test
    void aBrokerThatIsAwayFailsWithTheReason() throws Exception {
        String address = "127.0.0.1:" + FreePort.take();

        Said said = doctor(address);

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out()).contains("FAIL  kafka     nothing listens at " + address, "1 failed");
    }

    private static Said doctor(String bootstrap, String... more) {
        StringWriter out = new StringWriter();
        CommandLine line = Main.line().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(out, true));
        String[] arguments = Stream.concat(Stream.of("doctor", "--bootstrap=" + bootstrap), Stream.of(more))
                .toArray(String[]::new);
        return new Said(Main.run(line, arguments, Map.of()), out.toString());
    }

    private static String text(Said said, String subject) throws Exception {
        JsonNode findings = new ObjectMapper().readTree(said.out()).path("findings");
        return Stream.iterate(0, i -> i < findings.size(), i -> i + 1)
                .map(findings::get)
                .filter(each -> each.path("subject").asText().equals(subject))
                .map(each -> each.path("text").asText())
                .collect(Collectors.joining("; "));
    }
}
