package io.acclimate.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.acclimate.telemetry.Health;
import io.acclimate.telemetry.Telemetry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hostile people at the admin API. */
@Tag("slow")
class AdminFaultTest {
    private static final String TOKEN = "correct-horse-battery";
    private static final String ROLLBACK = "/api/versions/default/rollback";

    @TempDir
    Path folder;

    private final Telemetry telemetry = Telemetry.prometheus();
    private final Fed.Versions versions = new Fed.Versions();
    private final HttpClient client = HttpClient.newHttpClient();
    private WebServer server = server(new WebSettings("127.0.0.1", 0, Optional.of(TOKEN)));

    private WebServer server(WebSettings settings) {
        return new WebServer(
                settings, telemetry, Map.of("serve", () -> Health.READY), Optional.of(versions), Fed.feed());
    }

    @AfterEach
    void close() {
        server.close();
        telemetry.close();
    }

    private HttpResponse<String> post(HttpClient by, String path, String authorization, BodyPublisher body)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(server.url() + path)).POST(body);
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        return by.send(request.build(), BodyHandlers.ofString());
    }

    /** On a connection of its own: the server may close one on which it refused something. */
    private HttpResponse<String> post(String path, String authorization, String body) throws Exception {
        return post(HttpClient.newHttpClient(), path, authorization, BodyPublishers.ofString(body));
    }

    /**
     * The first line of the answer to a body of which more is announced than was sent: the server must not wait for the rest. (A client
     * that sends all may find the connection closed before it has read the answer.)
     */
    private String answerTo(String lastHeaderAndBody) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            String request = "POST " + ROLLBACK + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + TOKEN
                    + "\r\n" + lastHeaderAndBody;
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return String.valueOf(
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                            .readLine());
        }
    }

    private HttpResponse<String> get(String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(server.url() + path)).build(), BodyHandlers.ofString());
    }

    @Test
    void fault25NoTokenIs401AWrongOneIs403AndAnOversizedBodyIs413() throws Exception {
        server.start();
        HttpResponse<String> none = post(ROLLBACK, "", "");
        assertThat(none.statusCode()).isEqualTo(401);
        assertThat(none.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
        for (String wrong : List.of("Bearer wrong", "Bearer " + TOKEN + "x", "Bearer " + TOKEN.substring(1))) {
            assertThat(post(ROLLBACK, wrong, "").statusCode()).as(wrong).isEqualTo(403);
        }
        assertThat(answerTo("Content-Length: " + (1 << 20) + "\r\n\r\n" + "x".repeat(5_000)))
                .startsWith("HTTP/1.1 413 ");
        // Without a length the body comes in chunks, and only reading tells its size.
        assertThat(answerTo("Transfer-Encoding: chunked\r\n\r\n1388\r\n" + "x".repeat(5_000) + "\r\n"))
                .startsWith("HTTP/1.1 413 ");
        assertThat(versions.commands).isEmpty();
        assertThat(post(ROLLBACK, "Bearer " + TOKEN, "").statusCode()).isEqualTo(202);
    }

    @Test
    void fault25APathInANameIs400AndReadsNoFile() throws Exception {
        server.start();
        for (String name :
                List.of("..%2F..%2Fetc%2Fpasswd", "%2e%2e", "a%2Fb", "..%5C..", "%00", "-x", "a%20b", "~root")) {
            for (String verb : List.of("rollback", "pause", "resume", "activate")) {
                assertThat(post("/api/versions/" + name + "/" + verb, "Bearer " + TOKEN, "{\"version\": 1}")
                                .statusCode())
                        .as(name)
                        .isEqualTo(400);
            }
            HttpResponse<String> read = get("/api/versions/" + name);
            assertThat(read.statusCode()).as(name).isEqualTo(400);
            assertThat(read.body()).doesNotContain("root:");
        }
        for (String path : List.of("/..%2f..%2fetc%2fpasswd", "/page.css/..%2f..", "/io/acclimate/web/index.html")) {
            assertThat(get(path).statusCode()).as(path).isIn(400, 404);
        }
        assertThat(versions.commands).isEmpty();
    }

    @Test
    void fault25TheTokenIsInNoAnswerAndNoSettingsText() throws Exception {
        WebSettings settings = new WebSettings("127.0.0.1", 0, Optional.of(TOKEN));
        assertThat(settings.toString()).doesNotContain(TOKEN);
        server.start();
        for (String path : List.of("/metrics", "/health/ready", "/api/versions", "/api/versions/default", "/no/such")) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(server.url().resolve(path))
                            .header("Authorization", "Bearer " + TOKEN)
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.body() + answer.headers()).as(path).doesNotContain(TOKEN);
        }
        assertThat(post("/api/versions/default/activate", "Bearer " + TOKEN, "{")
                        .body())
                .doesNotContain(TOKEN);
    }

    private Socket slow() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.getOutputStream()
                .write(("POST " + ROLLBACK + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + TOKEN
                                + "\r\nContent-Length: 100\r\n\r\nx")
                        .getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    private static String firstLine(Socket socket) throws IOException {
        return String.valueOf(
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8)).readLine());
    }

    private static Optional<Socket> answered(List<Socket> sockets) throws IOException {
        for (Socket each : sockets) {
            if (each.getInputStream().available() > 0) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    @Test
    void bodiesThatComeSlowlyKeepNeitherHealthNorMetricsWaiting() throws Exception {
        server.start();
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i <= VersionRoutes.BODIES_AT_ONCE; i++) {
                slow.add(slow());
            }
            // One is refused, which shows that the others are being read.
            await().until(() -> answered(slow).isPresent());
            assertThat(firstLine(answered(slow).orElseThrow())).startsWith("HTTP/1.1 503 ");
            for (String path : List.of("/health/live", "/health/ready", "/metrics")) {
                assertThat(get(path).statusCode()).as(path).isEqualTo(200);
            }
        } finally {
            for (Socket each : slow) {
                each.close();
            }
        }
        await().until(() -> post(ROLLBACK, "Bearer " + TOKEN, "").statusCode() == 202);
    }

    @Test
    void aClientThatGoesAwayIsNoBug() throws Exception {
        server.start();
        try (Socket socket = slow()) {
            socket.shutdownOutput();

            assertThat(firstLine(socket)).startsWith("HTTP/1.1 400 ");
        }
        assertThat(versions.commands).isEmpty();
    }

    @Test
    void answersOnlyHttpsOnceACertificateIsGiven() throws Exception {
        Certificate certificate = Certificate.in(folder);
        HttpClient trusting =
                HttpClient.newBuilder().sslContext(certificate.trusting()).build();
        for (Tls tls : List.of(
                Tls.ofPem(certificate.pem(), certificate.key()),
                Tls.ofKeyStore(certificate.store(), Certificate.PASSWORD))) {
            server.close();
            server = server(new WebSettings("127.0.0.1", 0, Optional.of(TOKEN), Optional.of(tls), List.of()));
            server.start();
            assertThat(server.url()).hasScheme("https");
            assertThat(post(trusting, ROLLBACK, "Bearer " + TOKEN, BodyPublishers.noBody())
                            .statusCode())
                    .isEqualTo(202);
            URI plain = URI.create("http://127.0.0.1:" + server.port() + "/health/live");
            assertThatThrownBy(() -> client.send(HttpRequest.newBuilder(plain).build(), BodyHandlers.ofString()))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> post(ROLLBACK, "Bearer " + TOKEN, "")).isInstanceOf(IOException.class);
            assertThat(tls.toString()).doesNotContain(Certificate.PASSWORD);
        }
        assertThat(versions.commands).hasSize(2);
    }

    @Test
    void saysWhichCertificateFileCannotBeRead() throws Exception {
        Certificate certificate = Certificate.in(folder);
        Path text = Files.writeString(folder.resolve("text.pem"), "no key");
        assertThatThrownBy(() -> Tls.ofPem(certificate.pem(), text))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("text.pem")
                .hasMessageContaining("PKCS #8");
        assertThatThrownBy(() -> Tls.ofKeyStore(certificate.store(), "wrong-password"))
                .isInstanceOf(IOException.class);
    }
}
