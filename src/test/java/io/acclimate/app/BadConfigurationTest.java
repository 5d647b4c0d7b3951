package io.acclimate.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class BadConfigurationTest {
    private static final String PASSWORD = "pa55-w0rd!";
    private static final String JAAS =
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"me\" password=\"" + PASSWORD
                    + "\";";

    @TempDir
    Path folder;

    private final StringWriter output = new StringWriter();

    private int run(Map<String, String> environment, String... arguments) {
        CommandLine line = Main.line().setErr(new PrintWriter(output)).setOut(new PrintWriter(output));
        return Main.run(line, arguments, environment);
    }

    @Test
    void fault25TheStartFailsListingEveryBadKey() throws Exception {
        Path file = Files.writeString(
                folder.resolve("bad.yaml"), "http-prt: 1\nworkers: many\nimage-partitions: 1.5\nnonsense: 2\n");

        int exit = run(
                Map.of("ACCLIMATE_DELIVRY", "EXACTLY_ONCE", "ACCLIMATE_FORMAT", "XML"),
                "serve",
                "--config=" + file,
                "--max-poll-records=x");

        assertThat(exit).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(output.toString())
                .contains(
                        "http-prt",
                        "--http-port",
                        "--workers",
                        "many",
                        "--image-partitions",
                        "1.5",
                        "nonsense",
                        "delivry",
                        "--format",
                        "XML",
                        "--max-poll-records");
    }

    @Test
    void everyValueThatBreaksARuleIsNamedWithItsOption() throws Exception {
        Path file = Files.writeString(folder.resolve("rules.yaml"), "class-share: 5\n");

        int exit = run(
                Map.of("ACCLIMATE_AVERAGE_DECAY", "2", "ACCLIMATE_SEED", "3"),
                "up",
                "--config=" + file,
                "--lr=-1",
                "--clip",
                "-3",
                "--max-poll-records=0",
                "--replay-steps=2");

        assertThat(exit).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(output.toString().lines())
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line).contains("--lr: learning rate must be from 0.0", "got -1.0"),
                        line -> assertThat(line).contains("--clip: ", "got -3.0"),
                        line -> assertThat(line).contains("--max-poll-records: ", "got 0"),
                        line -> assertThat(line)
                                .contains("--average-decay: ", "got 2.0", "from ACCLIMATE_AVERAGE_DECAY"),
                        line -> assertThat(line).contains("--class-share: ", "got 5.0", "from " + file),
                        line -> assertThat(line).isEqualTo("Try 'acclimate up --help'."));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "replay --rate=-1",
                "pretrain --data bundled --out a.onnx --epochs=-2",
                "fine-tune --data bundled --out a.onnx --model a.onnx --batch-size=-2",
                "serve --max-poll-records=-2",
                "minibatch --join-wait-seconds=-1",
                "minibatch --join-retention-hours=9223372036854775807",
                "adapt --freshness=-1s",
                "adapt --memory=1200"
            })
    void aValueThatBreaksARuleIsAUsageErrorOfEveryCommand(String command) {
        assertThat(run(Map.of(), command.split(" "))).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(output.toString()).contains(command.replaceFirst(".* (--[a-z-]+)=.*", "$1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "versions",
                "versions list",
                "tail events",
                "pause",
                "rebuild",
                "export a.onnx",
                "report a.html",
                "replay",
                "label import a.csv"
            })
    void everyCommandRefusesWhatIsNoDomainAndSaysTheRule(String command) {
        List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
        arguments.add("--domain=a b");

        assertThat(run(Map.of(), arguments.toArray(String[]::new))).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(output.toString()).contains("--domain", "starts with a letter or digit, got 'a b'");
    }

    @Test
    void anOptionBeforeItsSubcommandIsRefusedAndNotIgnored() {
        int exit = run(Map.of(), "versions", "--domain=camera-1", "pin", "17");

        assertThat(exit).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(output.toString()).contains("Options of 'pin' follow it", "'--domain' stands before it");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dead-letters --bootstrap localhost:1 list",
                "dead-letters --bootstrap=localhost:1 list",
                "label --bootstrap=localhost:1 import a.csv"
            })
    void anOptionThatAGroupOfCommandsDoesNotKnowIsSaidToBelongToTheCommand(String line) {
        assertThat(run(Map.of(), line.split(" "))).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(output.toString())
                .containsPattern("Options of '(list|import)' follow it: '--bootstrap' stands before it")
                .doesNotContain("Did you mean");
    }

    @Test
    void fault25SecretsAreInNoMessage() throws Exception {
        Path file = Files.writeString(
                folder.resolve("secret.yaml"),
                "kafak:\n  sasl.jaas.config: '" + JAAS + "'\nkafka:\n  ssl.key.password: " + PASSWORD + "\ntokn: 1\n");

        assertThat(run(Map.of("ACCLIMATE_TOKEN", PASSWORD), "serve", "--config=" + file, "--token=" + PASSWORD))
                .isEqualTo(CommandLine.ExitCode.USAGE);
        // What Kafka's client says of a value that it cannot read holds the value.
        assertThat(run(
                        Map.of(),
                        "versions",
                        "--bootstrap=127.0.0.1:1",
                        "-K",
                        "ssl.truststore.password=" + PASSWORD,
                        "-K",
                        "request.timeout.ms=" + PASSWORD))
                .isEqualTo(CommandLine.ExitCode.SOFTWARE);

        assertThat(output.toString())
                .contains("kafak", "sasl.jaas.config", "tokn", "[hidden]", "request.timeout.ms")
                .doesNotContain(PASSWORD);
    }
}
