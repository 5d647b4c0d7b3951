package io.acclimate.app.options;

import io.acclimate.web.WebSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where a process answers HTTP, and what it takes to be allowed to write. */
public final class HttpOptions {
    @Option(
            names = "--http-port",
            description = "Port of metrics, health, API and page (default: ${DEFAULT-VALUE}; 0 = no HTTP).",
            defaultValue = "8080")
    public int port = 8080;

    @Option(
            names = "--http-host",
            description = "Address to listen on (default: ${DEFAULT-VALUE}: this machine only).",
            defaultValue = "127.0.0.1")
    public String host = "127.0.0.1";

    @Option(
            names = "--token-file",
            description =
                    "File with the token that API writes need; or set ACCLIMATE_TOKEN. Without one, writes are refused.")
    Optional<Path> tokenFile = Optional.empty();

    public static final String TOKEN_VARIABLE = "ACCLIMATE_TOKEN";

    Optional<String> token(Map<String, String> environment) throws IOException {
        if (tokenFile.isPresent()) {
            return Optional.of(Files.readString(tokenFile.get()).strip());
        }
        return Optional.ofNullable(environment.get(TOKEN_VARIABLE));
    }

    public WebSettings settings(int onPort, Map<String, String> environment) throws IOException {
        return new WebSettings(host, onPort, token(environment));
    }
}
