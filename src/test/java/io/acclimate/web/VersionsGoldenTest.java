package io.acclimate.web;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.acclimate.Golden;
import io.acclimate.telemetry.Health;
import io.acclimate.telemetry.Telemetry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class VersionsGoldenTest {
    private static final String TOKEN = "correct-horse-battery";

    private static final ObjectMapper SORTED =
            new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void scriptsReadTheseAnswers() throws Exception {
        try (Telemetry telemetry = Telemetry.prometheus();
                WebServer server = new WebServer(
                        new WebSettings("127.0.0.1", 0, Optional.of(TOKEN)),
                        telemetry,
                        Map.of("serve", () -> Health.READY, "adapt", () -> Health.notReady("a broker")),
                        Optional.of(new Fed.Versions()),
                        Fed.feed())) {
            server.start();
            String answers = get(server, "/api/versions")
                    + get(server, "/api/versions/default")
                    + get(server, "/api/versions/elsewhere")
                    + post(server, "/api/versions/default/activate", "{\"version\": 2}")
                    + post(server, "/api/versions/default/activate", "{}")
                    + post(server, "/api/versions/default/rollback", "")
                    + post(server, "/api/versions/default/pause", "")
                    + post(server, "/api/versions/default/resume", "")
                    + get(server, "/health/ready")
                    + get(server, "/health/live");

            Golden.assertText(
                    VersionsGoldenTest.class,
                    "http-api.txt",
                    "Deployment scripts and probes parse these paths, codes and fields.",
                    answers);
        }
    }

    private String get(WebServer server, String path) throws Exception {
        return ask("GET " + path, HttpRequest.newBuilder(URI.create(server.url() + path)));
    }

    private String post(WebServer server, String path, String body) throws Exception {
        return ask(
                "POST " + path,
                HttpRequest.newBuilder(URI.create(server.url() + path))
                        .header("Authorization", "Bearer " + TOKEN)
                        .POST(BodyPublishers.ofString(body)));
    }

    /** The fields in the order of their names; the identifier that is drawn for each command is printed as {@code ID}. */
    private String ask(String what, HttpRequest.Builder request) throws Exception {
        var answer = client.send(request.build(), BodyHandlers.ofString());
        return what + "\n" + answer.statusCode() + " "
                + answer.headers().firstValue("Content-Type").orElse("") + "\n"
                + SORTED.writeValueAsString(SORTED.readValue(answer.body(), Object.class))
                        .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID")
                + "\n";
    }
}
