package io.acclimate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class HelpTest {
    private static String run(String... arguments) {
        StringWriter out = new StringWriter();
        CommandLine line = Main.line().setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
        Main.run(line, arguments, Map.of());
        return out.toString();
    }

    @Test
    void optionsAreInGroupsAndTheCommandsOwnComeFirst() {
        assertThat(run("adapt", "--help"))
                .containsSubsequence(
                        "Usage: acclimate adapt [OPTIONS]",
                        "\nOptions:\n",
                        "\nKafka:\n",
                        "--bootstrap=HOST:PORT",
                        "\nModel:\n",
                        "--model=FILE.onnx",
                        "\nTraining:\n",
                        "--replay-steps=NUMBER",
                        "\nGate: when a version may serve:\n",
                        "--gate-level=P");
    }

    @Test
    void everyCommandOfTheRootIsInAGroup() {
        assertThat(run("--help")).containsSubsequence("Run the service:", "serve", "Operate it:", "versions");
        assertThat(run("--help")).doesNotContain("More:");
    }

    @Test
    void noHelpShowsTheNameOfAField() {
        Set<String> unclear = new TreeSet<>();
        collect(Main.line(), unclear);

        assertThat(unclear).isEmpty();
    }

    private static void collect(CommandLine line, Set<String> unclear) {
        if (line.getUsageMessage().contains("=<")) {
            unclear.add(line.getCommandSpec().qualifiedName());
        }
        line.getSubcommands().values().forEach(each -> collect(each, unclear));
    }

    @Test
    void aWrongFlagCostsTwoLines() {
        assertThat(run("serve", "--bootstrp=x").lines())
                .containsExactly("Unknown option: '--bootstrp=x'", "Possible solutions: --bootstrap");
        assertThat(run("serve", "--workers=many").lines())
                .containsExactly(
                        "Invalid value for option '--workers': 'many' is not an int", "Try 'acclimate serve --help'.");
        assertThat(run("demo", "--rate=0").lines())
                .containsExactly("--rate must be at least 1, got 0", "Try 'acclimate demo --help'.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"domains retire --yes", "versions pin"})
    void aPositionalArgumentThatCannotBeReadIsOneFault(String command) {
        List<String> words = new ArrayList<>(List.of(command.split(" ")));
        words.add("a b");

        assertThat(run(words.toArray(String[]::new)).lines())
                .hasSize(2)
                .first(STRING)
                .contains("a b")
                .doesNotContain("Unmatched", "Missing");
    }

    @Test
    void aPositionalArgumentTooManyIsToldBesideOneThatCannotBeRead() {
        assertThat(run("versions", "pin", "x", "y")).contains("'x' is not a long", "'y'");
    }

    @Test
    void theCompletionScriptCompletesCommandsAndOptionsInBash(@TempDir Path folder) throws Exception {
        Path script = Files.writeString(folder.resolve("completion.sh"), run("completion"));
        Path asking = Files.writeString(folder.resolve("ask.sh"), """
                compopt() { :; }
                source "$1"
                COMP_WORDS=(acclimate vers); COMP_CWORD=1; _complete_acclimate; echo "${COMPREPLY[@]}"
                COMP_WORDS=(acclimate versions --js); COMP_CWORD=2; _complete_acclimate; echo "${COMPREPLY[@]}"
                """);

        Process bash = new ProcessBuilder("bash", asking.toString(), script.toString())
                .redirectErrorStream(true)
                .start();

        assertThat(new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines())
                .containsExactly("versions", "--json");
    }

    @Test
    void theVersionNamesCommitAndLibraries() {
        assertThat(run("--version"))
                .containsPattern("acclimate \\d+\\.\\d+")
                .containsPattern("commit \\S+ of \\S+")
                .containsPattern("Kafka \\d+\\.")
                .containsPattern("ONNX Runtime \\d+\\.");
    }

    @Test
    void aBuildWithoutARepositorySaysThatTheCommitIsUnknown() {
        Properties build = new Properties();
        build.setProperty("version", "1.0");
        build.setProperty("commit", "${git.commit.id.abbrev}");

        List<String> lines = VersionText.lines(build);

        assertThat(lines).contains("acclimate 1.0", "commit unknown of unknown");
    }
}
