package io.acclimate.app.role;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.app.Main;
import io.acclimate.app.options.ModelOptions;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class StartLineTest {
    private static CommandLine parsed(String... arguments) {
        CommandLine root = Main.line();
        root.parseArgs(arguments);
        return Objects.requireNonNull(root.getSubcommands().get(arguments[0]));
    }

    @Test
    void itNamesWhatWasSetAndNoSecret() throws Exception {
        CommandLine serve = parsed(
                "serve",
                "--workers=3",
                "--instance=a",
                "-K",
                "sasl.jaas.config=hidden-password",
                "--schema-registry=http://me:hidden-password@registry");

        String line = new StartLine()
                .fact("Kafka", "localhost:9092")
                .topics(List.of("images"), List.of("predictions", "dead-letters"))
                .group("a.", "acclimate-serve")
                .model(new ModelOptions(), ModelOptions.bundled())
                .text(serve.getCommandSpec());

        assertThat(line)
                .startsWith(
                        "serve: Kafka localhost:9092; topics images -> predictions, dead-letters; group a.acclimate-serve")
                .containsPattern("model fashion[^ ]* \\(bundled, sha-256 [0-9a-f]{12}\\); card bundled")
                .contains("--workers 3", "--kafka", "the others as by default")
                .doesNotContain("hidden-password", "--delivery", "\n");
    }

    @Test
    void withoutArgumentsAllIsAsByDefault() {
        CommandLine web = parsed("web");

        assertThat(new StartLine().fact("Kafka", "k").text(web.getCommandSpec()))
                .isEqualTo("web: Kafka k; settings: all as by default");
    }

    @Test
    void whatTheLogSaidOfGuessesIsNotPrintedAgain() {
        assertThat(Pipeline.withoutGuesses(List.of(
                        "serve: guessed, set it in the card: colour: RGB", "adapt: serving without adaptation")))
                .containsExactly("adapt: serving without adaptation");
    }
}
