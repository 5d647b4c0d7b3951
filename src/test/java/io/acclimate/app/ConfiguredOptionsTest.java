package io.acclimate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.app.options.KafkaOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

class ConfiguredOptionsTest {
    @Command(
            name = "root",
            subcommands = {Service.class, Other.class, Letters.class})
    static class Root {}

    @Command(name = "service")
    static class Service {
        @Option(names = "--http-port")
        int httpPort;

        @Mixin
        KafkaOptions kafka = new KafkaOptions();

        @Option(names = "--flag")
        boolean flag;

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

    private ConfiguredOptions configured(Map<String, String> environment, String... arguments) {
        return ConfiguredOptions.read(root, root.parseArgs(arguments), environment);
    }

    private Service parse(Map<String, String> environment, String... arguments) {
        configured(environment, arguments).applyTo(root);
        return (Service) root.parseArgs(arguments).subcommand().commandSpec().userObject();
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

        ConfiguredOptions configured = configured(Map.of(), "service", "--config=" + file);
        List<ParameterException> faults =
                new BadArguments(new CommandLine(new Root())).in(List.of("service"), configured);

        StringWriter printed = new StringWriter();
        BadArguments.print(faults, Secrets.of(List.of(), Map.of()), new PrintWriter(printed));
        assertThat(printed.toString()).contains("'http-prt' in " + file, "'nonsense' in " + file, "--http-port");
    }

    @Test
    void kafkaSectionPassesThrough() throws IOException {
        Path file = Files.writeString(folder.resolve("c.yaml"), "kafka:\n  security.protocol: SSL\n");

        Service service = parse(Map.of(), "service", "--config=" + file);

        assertThat(service.kafka.clientProperties()).containsEntry("security.protocol", "SSL");
    }

    @Test
    void kafkaFlagBeatsOneKeyOfTheSectionAndLeavesTheOthers() throws IOException {
        Path file = Files.writeString(folder.resolve("d.yaml"), "kafka:\n  security.protocol: SSL\n  client.rack: a\n");

        Service service = parse(Map.of(), "service", "--config=" + file, "-K", "client.rack=b");

        assertThat(service.kafka.clientProperties())
                .containsEntry("security.protocol", "SSL")
                .containsEntry("client.rack", "b");
    }

    @Test
    void commandOfACommandIsConfiguredToo() {
        configured(Map.of("ACCLIMATE_BOOTSTRAP", "kafka:1"), "letters", "list").applyTo(root);

        Listing listing = (Listing) root.parseArgs("letters", "list")
                .subcommand()
                .subcommand()
                .commandSpec()
                .userObject();
        assertThat(listing.bootstrap).isEqualTo("kafka:1");
    }

    @Test
    void environmentOfAnotherCommandIsLeftAlone() {
        assertThat(parse(Map.of("ACCLIMATE_ELSEWHERE", "1"), "service").httpPort)
                .isZero();
        assertThat(configured(Map.of("ACCLIMATE_NOWHERE", "1"), "service").unknown())
                .extracting(ConfiguredOptions.Value::source)
                .containsExactly("ACCLIMATE_NOWHERE");
        assertThat(configured(Map.of("ACCLIMATE_ELSEWHERE", "1"), "service").unknown())
                .isEmpty();
    }

    @Test
    void flagSwitchesOnWhatTheEnvironmentSwitchesOnToo() {
        assertThat(parse(Map.of("ACCLIMATE_FLAG", "true"), "service").flag).isTrue();
        assertThat(parse(Map.of("ACCLIMATE_FLAG", "true"), "service", "--flag").flag)
                .isTrue();
    }

    @Test
    void badValueThatAFlagReplacesIsNoFault() {
        ConfiguredOptions configured = configured(Map.of("ACCLIMATE_HTTP_PORT", "many"), "service", "--http-port", "3");

        assertThat(new BadArguments(new CommandLine(new Root())).in(List.of("service", "--http-port", "3"), configured))
                .isEmpty();
    }

    @Test
    void unreadableFileIsNamed() {
        assertThatThrownBy(() -> parse(Map.of(), "service", "--config=missing.yaml"))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("missing.yaml");
    }
}
