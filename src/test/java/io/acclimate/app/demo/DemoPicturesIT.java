package io.acclimate.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.app.options.HttpPort;
import io.acclimate.app.role.RoleSettings;
import io.acclimate.broker.FreePort;
import io.acclimate.web.Chromium;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Takes the README's pictures of the page at the end of a demo, in a real Chromium, and looks at what the page says by then. */
@Tag("screenshots")
class DemoPicturesIT {
    private static final Path PICTURES = Path.of(".github", "page");
    private static final long LARGEST = 150_000;
    private static final Duration LIMIT = Duration.ofSeconds(90);
    /** What each view shows once it is filled. */
    private static final Map<String, String> FILLED = Map.of(
            "overview", "#strip img",
            "versions", "#version-table tbody tr + tr",
            "losses", "#loss-plot canvas",
            "calibration", "#calibration-plot canvas",
            "labels", "#served-matrix tbody tr",
            "pipeline", "#lag-table tbody tr");

    @TempDir(cleanup = CleanupMode.NEVER)
    Path profile;

    @Test
    void thePageTellsTheStoryOfTheDemo() throws Exception {
        DemoOptions options = new DemoOptions(RoleSettings.defaults());
        options.seed = 1;
        options.asked = Optional.of(Integer.getInteger("acclimate.images", 8_000));
        options.kafkaPort = 0;
        int port = FreePort.take();
        options.http.port = HttpPort.of(port);
        try (Chromium browser = new Chromium(profile)) {
            browser.send(
                    "Emulation.setDeviceMetricsOverride",
                    Map.of("width", 1180, "height", 820, "deviceScaleFactor", 1, "mobile", false));

            DemoSummary summary = new Demo(options, System.out).run(ended -> look(browser, port));

            assertThat(summary.complete()).isTrue();
        }
    }

    private static void look(Chromium browser, int port) {
        try {
            browser.open(URI.create("http://127.0.0.1:" + port + "/?domain=default"));
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(browser.text("#gain")).matches("\\+\\d+\\.\\d points over source"));
            for (String view : List.of("overview", "versions", "losses", "calibration", "labels", "pipeline")) {
                browser.eval("location.hash = '" + view + "'");
                await().atMost(LIMIT)
                        .until(() -> browser.eval("document.querySelectorAll('#" + view + " " + FILLED.get(view)
                                                + "').length")
                                        .asInt()
                                > 0);
                browser.afterNextFrame();
                assertThat(browser.eval("scrollY").asInt())
                        .as("the choice of views is in sight")
                        .isZero();
                Path picture = PICTURES.resolve(view + ".png");
                browser.screenshotOfWindow(picture);
                assertThat(Files.size(picture)).as("%s", picture).isBetween(10_000L, LARGEST);
            }
            assertThat(browser.complaints()).isEmpty();
        } catch (Exception e) {
            throw new IllegalStateException("the page could not be looked at", e);
        }
    }
}
