package io.acclimate.web;

import java.util.Optional;

/**
 * The address of the pages, and who may write.
 *
 * @param host the address to bind; the loopback address unless other machines may read
 * @param port 0 for any free port
 * @param token the token that writes need; without a token all writes are refused
 * @param tls certificate and key, with which the server answers HTTPS only
 */
public record WebSettings(String host, int port, Optional<String> token, Optional<Tls> tls) {
    public static final String DEFAULT_HOST = "127.0.0.1";
    public static final int DEFAULT_PORT = 8080;
    private static final int SHORTEST_TOKEN = 8;

    public WebSettings {
        if (host.isBlank()) {
            throw new IllegalArgumentException("the host to bind must not be blank; 0.0.0.0 binds all addresses");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("a port is 0 (any free) to 65535, got " + port);
        }
        if (token.isPresent() && token.get().length() < SHORTEST_TOKEN) {
            throw new IllegalArgumentException("a token has at least " + SHORTEST_TOKEN + " characters, got "
                    + token.get().length());
        }
    }

    public WebSettings(String host, int port, Optional<String> token) {
        this(host, port, token, Optional.empty());
    }

    public static WebSettings defaults() {
        return new WebSettings(DEFAULT_HOST, DEFAULT_PORT, Optional.empty());
    }

    /** Does not contain the token. */
    @Override
    public String toString() {
        return "WebSettings[host=" + host + ", port=" + port + ", token=" + (token.isPresent() ? "set" : "none")
                + ", tls=" + (tls.isPresent() ? "set" : "none") + "]";
    }
}
