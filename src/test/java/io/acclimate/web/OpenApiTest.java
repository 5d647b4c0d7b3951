package io.acclimate.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.acclimate.Schemas;
import io.acclimate.telemetry.Health;
import io.acclimate.telemetry.Telemetry;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code schemas/openapi.yaml} describes every route, and every answer that it describes is given and has the described shape. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenApiTest {
    private static final String TOKEN = "correct-horse-battery";
    private static final Path FILE = Path.of("schemas", "openapi.yaml");
    private static final Schemas API = Schemas.of(FILE);

    private static final List<String> PAGE_TYPES =
            List.of("text/html", "text/css", "text/javascript", "image/", "font/");

    private final HttpClient client = HttpClient.newHttpClient();
    private final Telemetry telemetry = Telemetry.prometheus();
    private final AtomicReference<Health> health = new AtomicReference<>(Health.READY);
    private final WebServer server = server(Optional.of(new Fed.Versions()));
    /** It follows no versions, as most roles do not. */
    private final WebServer other = server(Optional.empty());

    private WebServer server(Optional<VersionsApi> versions) {
        return new WebServer(
                new WebSettings("127.0.0.1", 0, Optional.of(TOKEN)),
                telemetry,
                Map.of("serve", health::get),
                versions,
                Fed.full());
    }

    @BeforeAll
    void start() throws PortBusyException {
        server.start();
        other.start();
    }

    @AfterAll
    void stop() {
        server.close();
        other.close();
        telemetry.close();
    }

    @Test
    void describesEveryRouteAndNoOther() throws Exception {
        Set<String> described = new TreeSet<>();
        API.document().get("paths").properties().forEach(path -> path.getValue()
                .fieldNames()
                .forEachRemaining(method -> {
                    if (!method.equals("parameters")) {
                        described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
                    }
                }));

        Set<String> routes = new TreeSet<>();
        for (String route : server.routes()) {
            if (!isPartOfThePage(route)) {
                routes.add(route);
            }
        }
        assertThat(described).isEqualTo(routes).hasSizeGreaterThan(10);
    }

    /** The page is for browsers: its files are no interface. */
    private boolean isPartOfThePage(String route) throws Exception {
        if (!route.startsWith("GET /") || route.contains("{")) {
            return false;
        }
        URI uri = URI.create(server.url() + route.substring("GET ".length()));
        HttpResponse<InputStream> answer =
                client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofInputStream());
        answer.body().close();
        String type = answer.headers().firstValue("Content-Type").orElse("");
        return PAGE_TYPES.stream().anyMatch(type::startsWith);
    }

    static Stream<Arguments> answers() {
        return API.document().get("paths").properties().stream().flatMap(path -> path.getValue().properties().stream()
                .filter(method -> !method.getKey().equals("parameters"))
                .flatMap(method -> method.getValue().get("responses").properties().stream()
                        .map(answer -> Arguments.of(
                                method.getKey().toUpperCase(Locale.ROOT),
                                path.getKey(),
                                Integer.parseInt(answer.getKey()),
                                API.at(answer.getValue())))));
    }

    @ParameterizedTest(name = "{0} {1} answers {2}")
    @MethodSource("answers")
    void givesEveryAnswerInItsShape(String method, String path, int status, JsonNode described) throws Exception {
        health.set(status == 503 ? Health.notReady("a broker") : new Health.Ready(List.of("a guess")));

        String expected = described.get("content").fieldNames().next();
        HttpResponse<InputStream> answer =
                client.send(provoking(method, path, status, expected), BodyHandlers.ofInputStream());

        try (InputStream body = answer.body()) {
            assertThat(answer.statusCode()).isEqualTo(status);
            String type = answer.headers().firstValue("Content-Type").orElse("").replaceFirst(";.*", "");
            assertThat(type).isEqualTo(expected);
            described.path("headers").fieldNames().forEachRemaining(header -> assertThat(
                            answer.headers().firstValue(header))
                    .as(header)
                    .isPresent());
            if (type.equals("application/json")) {
                String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
                assertThat(API.violations(described.at("/content/application~1json/schema"), text))
                        .as(text)
                        .isEmpty();
            }
        }
    }

    /** A request that is answered with the status, if the description is right. */
    private HttpRequest provoking(String method, String path, int status, String type) {
        WebServer asked = status == 404 ? other : server;
        String domain = status == 400 ? "-no-domain" : "default";
        String letter = status == 400 ? "7" : status == 409 ? "0:99" : "0:7";
        String body = status == 413
                ? "x".repeat(VersionRoutes.MAX_BODY_BYTES + 1)
                : "{\"version\": 2, \"confirm\": \"default\"}";
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(
                        asked.url() + path.replace("{domain}", domain).replace("{id}", letter)))
                .header("Accept", type)
                .method(method, method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (status != 401) {
            request.header("Authorization", "Bearer " + (status == 403 ? "wrong" : TOKEN));
        }
        return request.build();
    }

    @Test
    void exampleOfABodyIsAccepted() throws Exception {
        JsonNode schema = API.document().at("/components/schemas/Activate");
        String example = schema.at("/examples/0").toString();
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + "/api/versions/default/activate"))
                .header("Authorization", "Bearer " + TOKEN)
                .POST(BodyPublishers.ofString(example))
                .build();

        assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(202);
        assertThat(API.violations(schema, example)).isEmpty();
        assertThat(API.violations(schema, "{\"version\": -1}")).isNotEmpty();
        assertThat(API.violations(schema, "{\"version\": 1, \"undescribed\": 1}"))
                .isNotEmpty();
    }

    @Test
    void exampleOfARetirementIsAccepted() throws Exception {
        JsonNode schema = API.document().at("/components/schemas/Retire");
        String example = schema.at("/examples/0").toString();
        String domain = schema.at("/examples/0/confirm").asText();
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + "/api/versions/" + domain + "/retire"))
                .header("Authorization", "Bearer " + TOKEN)
                .POST(BodyPublishers.ofString(example))
                .build();

        assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(202);
        assertThat(API.violations(schema, example)).isEmpty();
        assertThat(API.violations(schema, "{\"reason\": \"none\"}")).isNotEmpty();
    }

    @Test
    void isServedAsItStandsInTheRepository() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + "/openapi.yaml"))
                .build();

        assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo(Files.readString(FILE));
    }
}
