package io.acclimate.web;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.acclimate.Golden;
import io.acclimate.core.AdaptationEvent.Controlled;
import io.acclimate.telemetry.Telemetry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BoardGoldenTest {
    private static final ObjectMapper SORTED = new ObjectMapper()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(SerializationFeature.INDENT_OUTPUT);

    @Test
    void thePageAndScriptsReadTheseAnswers() throws Exception {
        LiveFeed feed = Fed.full();
        feed.event(new Controlled(Fed.DOMAIN, Fed.START, "c-1", "pause", true, "training is paused"));
        try (Telemetry telemetry = Telemetry.prometheus();
                WebServer server = new WebServer(
                        new WebSettings("127.0.0.1", 0, Optional.empty()),
                        telemetry,
                        Map.of(),
                        Optional.of(new Fed.Versions()),
                        feed)) {
            server.start();
            StringBuilder answers = new StringBuilder();
            for (String path : List.of(
                    "/api/domains",
                    "/api/domains/default",
                    "/api/domains/default/versions",
                    "/api/domains/default/answers",
                    "/api/domains/nobody",
                    "/api/domains/-",
                    "/api/dead-letters",
                    "/api/lag",
                    "/api/commands/c-1",
                    "/api/commands/c-2")) {
                answers.append(ask(server, path));
            }

            Golden.assertText(
                    BoardGoldenTest.class,
                    "board-api.txt",
                    "The page and scripts read these paths, codes and fields.",
                    answers.toString());
        }
    }

    /** The fields in the order of their names; pictures are shortened. */
    private static String ask(WebServer server, String path) throws Exception {
        var answer = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(server.url() + path)).build(), BodyHandlers.ofString());
        return "GET " + path + "\n" + answer.statusCode() + "\n"
                + SORTED.writeValueAsString(SORTED.readValue(answer.body(), Object.class))
                        .replaceAll("base64,[^\"]+", "base64,…")
                + "\n";
    }
}
