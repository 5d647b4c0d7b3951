package io.acclimate.app.options;

import io.acclimate.web.Tls;
import io.acclimate.web.WebSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where a process answers HTTP, and what a request needs to be allowed to write. */
@Heading("HTTP: metrics, health, page and API")
public final class HttpOptions {
    @Option(
            names = "--http-port",
            paramLabel = "PORT|none",
            converter = HttpPort.Text.class,
            description =
                    "The port of metrics, health, API and page; 0 takes a free one, none answers no HTTP. When it is busy,"
                            + " demo and up take a free one, too (default: ${DEFAULT-VALUE}).")
    public HttpPort port = HttpPort.DEFAULT;

    @Option(
            names = "--http-host",
            description =
                    "The address to listen on. 127.0.0.1 is reached from this machine only, 0.0.0.0 is every address"
                            + " (default: ${DEFAULT-VALUE}).")
    public String host = WebSettings.DEFAULT_HOST;

    @Option(
            names = "--http-allowed-host",
            paramLabel = "NAME",
            split = ",",
            description =
                    "Host names that requests may ask for, besides addresses, localhost and --http-host; * is every name"
                            + " (default: none when listening on this machine only, otherwise every name).")
    List<String> allowedHosts = List.of();

    @Option(
            names = "--token-file",
            description =
                    "A file with the token that writes to the API need; or set ACCLIMATE_TOKEN. Without a token every write is refused.")
    Optional<Path> tokenFile = Optional.empty();

    @Option(
            names = "--tls-cert",
            paramLabel = "FILE",
            description =
                    "A PEM file with the server's certificate chain. With it only HTTPS is answered. Needs --tls-key.")
    Optional<Path> tlsCertificate = Optional.empty();

    @Option(
            names = "--tls-key",
            paramLabel = "FILE",
            description = "A PEM file with the certificate's private key (PKCS #8, unencrypted).")
    Optional<Path> tlsKey = Optional.empty();

    @Option(
            names = "--tls-keystore",
            paramLabel = "FILE",
            description =
                    "A PKCS #12 or JKS file instead of --tls-cert and --tls-key. Its password comes from --tls-password-file or"
                            + " ACCLIMATE_TLS_PASSWORD.")
    Optional<Path> tlsKeyStore = Optional.empty();

    @Option(
            names = "--tls-password-file",
            paramLabel = "FILE",
            description = "A file with the password of the key store.")
    Optional<Path> tlsPasswordFile = Optional.empty();

    public static final String TOKEN_VARIABLE = "ACCLIMATE_TOKEN";
    public static final String TLS_PASSWORD_VARIABLE = "ACCLIMATE_TLS_PASSWORD";

    Optional<String> token(Map<String, String> environment) throws IOException {
        if (tokenFile.isPresent()) {
            return Optional.of(Files.readString(tokenFile.get()).strip());
        }
        return Optional.ofNullable(environment.get(TOKEN_VARIABLE));
    }

    /** Throws what {@link #settings} would. */
    public void check(Map<String, String> environment) throws IOException {
        var unused = settings(0, environment);
    }

    public WebSettings settings(int onPort, Map<String, String> environment) throws IOException {
        return new WebSettings(host, onPort, token(environment), tls(environment), allowedHosts);
    }

    private Optional<Tls> tls(Map<String, String> environment) throws IOException {
        if (tlsCertificate.isPresent() != tlsKey.isPresent()
                || (tlsCertificate.isPresent() && tlsKeyStore.isPresent())) {
            throw new IllegalArgumentException("TLS needs --tls-cert with --tls-key, or --tls-keystore alone");
        }
        if (tlsCertificate.isPresent()) {
            return Optional.of(Tls.ofPem(tlsCertificate.get(), tlsKey.orElseThrow()));
        }
        if (tlsKeyStore.isEmpty()) {
            return Optional.empty();
        }
        String password = tlsPasswordFile.isPresent()
                ? Files.readString(tlsPasswordFile.get()).strip()
                : environment.getOrDefault(TLS_PASSWORD_VARIABLE, "");
        return Optional.of(Tls.ofKeyStore(tlsKeyStore.get(), password));
    }
}
