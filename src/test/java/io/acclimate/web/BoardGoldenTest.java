package io.acclimate.web;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.acclimate.Golden;
import io.acclimate.core.Activation;
import io.acclimate.core.AdaptationEvent.Activated;
import io.acclimate.core.AdaptationEvent.Controlled;
import io.acclimate.core.AdaptationEvent.Reset;
import io.acclimate.core.AdaptationEvent.Restarted;
import io.acclimate.core.AdaptationEvent.Trained;
import io.acclimate.core.VersionId;
import io.acclimate.telemetry.Telemetry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
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
        train(feed);
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
                    "/api/domains/night/losses",
                    "/api/domains/nobody",
                    "/api/domains/nobody/losses",
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

    /** What changes the losses of the other domain, and what training says besides. */
    private static void train(LiveFeed feed) {
        Instant at = Fed.START.plusSeconds(9);
        feed.event(new Trained(
                Fed.NIGHT, at, 1, 20, 4, 0, 10, 10, 5, 1, Map.of("total", 1.5, "target", 1.25, "source", 0.125), 2));
        feed.event(new Activated(
                Fed.NIGHT,
                at,
                new Activation(new VersionId(Fed.NIGHT, 1), 1, Activation.Cause.PROMOTE, "better", at, 40, at),
                0));
        feed.event(new Restarted(Fed.NIGHT, at, 2, 1, 0.5, "diverged"));
        feed.event(new Trained(Fed.NIGHT, at, 2, 20, 4, 1, 10, 10, 0, 0, Map.of()));
        feed.event(new Reset(Fed.NIGHT, at, 3, 1, "no longer proven"));
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
