package io.acclimate.web;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.acclimate.telemetry.Health;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.util.JavalinBindException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server of the process. The package description lists its routes. It is constructed, started and closed once. */
public final class WebServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);

    private final WebSettings settings;
    private final HostRule hosts;
    private final Telemetry telemetry;
    private final Map<String, Supplier<Health>> checks;
    private final Optional<VersionsApi> versions;
    private final ObjectMapper json = new ObjectMapper();
    private final LiveFeed feed;
    private final LiveStreams streams;
    private final Javalin server;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * @param checks by role, as shown in {@code /health/ready} and the meter {@code acclimate.ready}
     * @param versions empty in processes that follow no versions
     */
    public WebServer(
            WebSettings settings,
            Telemetry telemetry,
            Map<String, Supplier<Health>> checks,
            Optional<VersionsApi> versions,
            LiveFeed feed) {
        this.settings = settings;
        this.hosts = new HostRule(settings.host(), settings.allowedHosts());
        this.telemetry = telemetry;
        this.checks = new TreeMap<>(checks);
        this.versions = versions;
        this.feed = feed;
        this.streams = new LiveStreams(feed, json);
        this.server = Javalin.create(this::configure);
    }

    private void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.startupWatcherEnabled = false;
        // Viewers keep their connections open, so there is nothing to wait for.
        config.jetty.modifyServer(jetty -> jetty.setStopTimeout(0));
        config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
        settings.tls().ifPresent(tls -> config.jetty.addConnector((jetty, http) -> secure(tls, jetty, http)));
        config.routes.before(this::checkHost);
        config.routes.get("/metrics", ctx -> ctx.contentType("text/plain; version=0.0.4; charset=utf-8")
                .result(telemetry.scrape()));
        config.routes.get(
                "/health/live", ctx -> ctx.contentType("application/json").result("{\"status\":\"live\"}"));
        config.routes.get("/health/ready", this::ready);
        versions.ifPresentOrElse(
                api -> new VersionRoutes(api, new WritePolicy(settings.token()), feed.boards()::mayHave, json)
                        .register(config.routes),
                () -> VersionRoutes.none(config.routes));
        new BoardRoutes(feed, versions, json).register(config.routes);
        config.routes.sse("/api/live", streams::accept);
        ServedFiles.register(config.routes);
        config.routes.after(ctx -> ctx.header("X-Content-Type-Options", "nosniff"));
        config.routes.exception(Exception.class, (e, ctx) -> {
            LOG.error("{} {} failed", ctx.method(), ctx.path(), e);
            ctx.status(500).contentType("application/json").result("{\"error\":\"this is a bug; the log has more\"}");
        });
    }

    private void checkHost(Context ctx) throws Exception {
        Optional<Problem> refusal = hosts.refuse(Optional.ofNullable(ctx.header("Host")));
        if (refusal.isPresent()) {
            ctx.status(refusal.get().status())
                    .contentType("application/json")
                    .result(json.writeValueAsString(
                            Map.of("error", refusal.get().error())));
            ctx.skipRemainingHandlers();
        }
    }

    private Connector secure(Tls tls, Server jetty, HttpConfiguration http) {
        SslContextFactory.Server context = new SslContextFactory.Server();
        context.setKeyStore(tls.keys());
        context.setKeyStorePassword(tls.password());
        HttpConfiguration secure = new HttpConfiguration(http);
        // Otherwise Jetty answers 400 to a client that connects by address, because certificates of local names contain
        // none.
        secure.addCustomizer(new SecureRequestCustomizer(false));
        ServerConnector connector = new ServerConnector(
                jetty,
                new SslConnectionFactory(context, HttpVersion.HTTP_1_1.asString()),
                new HttpConnectionFactory(secure));
        connector.setHost(settings.host());
        connector.setPort(settings.port());
        return connector;
    }

    private void ready(Context ctx) throws Exception {
        Map<String, String> waiting = new LinkedHashMap<>();
        Map<String, List<String>> remarks = new LinkedHashMap<>();
        checks.forEach((role, check) -> {
            Health health = ask(role, check);
            if (health instanceof Health.NotReady notReady) {
                waiting.put(role, notReady.waitingFor());
            } else if (health instanceof Health.Ready ready && !ready.remarks().isEmpty()) {
                remarks.put(role, ready.remarks());
            }
        });
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("status", waiting.isEmpty() ? "ready" : "not ready");
        body.put("roles", checks.keySet());
        body.put("waitingFor", waiting);
        body.put("remarks", remarks);
        ctx.status(waiting.isEmpty() ? 200 : 503)
                .contentType("application/json")
                .result(json.writeValueAsString(body));
    }

    private static Health ask(String role, Supplier<Health> check) {
        try {
            return check.get();
        } catch (RuntimeException e) {
            LOG.warn("the health check of {} failed", role, e);
            return Health.notReady("its health check failed: " + e.getMessage());
        }
    }

    /** Starts to listen. */
    public void start() throws PortBusyException {
        probe();
        try {
            server.start(settings.host(), settings.port());
        } catch (JavalinBindException e) {
            streams.close();
            throw new PortBusyException(settings.host(), settings.port(), e);
        }
        if (hosts.allowsAnyName()) {
            LOG.info("requests may name any host; --http-allowed-host lists the right names");
        }
        if (settings.token().isPresent() && settings.tls().isEmpty() && !HostRule.isLoopback(settings.host())) {
            LOG.warn(
                    "without TLS the token crosses the network readable: {} is not this machine only", settings.host());
        }
        checks.forEach((role, check) ->
                telemetry.gauge(Meter.READY, () -> ask(role, check) instanceof Health.Ready ? 1 : 0, role));
    }

    /** Starts without the HTTP library's error log for a busy port, because the caller may choose another port. */
    private void probe() throws PortBusyException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(settings.host(), settings.port()));
        } catch (IOException e) {
            if (e instanceof BindException && String.valueOf(e.getMessage()).contains("in use")) {
                throw new PortBusyException(settings.host(), settings.port(), e);
            }
            throw new IllegalArgumentException(
                    "cannot listen on " + settings.host() + ":" + settings.port() + ": " + e.getMessage(), e);
        }
    }

    /** The method and path of every request that it answers, such as {@code GET /metrics}. */
    Set<String> routes() {
        Set<String> routes = new TreeSet<>();
        server.unsafe.internalRouter.allHttpHandlers().stream()
                .map(handler -> handler.endpoint)
                .filter(endpoint -> endpoint.method.isHttpMethod())
                .forEach(endpoint -> routes.add(endpoint.method.name() + " " + endpoint.path));
        return routes;
    }

    /** The port in use, which is the chosen one if the settings have port 0. */
    public int port() {
        return server.port();
    }

    public URI url() {
        String host = settings.host().equals("0.0.0.0") ? "localhost" : settings.host();
        return URI.create((settings.tls().isPresent() ? "https://" : "http://")
                + (host.contains(":") ? "[" + host + "]" : host) + ":" + port());
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            streams.close();
            server.stop();
        }
    }
}
