package io.acclimate.web;

import java.util.Optional;

/**
 * Where the pages are served.
 *
 * @param host the address to bind; the loopback unless others shall read
 * @param port 0 picks a free one
 * @param token what writes must carry; without one they are refused
 * @param tls with it only HTTPS is answered
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

    /** Never says the token. */
    @Override
    public String toString() {
        return "WebSettings[host=" + host + ", port=" + port + ", token=" + (token.isPresent() ? "set" : "none")
                + ", tls=" + (tls.isPresent() ? "set" : "none") + "]";
    }
}
