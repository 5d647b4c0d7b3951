package io.acclimate.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.telemetry.Health;
import io.acclimate.telemetry.Telemetry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests that name a host, as browsers, probes and scrapers do. A socket sends them, since no HTTP client lets a caller set the header. */
class HostFaultTest {
    private static final List<String> PATHS =
            List.of("/", "/page.js", "/metrics", "/health/live", "/health/ready", "/api/versions", "/openapi.yaml");

    private final Telemetry telemetry = Telemetry.prometheus();
    private final Fed.Versions versions = new Fed.Versions();
    private Optional<WebServer> server = Optional.empty();

    private void start(String host, String... allowed) throws PortBusyException {
        WebServer started = new WebServer(
                new WebSettings(host, 0, Optional.of("correct-horse-battery"), Optional.empty(), List.of(allowed)),
                telemetry,
                Map.of("serve", () -> Health.READY),
                Optional.of(versions),
                Fed.feed());
        started.start();
        server = Optional.of(started);
    }

    @AfterEach
    void close() {
        server.ifPresent(WebServer::close);
        telemetry.close();
    }

    private String answer(String line, String headers) throws IOException {
        try (Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), server.orElseThrow().port())) {
            socket.getOutputStream()
                    .write((line + "\r\n" + headers + "Connection: close\r\n\r\n").getBytes(StandardCharsets.UTF_8));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .lines()
                    .collect(Collectors.joining("\n"));
        }
    }

    private String get(String path, String host) throws IOException {
        return answer("GET " + path + " HTTP/1.1", "Host: " + host + "\r\n");
    }

    @Test
    void aPageWhoseNameWasMadeToResolveToThisMachineReadsNothing() throws Exception {
        start("127.0.0.1");
        for (String path : PATHS) {
            assertThat(get(path, "rebound.example:" + server.orElseThrow().port()))
                    .as(path)
                    .startsWith("HTTP/1.1 421 ")
                    .contains("application/json")
                    .endsWith("--http-allowed-host rebound.example if it is right\"}");
            assertThat(get(path, "localhost:" + server.orElseThrow().port()))
                    .as(path)
                    .startsWith("HTTP/1.1 200 ");
        }
        assertThat(get("/no/such", "rebound.example")).startsWith("HTTP/1.1 421 ");
        assertThat(get("/api/live", "rebound.example")).startsWith("HTTP/1.1 421 ");
    }

    @Test
    void aWriteWithTheTokenUnderAnotherNameIsNotCarriedOut() throws Exception {
        start("127.0.0.1");

        String answer = answer(
                "POST /api/versions/default/rollback HTTP/1.1",
                "Host: rebound.example\r\nAuthorization: Bearer correct-horse-battery\r\nContent-Length: 0\r\n");

        assertThat(answer).startsWith("HTTP/1.1 421 ");
        assertThat(versions.commands).isEmpty();
    }

    @Test
    void theProbesAndScrapersOfKubernetesAreAnsweredUnderAnyName() throws Exception {
        start("0.0.0.0");
        for (String host : List.of(
                "10.42.0.17:8080",
                "[fd00::17]:8080",
                "acclimate-web",
                "acclimate-web.team.svc.cluster.local:8080",
                "acclimate.example")) {
            for (String path : PATHS) {
                assertThat(get(path, host)).as(host + path).startsWith("HTTP/1.1 200 ");
            }
        }
    }

    @Test
    void whereNamesAreListedProbesByAddressAreAnsweredAndOtherNamesAreNot() throws Exception {
        start("0.0.0.0", "acclimate.example", "acclimate-web");
        for (String path : PATHS) {
            assertThat(get(path, "10.42.0.17:8080")).as(path).startsWith("HTTP/1.1 200 ");
            assertThat(get(path, "acclimate-web:80")).as(path).startsWith("HTTP/1.1 200 ");
            assertThat(get(path, "acclimate.example")).as(path).startsWith("HTTP/1.1 200 ");
            assertThat(get(path, "elsewhere.example")).as(path).startsWith("HTTP/1.1 421 ");
        }
    }

    @Test
    void aProbeOfHttp10WithoutAHostIsAnswered() throws Exception {
        start("127.0.0.1");

        assertThat(answer("GET /health/live HTTP/1.0", "")).startsWith("HTTP/1.1 200 ");
    }
}
