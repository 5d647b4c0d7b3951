package io.acclimate.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.core.AdaptationEvent.Controlled;
import io.acclimate.core.AdaptationEvent.Trained;
import io.acclimate.telemetry.Telemetry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The live page in a real Chromium. Screenshots stay in target/page for the eye. */
@Tag("browser")
class PageIT {
    private static final Path SHOTS = Path.of("target", "page");
    private static final Duration LIMIT = Duration.ofSeconds(90);

    @TempDir(cleanup = CleanupMode.NEVER)
    Path profile;

    private static WebServer server(LiveFeed feed) throws PortBusyException {
        WebServer server = new WebServer(
                new WebSettings("127.0.0.1", 0, Optional.empty()),
                Telemetry.prometheus(),
                Map.of(),
                Optional.of(new Fed.Versions()),
                feed);
        server.start();
        return server;
    }

    @Test
    void showsNumbersChartsDecisionsAndImagesAndFollowsTheStream() throws Exception {
        LiveFeed feed = Fed.feed();
        try (WebServer server = server(feed);
                Chromium browser = new Chromium(profile)) {
            browser.open(server.url());
            await().atMost(LIMIT).untilAsserted(() -> assertThat(browser.text("#predictions"))
                    .isEqualTo("120"));

            assertThat(browser.text("#link")).isEqualTo("live");
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(browser.text("#gain")).isEqualTo("+46.9 points over source"));
            assertThat(browser.text("#adapted")).isEqualTo("62.5%");
            assertThat(browser.text("#source")).isEqualTo("15.6%");
            assertThat(browser.text("#version")).isEqualTo("3");
            assertThat(browser.text("#trained")).isEqualTo("3,360");
            assertThat(browser.eval("document.querySelectorAll('#cards li').length")
                            .asInt())
                    .isEqualTo(7);
            assertThat(browser.text("#cards li")).contains("Candidate 4: reject", "below the active version's 0.61");
            await().atMost(LIMIT).untilAsserted(() -> assertThat(browser.eval(
                                    "[...document.querySelectorAll('#strip img')].filter(i => i.naturalWidth === 32).length")
                            .asInt())
                    .isEqualTo(24));
            assertThat(browser.eval("document.querySelectorAll('#strip figure.wrong').length")
                            .asInt())
                    .isPositive();
            for (String chart : new String[] {"accuracy", "throughput", "latency"}) {
                // Drawn with the next frame.
                await().atMost(LIMIT).untilAsserted(() -> assertThat(colours(browser, chart))
                        .as("colours drawn on %s", chart)
                        .isGreaterThan(3));
            }
            browser.screenshot(SHOTS.resolve("light.png"));
            browser.send(
                    "Emulation.setEmulatedMedia",
                    Map.of("features", java.util.List.of(Map.of("name", "prefers-color-scheme", "value", "dark"))));
            browser.screenshot(SHOTS.resolve("dark.png"));

            feed.event(new Trained(
                    Fed.DOMAIN, Fed.START.plusSeconds(61), 200, 512, 0, 3, 512, 64, 8, 0, Map.of("total", 0.1)));
            feed.prediction(Fed.prediction(500, "<b>bold</b>", 4), Optional.empty(), Optional.empty());
            feed.event(new Controlled(Fed.DOMAIN, Fed.START.plusSeconds(61), "id", "pause", true, "training stopped"));

            await().atMost(LIMIT).untilAsserted(() -> {
                assertThat(browser.text("#adapted")).isEqualTo("100.0%");
                assertThat(browser.text("#predictions")).isEqualTo("121");
                assertThat(browser.text("#cards li b")).isEqualTo("pause applied");
            });
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void saysThatNothingHasHappenedYetAndWhenTheServiceIsGone() throws Exception {
        WebServer server = server(new LiveFeed());
        try (Chromium browser = new Chromium(profile)) {
            browser.open(server.url());
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(browser.text("#link")).isEqualTo("live"));
            assertThat(browser.text("#adapted")).isEqualTo("–");
            assertThat(browser.text("#strip")).contains("No predictions yet");
            assertThat(browser.complaints()).isEmpty();
            browser.screenshot(SHOTS.resolve("empty.png"));

            server.close();

            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(browser.text("#link")).contains("retrying"));
        } finally {
            server.close();
        }
    }

    private static int colours(Chromium browser, String chart) throws Exception {
        return browser.eval("(() => { const c = document.querySelector('#" + chart + " canvas');"
                        + "const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; const s = new Set();"
                        + "for (let i = 0; i < d.length; i += 4) if (d[i + 3] > 200) s.add(d[i] << 16 | d[i + 1] << 8 | d[i + 2]);"
                        + "return s.size; })()")
                .asInt();
    }
}
