package io.acclimate.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.telemetry.Telemetry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real Chromium, fed with the life of two domains. Screenshots stay in target/page for the eye. */
abstract class OpenPage {
    static final Path SHOTS = Path.of("target", "page");
    static final Duration LIMIT = Duration.ofSeconds(90);
    static final String TOKEN = "correct-horse-battery";

    @TempDir(cleanup = CleanupMode.NEVER)
    Path profile;

    final Fed.Versions versions = new Fed.Versions();
    final LiveFeed feed = Fed.full();
    final Telemetry telemetry = Telemetry.prometheus();
    final WebServer server = new WebServer(
            new WebSettings("127.0.0.1", 0, Optional.of(TOKEN)), telemetry, Map.of(), Optional.of(versions), feed);
    Chromium browser;

    @BeforeEach
    void open() throws Exception {
        server.start();
        browser = new Chromium(profile);
    }

    @AfterEach
    void close() {
        browser.close();
        server.close();
        telemetry.close();
    }

    void show(String place) throws Exception {
        browser.open(URI.create(server.url() + place));
        eventually(() -> assertThat(browser.text("#link")).isEqualTo("live"));
    }

    static void eventually(ThrowingRunnable claim) {
        await().atMost(LIMIT).untilAsserted(claim);
    }

    int count(String selector) throws Exception {
        return browser.eval("document.querySelectorAll('" + selector + "').length")
                .asInt();
    }

    void click(String selector) throws Exception {
        browser.eval("document.querySelector('" + selector + "').click()");
    }

    void chooseNight() throws Exception {
        chooseNight("html");
    }

    /** Chooses the domain, and counts what there is before any answer of the new one can come. */
    int chooseNight(String counted) throws Exception {
        return browser.eval("(() => { const s = document.getElementById('domain'); s.value = 'night';"
                        + " s.dispatchEvent(new Event('change'));"
                        + " return document.querySelectorAll('" + counted + "').length; })()")
                .asInt();
    }
}
