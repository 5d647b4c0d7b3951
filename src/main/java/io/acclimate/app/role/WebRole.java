package io.acclimate.app.role;

import io.acclimate.app.options.HttpOptions;
import io.acclimate.app.options.HttpPort;
import io.acclimate.telemetry.Health;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.web.LiveFeed;
import io.acclimate.web.PortBusyException;
import io.acclimate.web.VersionsApi;
import io.acclimate.web.WebServer;
import io.acclimate.web.WebSettings;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The HTTP server of a process, if it answers HTTP. */
public final class WebRole implements AutoCloseable {
    private final Optional<WebServer> server;

    private WebRole(Optional<WebServer> server) {
        this.server = server;
    }

    /** Answers metrics and health only. */
    public static WebRole of(HttpOptions http, Telemetry telemetry, Map<String, Supplier<Health>> checks)
            throws IOException {
        return open(http, http.port, telemetry, checks, Optional.empty(), new LiveFeed());
    }

    public static WebRole of(
            HttpOptions http,
            HttpPort port,
            Telemetry telemetry,
            Map<String, Supplier<Health>> checks,
            VersionsApi versions,
            LiveFeed feed)
            throws IOException {
        return open(http, port, telemetry, checks, Optional.of(versions), feed);
    }

    private static WebRole open(
            HttpOptions http,
            HttpPort port,
            Telemetry telemetry,
            Map<String, Supplier<Health>> checks,
            Optional<VersionsApi> versions,
            LiveFeed feed)
            throws IOException {
        if (port.number().isEmpty()) {
            return new WebRole(Optional.empty());
        }
        WebSettings settings = http.settings(port.number().getAsInt(), System.getenv());
        return new WebRole(Optional.of(new WebServer(settings, telemetry, checks, versions, feed)));
    }

    public void start() throws PortBusyException {
        if (server.isPresent()) {
            server.get().start();
        }
    }

    public Optional<String> url() {
        return server.map(running -> running.url().toString());
    }

    @Override
    public void close() {
        server.ifPresent(WebServer::close);
    }
}
