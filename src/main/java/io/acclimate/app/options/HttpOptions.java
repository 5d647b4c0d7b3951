package io.acclimate.app.options;

import io.acclimate.web.Tls;
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

    @Option(
            names = "--tls-cert",
            paramLabel = "FILE",
            description = "PEM file of the server's certificate chain: then only HTTPS is answered. Needs --tls-key.")
    Optional<Path> tlsCertificate = Optional.empty();

    @Option(
            names = "--tls-key",
            paramLabel = "FILE",
            description = "PEM file of its private key (PKCS #8, unencrypted).")
    Optional<Path> tlsKey = Optional.empty();

    @Option(
            names = "--tls-keystore",
            paramLabel = "FILE",
            description =
                    "PKCS #12 or JKS file instead. Its password is in --tls-password-file or ACCLIMATE_TLS_PASSWORD.")
    Optional<Path> tlsKeyStore = Optional.empty();

    @Option(names = "--tls-password-file", paramLabel = "FILE", description = "File with the key store's password.")
    Optional<Path> tlsPasswordFile = Optional.empty();

    public static final String TOKEN_VARIABLE = "ACCLIMATE_TOKEN";
    public static final String TLS_PASSWORD_VARIABLE = "ACCLIMATE_TLS_PASSWORD";

    Optional<String> token(Map<String, String> environment) throws IOException {
        if (tokenFile.isPresent()) {
            return Optional.of(Files.readString(tokenFile.get()).strip());
        }
        return Optional.ofNullable(environment.get(TOKEN_VARIABLE));
    }

    public WebSettings settings(int onPort, Map<String, String> environment) throws IOException {
        return new WebSettings(host, onPort, token(environment), tls(environment));
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
