package io.acclimate.app.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.web.WebSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class HttpOptionsTest {
    @Command(name = "any")
    static class Any {
        @Mixin
        HttpOptions http = new HttpOptions();
    }

    @TempDir
    Path folder;

    private static HttpOptions parsed(String... arguments) {
        Any any = new Any();
        new CommandLine(any).parseArgs(arguments);
        return any.http;
    }

    @Test
    void withoutAFlagTheSettingsAreTheDefaults() throws Exception {
        HttpOptions options = parsed();

        assertThat(options.settings(options.port.number().getAsInt(), Map.of())).isEqualTo(WebSettings.defaults());
    }

    @Test
    void noHttpAndAnyFreePortAreTwoThings() {
        assertThat(parsed("--http-port=none").port).isEqualTo(HttpPort.NONE).hasToString("none");
        assertThat(parsed("--http-port=0").port).isEqualTo(HttpPort.of(0)).hasToString("0");
        for (String wrong : List.of("70000", "-1", "many", "")) {
            assertThatThrownBy(() -> parsed("--http-port=" + wrong))
                    .hasMessageContaining("'" + wrong + "' is no port from 1 to 65535");
        }
    }

    @Test
    void tokenFileBeatsTheEnvironment() throws Exception {
        Path file = Files.writeString(folder.resolve("token"), "from-the-file\n");
        Map<String, String> environment = Map.of(HttpOptions.TOKEN_VARIABLE, "from-the-environment");

        assertThat(parsed("--token-file", file.toString())
                        .settings(0, environment)
                        .token())
                .hasValue("from-the-file");
        assertThat(parsed().settings(0, environment).token()).hasValue("from-the-environment");
    }

    @Test
    void allowedHostsAreSeparatedByCommasOrGivenOneByOne() throws Exception {
        assertThat(parsed("--http-allowed-host", "web,acclimate.example", "--http-allowed-host=other")
                        .settings(0, Map.of())
                        .allowedHosts())
                .containsExactly("web", "acclimate.example", "other");
    }

    @Test
    void certificateWithoutItsKeyIsRefused() {
        assertThatThrownBy(() -> parsed("--tls-cert=a.pem").settings(0, Map.of()))
                .hasMessageContaining("--tls-cert with --tls-key");
    }

    @Test
    void certificateBesideAKeyStoreIsRefused() {
        assertThatThrownBy(() -> parsed("--tls-cert=a.pem", "--tls-key=b.pem", "--tls-keystore=c.p12")
                        .settings(0, Map.of()))
                .hasMessageContaining("--tls-keystore alone");
    }
}
