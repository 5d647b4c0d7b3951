package io.acclimate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

class ConfiguredArgumentsTest {
    @Command(
            name = "root",
            subcommands = {Service.class, Other.class, Letters.class})
    static class Root {}

    @Command(name = "service")
    static class Service {
        @Option(names = "--http-port")
        int httpPort;

        @Option(names = "--kafka")
        Map<String, String> kafka = Map.of();

        @Option(names = "--config")
        String config = "";
    }

    @Command(
            name = "letters",
            subcommands = {Listing.class})
    static class Letters {}

    @Command(name = "list")
    static class Listing {
        @Option(names = "--bootstrap")
        String bootstrap = "";
    }

    @Command(name = "other")
    static class Other {
        @Option(names = "--elsewhere")
        int elsewhere;
    }

    @TempDir
    Path folder;

    private final CommandLine root = new CommandLine(new Root());

    private Service parse(Map<String, String> environment, String... arguments) {
        CommandLine.ParseResult result = root.parseArgs(ConfiguredArguments.expand(root, arguments, environment));
        return (Service) result.subcommand().commandSpec().userObject();
    }

    @Test
    void flagBeatsEnvironmentBeatsFile() throws IOException {
        Path file = Files.writeString(folder.resolve("a.yaml"), "http-port: 1\n");
        Map<String, String> environment = Map.of("ACCLIMATE_HTTP_PORT", "2");

        assertThat(parse(Map.of(), "service", "--config", file.toString()).httpPort)
                .isEqualTo(1);
        assertThat(parse(environment, "service", "--config", file.toString()).httpPort)
                .isEqualTo(2);
        assertThat(parse(environment, "service", "--config", file.toString(), "--http-port=3").httpPort)
                .isEqualTo(3);
    }

    @Test
    void everyUnknownKeyIsNamedWithTheClosestOne() throws IOException {
        Path file = Files.writeString(folder.resolve("b.yaml"), "http-prt: 1\nnonsense: 2\n");

        assertThatThrownBy(() -> parse(Map.of(), "service", "--config=" + file))
                .isInstanceOfSatisfying(UnmatchedArgumentException.class, e -> {
                    assertThat(e.getUnmatched()).containsExactly("--http-prt=1", "--nonsense=2");
                    assertThat(e.getSuggestions()).contains("--http-port");
                });
    }

    @Test
    void kafkaSectionPassesThrough() throws IOException {
        Path file = Files.writeString(folder.resolve("c.yaml"), "kafka:\n  security.protocol: SSL\n");

        assertThat(parse(Map.of(), "service", "--config=" + file).kafka).containsEntry("security.protocol", "SSL");
    }

    @Test
    void commandOfACommandIsConfiguredToo() {
        String[] arguments = ConfiguredArguments.expand(
                root, new String[] {"letters", "list"}, Map.of("ACCLIMATE_BOOTSTRAP", "kafka:1"));

        assertThat(arguments).containsExactly("letters", "list", "--bootstrap=kafka:1");
    }

    @Test
    void environmentOfAnotherCommandIsLeftAlone() {
        assertThat(parse(Map.of("ACCLIMATE_ELSEWHERE", "1"), "service").httpPort)
                .isZero();
        assertThatThrownBy(() -> parse(Map.of("ACCLIMATE_NOWHERE", "1"), "service"))
                .isInstanceOf(UnmatchedArgumentException.class);
    }

    @Test
    void unreadableFileIsNamed() {
        assertThatThrownBy(() -> parse(Map.of(), "service", "--config=missing.yaml"))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("missing.yaml");
    }
}
