package io.acclimate.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.ControlCommand;
import io.acclimate.core.DomainId;
import io.acclimate.telemetry.Health;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class WebServerTest {
    private static final String TOKEN = "correct-horse-battery";

    private final HttpClient client = HttpClient.newHttpClient();
    private final Telemetry telemetry = Telemetry.prometheus();
    private final Fed.Versions versions = new Fed.Versions();
    private final AtomicReference<Health> health = new AtomicReference<>(Health.READY);
    private final LiveFeed feed = Fed.feed();
    private WebServer server = server(Optional.of(TOKEN));

    private WebServer server(Optional<String> token) {
        return new WebServer(
                new WebSettings("127.0.0.1", 0, token),
                telemetry,
                Map.of("serve", health::get, "adapt", () -> Health.READY),
                Optional.of(versions),
                feed);
    }

    @BeforeEach
    void start() throws PortBusyException {
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
        telemetry.close();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(HttpRequest.newBuilder(server.url().resolve(path)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, Optional<String> authorization, String body) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(server.url() + path)).POST(BodyPublishers.ofString(body));
        authorization.ifPresent(value -> request.header("Authorization", value));
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String verb, String body) throws Exception {
        return post("/api/versions/default/" + verb, Optional.of("Bearer " + TOKEN), body);
    }

    /** Prometheus prefers it when it takes native histograms. Micrometer's registry makes a text of it, in which no number is left whole. */
    @Test
    void answersWhoPrefersProtobufInText() throws Exception {
        telemetry.counter(Meter.PREDICTIONS, "default").increment();
        HttpRequest scrape = HttpRequest.newBuilder(server.url().resolve("/metrics"))
                .header(
                        "Accept",
                        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,"
                                + "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2")
                .build();

        HttpResponse<String> answer = client.send(scrape, BodyHandlers.ofString());

        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain; version=0.0.4");
        assertThat(answer.body()).contains("acclimate_predictions_total{domain=\"default\"} 1.0\n");
    }

    @Test
    void saysWhatARoleWaitsFor() throws Exception {
        assertThat(get("/health/ready").statusCode()).isEqualTo(200);
        assertThat(telemetry.total(Meter.READY, "serve")).isEqualTo(1);

        health.set(Health.notReady("no broker at localhost:9092"));

        HttpResponse<String> answer = get("/health/ready");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body())
                .contains("\"serve\":\"no broker at localhost:9092\"")
                .doesNotContain("\"adapt\":");
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        assertThat(telemetry.total(Meter.READY, "serve")).isEqualTo(0);
    }

    @Test
    void servesMetricsVersionsAndThePageWithoutNetwork() throws Exception {
        telemetry.counter(Meter.PREDICTIONS, "default").increment();
        assertThat(get("/metrics").body()).contains("acclimate_predictions_total{domain=\"default\"} 1.0");
        assertThat(get("/api/versions").body()).contains("{\"domain\":\"default\",\"active\":3,\"versions\":3}");
        assertThat(get("/api/versions/default").body())
                .containsSubsequence("\"active\":3", "\"number\":1", "\"number\":2", "\"number\":3", "\"seed\":\"1\"");
        assertThat(get("/api/versions/elsewhere").statusCode()).isEqualTo(404);
        for (String path : List.of("/", "/page.js", "/page.css", "/uplot.js", "/uplot.css", "/icon.svg")) {
            HttpResponse<String> file = get(path);
            assertThat(file.statusCode()).as(path).isEqualTo(200);
            assertThat(file.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        }
        assertThat(get("/").body()).doesNotContain("http://", "https://");
        assertThat(get("/page.js").body()).doesNotContain("http://", "https://");
        assertThat(get("/no/such").statusCode()).isEqualTo(404);
    }

    @Test
    void handsCommandsOverToTheWorker() throws Exception {
        HttpResponse<String> answer = post("activate", "{\"version\": 2}");
        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(post("activate", "{\"version\": 0}").statusCode()).isEqualTo(202);
        for (String verb : List.of("rollback", "pause", "resume")) {
            assertThat(post(verb, "").statusCode()).isEqualTo(202);
        }
        assertThat(versions.commands)
                .hasExactlyElementsOfTypes(
                        ControlCommand.Activate.class,
                        ControlCommand.Activate.class,
                        ControlCommand.Rollback.class,
                        ControlCommand.Pause.class,
                        ControlCommand.Resume.class);
        assertThat(answer.body()).contains(versions.commands.element().id());
    }

    @Test
    void aCommandToADomainThatHadNeitherLabelsNorVersionsIs404() throws Exception {
        for (String verb : List.of("pause", "resume", "rollback", "activate", "pin")) {
            HttpResponse<String> answer =
                    post("/api/versions/defualt/" + verb, Optional.of("Bearer " + TOKEN), "{\"version\": 0}");
            assertThat(answer.statusCode()).as(verb).isEqualTo(404);
            assertThat(answer.body())
                    .contains("domain defualt has neither labels nor versions: it never had any, or it was retired");
        }
        assertThat(versions.commands).isEmpty();
        feed.event(new AdaptationEvent.Trained(
                new DomainId("labelled"), Fed.START, 0, 20, 4, 0, 10, 10, 20, 0, Map.of("total", 0.5)));

        assertThat(post("/api/versions/labelled/pause", Optional.of("Bearer " + TOKEN), "")
                        .statusCode())
                .isEqualTo(202);
    }

    @Test
    void aDomainIsRetiredOnlyWhenTheBodyRepeatsItsName() throws Exception {
        for (String body : List.of("", "7", "[]", "{", "{}", "{\"confirm\":\"Default\"}", "{\"confirm\":true}")) {
            HttpResponse<String> answer = post("retire", body);
            assertThat(answer.statusCode()).as(body).isEqualTo(400);
            assertThat(answer.body()).contains("the body must be").contains("default");
        }
        assertThat(post("retire", "{\"confirm\":\"default\",\"reason\":\"" + "x".repeat(1_001) + "\"}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(versions.commands).isEmpty();

        assertThat(post("retire", "{\"confirm\":\"default\",\"reason\":\"asked by the site\"}")
                        .statusCode())
                .isEqualTo(202);

        assertThat(versions.commands)
                .singleElement()
                .isInstanceOfSatisfying(ControlCommand.Retire.class, retire -> assertThat(retire.reason())
                        .isEqualTo("asked by the site"));
        assertThat(post("/api/versions/defualt/retire", Optional.of("Bearer " + TOKEN), "{\"confirm\":\"defualt\"}")
                        .statusCode())
                .isEqualTo(404);
        assertThat(post("/api/versions/default/retire", Optional.empty(), "{\"confirm\":\"default\"}")
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void refusesWritesOfStrangersAndUnreadableOnes() throws Exception {
        String path = "/api/versions/default/rollback";
        assertThat(post(path, Optional.empty(), "").statusCode()).isEqualTo(401);
        assertThat(post(path, Optional.of("Basic abc"), "").statusCode()).isEqualTo(401);
        assertThat(post(path, Optional.of("Bearer wrong"), "").statusCode()).isEqualTo(403);
        assertThat(post("rollback", "x".repeat(5_000)).statusCode()).isEqualTo(413);
        for (String body :
                List.of("", "7", "[]", "{", "{\"version\":\"2\"}", "{\"version\":-1}", "{\"version\":1.5}")) {
            assertThat(post("activate", body).statusCode()).as(body).isEqualTo(400);
        }
        assertThat(post("activate", "{\"version\": 99}").statusCode()).isEqualTo(404);
        for (String name : List.of("..%2F..%2Fetc", "a%20b", "-x", "%2e%2e")) {
            HttpResponse<String> answer =
                    post("/api/versions/" + name + "/rollback", Optional.of("Bearer " + TOKEN), "");
            assertThat(answer.statusCode()).as(name).isIn(400, 404);
        }
        assertThat(versions.commands).isEmpty();
    }

    @Test
    void refusesEveryWriteWithoutAConfiguredToken() throws Exception {
        server.close();
        server = server(Optional.empty());
        server.start();
        assertThat(post("rollback", "").statusCode()).isEqualTo(403);
        assertThat(versions.commands).isEmpty();
    }

    @Test
    void neverSaysTheToken() throws Exception {
        assertThat(new WebSettings("127.0.0.1", 0, Optional.of(TOKEN)).toString())
                .doesNotContain(TOKEN);
        assertThat(post("activate", "{").body()).doesNotContain(TOKEN);
    }

    @Test
    void takesAThousandParallelWritesEachOnce() {
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            answers.add(client.sendAsync(
                    HttpRequest.newBuilder(server.url().resolve("/api/versions/default/activate"))
                            .header("Authorization", "Bearer " + TOKEN)
                            .POST(BodyPublishers.ofString("{\"version\": " + (1 + i % 3) + "}"))
                            .build(),
                    BodyHandlers.ofString()));
        }
        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(202));
        assertThat(versions.commands)
                .hasSize(1_000)
                .extracting(ControlCommand::id)
                .doesNotHaveDuplicates();
    }

    @Test
    void streamsASnapshotToEachViewer() throws Exception {
        HttpResponse<java.io.InputStream> stream = client.send(
                HttpRequest.newBuilder(server.url().resolve("/api/live"))
                        .header("Accept", "text/event-stream")
                        .build(),
                BodyHandlers.ofInputStream());
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            String data = lines.lines()
                    .filter(line -> line.startsWith("data:"))
                    .findFirst()
                    .orElseThrow();
            assertThat(data).contains("\"predictions\":120", "data:image/png;base64,", "Version 3 active, was 2");
        }
    }

    @Test
    void whoFollowsNoVersionsSaysWhoDoes() throws Exception {
        server.close();
        server = new WebServer(
                new WebSettings("127.0.0.1", 0, Optional.of(TOKEN)),
                telemetry,
                Map.of(),
                Optional.empty(),
                new LiveFeed());
        server.start();
        assertThat(List.of(get("/api/versions"), get("/api/versions/default"), post("rollback", "")))
                .allSatisfy(answer -> {
                    assertThat(answer.statusCode()).isEqualTo(404);
                    assertThat(answer.body()).contains("ask one of role web");
                });
    }

    @Test
    void namesABusyPort() {
        WebServer second = new WebServer(
                new WebSettings("127.0.0.1", server.port(), Optional.empty()),
                telemetry,
                Map.of(),
                Optional.empty(),
                new LiveFeed());
        assertThatThrownBy(second::start)
                .isInstanceOfSatisfying(
                        PortBusyException.class, e -> assertThat(e.port()).isEqualTo(server.port()))
                .hasMessageContaining("--http-port");
        second.close();
    }
}
