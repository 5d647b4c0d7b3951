package io.acclimate.app.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.app.CliSchema;
import io.acclimate.app.verbs.VerbsFixture.Said;
import io.acclimate.broker.TestBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each command of an operator prints JSON of the shape that its schema documents. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
class JsonVerbsIT {
    private final VerbsFixture service = new VerbsFixture();

    @BeforeAll
    void adaptOnce(@TempDir Path state) throws Exception {
        service.adapt(state);
        try (var producer = TestBroker.producer()) {
            producer.send(new ProducerRecord<>(service.topics.images(), utf8("broken"), utf8("no image")))
                    .get();
        }
    }

    @AfterAll
    void stop() {
        service.close();
    }

    @Test
    void whatIsListedAndShown() {
        assertThat(service.run("tail", "dead-letters", "--from-beginning", "-n", "1")
                        .code())
                .isZero();
        check("versions", "versions");
        check("versions", "versions", "list");
        assertThat(check("dead-letter", "dead-letters", "list")).contains("\"stage\":\"serve\"");
        String id = service.run("dead-letters", "list").out().split("\t", 2)[0];
        assertThat(check("dead-letters-show", "dead-letters", "show", id)).contains("\"broken\"");
        checkLines("prediction", service.run("tail", "predictions", "--from-beginning", "--exit", "--json"));
        checkLines("event", service.run("tail", "events", "--from-beginning", "--exit", "--json"));
        checkLines("dead-letter", service.run("tail", "dead-letters", "--from-beginning", "--exit", "--json"));
        check("doctor", "doctor");
    }

    @Test
    void whatChangesTheService(@TempDir Path folder) throws Exception {
        service.given(2);
        for (List<String> command : List.of(
                List.of("activate", "1"),
                List.of("rollback"),
                List.of("pause"),
                List.of("versions", "pin", "1"),
                List.of("versions", "unpin", "1"),
                List.of("versions", "note", "1", "before the new lens"))) {
            assertThat(check("command", command.toArray(String[]::new)))
                    .as(command.toString())
                    .contains("\"answered\" : true");
        }
        check("export", "export", folder.resolve("one.onnx").toString());
        check("export", "export", "--mlflow", folder.resolve("mlflow").toString());
        Path report = folder.resolve("report.html");
        check("report", "report", report.toString());
        assertThat(report).content().contains("Domain default", "Loss by term", "</html>");
        check("rebuild", "rebuild");
        check("replay", "replay", "--limit", "3", "--rate", "0", "--label-fraction", "0");
        check("dead-letters-resend", "dead-letters", "resend", "--all");
        assertThat(check("domains", "domains")).contains("\"retiredAt\" : null");
        assertThat(check("command", "domains", "retire", "default", "--yes")).contains("\"applied\" : true");
        assertThat(check("domains", "domains", "list")).doesNotContain("\"retiredAt\" : null");
    }

    @Test
    void aWorkerThatDoesNotAnswer() {
        var idle = TestBroker.uniqueTopics();
        TestBroker.createTopics(idle);

        Said said = VerbsFixture.run(idle, "resume", "--wait", "1", "--json");

        assertThat(said.code()).isEqualTo(1);
        assertThat(CliSchema.violations("command", said.out())).isEmpty();
        assertThat(said.out()).contains("\"answered\" : false");
    }

    /** Runs the command and returns what it printed. */
    private String check(String schema, String... command) {
        String[] arguments =
                Stream.concat(Arrays.stream(command), Stream.of("--json")).toArray(String[]::new);
        Said said = service.run(arguments);
        assertThat(CliSchema.violations(schema, said.out()))
                .as(List.of(command) + said.toString())
                .isEmpty();
        return said.out();
    }

    private static void checkLines(String schema, Said said) {
        List<String> lines = said.out().lines().toList();
        assertThat(lines).isNotEmpty();
        for (String line : lines) {
            assertThat(CliSchema.violations(schema, line)).as(line).isEmpty();
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
