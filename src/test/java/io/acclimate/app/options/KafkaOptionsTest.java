package io.acclimate.app.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class KafkaOptionsTest {
    @Command(name = "any")
    static class Any {
        @Mixin
        KafkaOptions kafka = new KafkaOptions();
    }

    @TempDir
    Path folder;

    private static KafkaOptions parsed(String... arguments) {
        Any any = new Any();
        new CommandLine(any).parseArgs(arguments);
        return any.kafka;
    }

    @Test
    void flagBeatsConfigurationBeatsFileAndBootstrapBeatsAll() throws Exception {
        Path file = Files.writeString(
                folder.resolve("client.properties"),
                "bootstrap.servers=file:1\nclient.rack=file\nclient.dns.lookup=file\nsend.buffer.bytes=1\n");
        KafkaOptions options = parsed("--command-config", file.toString(), "--bootstrap=b:2", "-K", "client.rack=flag");

        options.configure(Map.of("client.rack", "configured", "client.dns.lookup", "configured"));

        assertThat(options.clientProperties())
                .containsOnly(
                        Map.entry("bootstrap.servers", "b:2"),
                        Map.entry("client.rack", "flag"),
                        Map.entry("client.dns.lookup", "configured"),
                        Map.entry("send.buffer.bytes", "1"));
    }

    @Test
    void withoutAFlagKafkaIsOnThisMachineAndTopicsHaveNoPrefix() throws Exception {
        assertThat(parsed().clientProperties()).containsExactly(Map.entry("bootstrap.servers", "localhost:9092"));
        assertThat(parsed().topics().images()).isEqualTo("images");
        assertThat(parsed("--topic-prefix=eu.").topics().images()).isEqualTo("eu.images");
    }

    @Test
    void propertyMayHoldEqualsSigns() throws Exception {
        assertThat(parsed("-K", "sasl.jaas.config=x required a=\"b\";").clientProperties())
                .containsEntry("sasl.jaas.config", "x required a=\"b\";");
    }
}
