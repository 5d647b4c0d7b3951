package io.acclimate.web;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The address of the pages, and who may write.
 *
 * @param host the address to bind; the loopback address unless other machines may read
 * @param port 0 for any free port
 * @param token the token that writes need; without a token all writes are refused
 * @param tls certificate and key, with which the server answers HTTPS only
 * @param allowedHosts names that requests may call this server, besides addresses, {@code localhost} and {@code host}; {@code *} for all
 */
public record WebSettings(String host, int port, Optional<String> token, Optional<Tls> tls, List<String> allowedHosts) {
    public static final String DEFAULT_HOST = "127.0.0.1";
    public static final int DEFAULT_PORT = 8080;
    private static final int SHORTEST_TOKEN = 8;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_.-]{0,253})");

    public WebSettings {
        allowedHosts = List.copyOf(allowedHosts);
        for (String name : allowedHosts) {
            if (!name.equals("*") && !NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "an allowed host is a name without scheme and port, or * for all, got '" + name + "'");
            }
        }
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
        this(host, port, token, Optional.empty(), List.of());
    }

    public static WebSettings defaults() {
        return new WebSettings(DEFAULT_HOST, DEFAULT_PORT, Optional.empty());
    }

    /** Does not contain the token. */
    @Override
    public String toString() {
        return "WebSettings[host=" + host + ", port=" + port + ", token=" + (token.isPresent() ? "set" : "none")
                + ", tls=" + (tls.isPresent() ? "set" : "none") + ", allowedHosts=" + allowedHosts + "]";
    }
}
