package io.acclimate.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.acclimate.telemetry.Telemetry;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Everybody can use the page: axe-core's rules, narrow screens, the keyboard, and its weight. */
@Tag("browser")
class PageAccessIT {
    private static final Path AXE = Path.of("target", "page-tools", "node_modules", "axe-core", "axe.min.js");
    private static final Path SHOTS = Path.of("target", "page");
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final List<String> VIEWS =
            List.of("overview", "versions", "losses", "calibration", "labels", "pipeline");
    private static final int HEAVIEST = 200_000;

    @TempDir(cleanup = CleanupMode.NEVER)
    Path profile;

    private final Telemetry telemetry = Telemetry.prometheus();
    private final WebServer server = new WebServer(
            new WebSettings("127.0.0.1", 0, Optional.empty()),
            telemetry,
            Map.of(),
            Optional.of(new Fed.Versions()),
            Fed.full());
    private Chromium browser;

    @BeforeEach
    void open() throws Exception {
        server.start();
        browser = new Chromium(profile);
        browser.open(server.url());
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(browser.text("#predictions")).isEqualTo("120"));
    }

    @AfterEach
    void close() {
        browser.close();
        server.close();
        telemetry.close();
    }

    private void show(String view) throws Exception {
        browser.eval("location.hash = '" + view + "'");
        String filled = Map.of(
                        "overview", "#strip figure",
                        "versions", "#version-table tbody tr",
                        "losses", "#loss-plot canvas",
                        "calibration", "#calibration-plot canvas",
                        "labels", "#class-table tbody tr",
                        "pipeline", "#dead-list li")
                .get(view);
        await().atMost(LIMIT)
                .until(() ->
                        browser.eval("document.querySelectorAll('#" + view + ":not([hidden]) " + filled + "').length")
                                        .asInt()
                                > 0);
        if (view.equals("versions")) {
            browser.eval("document.querySelector('#choose-2[aria-pressed=false]')?.click()");
        }
    }

    @Test
    void noViewBreaksARuleOfAxeInLightOrDark() throws Exception {
        assertThat(AXE)
                .as("npm ci --prefix target/page-tools fetches it, see .ci/run")
                .exists();
        browser.eval(Files.readString(AXE) + "; 1");
        for (String scheme : List.of("light", "dark")) {
            browser.send(
                    "Emulation.setEmulatedMedia",
                    Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
            for (String view : VIEWS) {
                show(view);
                assertThat(violations()).as("%s, %s", view, scheme).isEmpty();
            }
        }
    }

    private String violations() throws Exception {
        browser.eval("window.axed = null; axe.run(document).then(r => { window.axed = r.violations.map(v => v.id + ': '"
                + " + v.nodes.map(n => n.target + ' ' + n.failureSummary).join('; ')).join(' | ') || 'none'; }); 1");
        await().atMost(LIMIT).until(() -> !browser.eval("window.axed").isNull());
        String found = browser.eval("window.axed").asText();
        return found.equals("none") ? "" : found;
    }

    @Test
    void isUsableOnAScreenOf360PixelsAndCutsNoText() throws Exception {
        browser.send(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", 360, "height", 740, "deviceScaleFactor", 1, "mobile", true));
        for (String view : VIEWS) {
            show(view);
            assertThat(browser.eval("document.documentElement.scrollWidth").asInt())
                    .as("%s", view)
                    .isLessThanOrEqualTo(360);
            JsonNode cut = browser.eval(
                    "[...document.querySelectorAll('figcaption span, .tile *, .letter *, nav a, button')]"
                            + ".filter(e => e.clientWidth && e.scrollWidth > e.clientWidth + 1).map(e => e.textContent)");
            assertThat(cut).as("cut in %s", view).isEmpty();
            browser.screenshot(SHOTS.resolve("narrow-" + view + ".png"));
        }
    }

    @Test
    void theKeyboardReachesTheDomainTheViewsAndASortedTable() throws Exception {
        show("versions");
        browser.eval("document.getElementById('sort-labels').focus()");

        browser.send(
                "Input.dispatchKeyEvent", Map.of("type", "keyDown", "key", "Enter", "code", "Enter", "text", "\r"));
        browser.send("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", "Enter", "code", "Enter"));

        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(browser.text("th[aria-sort]")).isEqualTo("Labels seen");
            assertThat(browser.eval("document.activeElement.id").asText())
                    .as("the focus stays, although the table is drawn again")
                    .isEqualTo("sort-labels");
        });
        assertThat(browser.eval(
                                "[...document.querySelectorAll('a, button, select, input')].filter(e => e.tabIndex < 0).length")
                        .asInt())
                .isZero();
    }

    @Test
    void weighsNoMoreThanItMay() throws Exception {
        int bytes = 0;
        for (JsonNode path :
                browser.eval("['/', ...performance.getEntriesByType('resource').map(e => new URL(e.name).pathname)]"
                        + ".filter(p => !p.startsWith('/api') && !p.startsWith('/health'))")) {
            bytes += URI.create(server.url() + path.asText())
                    .toURL()
                    .openStream()
                    .readAllBytes()
                    .length;
        }
        assertThat(bytes).isBetween(60_000, HEAVIEST);
    }
}
