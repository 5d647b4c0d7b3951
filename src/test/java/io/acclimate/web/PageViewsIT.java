package io.acclimate.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.core.AdaptationEvent.Controlled;
import io.acclimate.core.AdaptationEvent.Trained;
import io.acclimate.core.ControlCommand;
import io.acclimate.telemetry.Telemetry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Each view of the page in a real Chromium, fed with the life of two domains. Screenshots stay in target/page for the eye. */
@Tag("browser")
class PageViewsIT {
    private static final Path SHOTS = Path.of("target", "page");
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String TOKEN = "correct-horse-battery";

    @TempDir(cleanup = CleanupMode.NEVER)
    Path profile;

    private final Fed.Versions versions = new Fed.Versions();
    private final LiveFeed feed = Fed.full();
    private final Telemetry telemetry = Telemetry.prometheus();
    private final WebServer server = new WebServer(
            new WebSettings("127.0.0.1", 0, Optional.of(TOKEN)), telemetry, Map.of(), Optional.of(versions), feed);
    private Chromium browser;

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

    private void show(String place) throws Exception {
        browser.open(URI.create(server.url() + place));
        eventually(() -> assertThat(browser.text("#link")).isEqualTo("live"));
    }

    private static void eventually(ThrowingRunnable claim) {
        await().atMost(LIMIT).untilAsserted(claim);
    }

    private int count(String selector) throws Exception {
        return browser.eval("document.querySelectorAll('" + selector + "').length")
                .asInt();
    }

    private void click(String selector) throws Exception {
        browser.eval("document.querySelector('" + selector + "').click()");
    }

    @Test
    void eachDomainHasFiguresOfItsOwnAndNoGainIsClaimedWhileTheSourceModelServes() throws Exception {
        show("/");
        eventually(() -> assertThat(browser.text("#gain")).isEqualTo("+46.9 points over source"));
        assertThat(browser.eval("[...document.querySelectorAll('#domain option')].map(o => o.value).join()")
                        .asText())
                .isEqualTo("default,night");

        assertThat(browser.text("#training")).contains("since 2026-01-01");
        click("#freeze");
        assertThat(browser.text("#link")).isEqualTo("frozen");

        chooseNight();

        eventually(() -> {
            assertThat(browser.text("#link")).as("the freeze has ended").isEqualTo("live");
            assertThat(browser.text("#gain")).isEqualTo("the source model serves: no gain");
            assertThat(browser.text("#version")).isEqualTo("0");
            assertThat(browser.text("#adapted")).isEqualTo("50.0%");
            assertThat(browser.text("#window")).contains("20 labels");
            assertThat(browser.text("#cards")).contains("None yet");
        });
        assertThat(browser.eval("location.search").asText()).isEqualTo("?domain=night");
        assertThat(browser.complaints()).isEmpty();
    }

    private void chooseNight() throws Exception {
        chooseNight("html");
    }

    /** Chooses the domain, and counts what there is before any answer of the new one can come. */
    private int chooseNight(String counted) throws Exception {
        return browser.eval("(() => { const s = document.getElementById('domain'); s.value = 'night';"
                        + " s.dispatchEvent(new Event('change'));"
                        + " return document.querySelectorAll('" + counted + "').length; })()")
                .asInt();
    }

    @Test
    void anAnswerThatComesAfterTheDomainWasChangedShowsNoVersionOfTheOldOne() throws Exception {
        show("/?domain=default#versions");
        eventually(() -> assertThat(count("#action-version option")).isEqualTo(4));
        browser.eval("(() => { const real = fetch; window.late = []; window.fetch = async (path, how) => {"
                + " const answer = await real(path, how);"
                + " if (path === '/api/domains/default/versions') await new Promise(go => late.push(go));"
                + " return answer; }; })()");
        feed.event(new Trained(Fed.DOMAIN, Fed.START, 200, 32, 4, 3, 20, 5, 8, 0, Map.of()));
        eventually(() -> assertThat(browser.eval("late.length").asInt()).isPositive());

        assertThat(chooseNight("#action-version option, #version-table tr"))
                .as("before the new domain's answer")
                .isZero();
        eventually(() -> assertThat(count("#action-version option")).isEqualTo(1));
        browser.eval("(() => { window.most = 0; new MutationObserver(() => { window.most = Math.max(most,"
                + " document.querySelectorAll('#action-version option').length); })"
                + ".observe(document.getElementById('action-version'), { childList: true });"
                + " late.forEach(go => go()); window.asked = performance.getEntriesByType('resource').length; })()");

        eventually(() -> assertThat(browser.eval("performance.getEntriesByType('resource').length - asked")
                        .asInt())
                .isGreaterThan(2));
        assertThat(browser.eval("most").asInt()).as("versions to choose from").isLessThan(2);
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void shadowModeIsSaidOfTheDomainThatIsInIt() throws Exception {
        var shadow = Optional.of(new Trained.Shadow(4, 15));
        for (int i = 1; i < 9; i++) {
            feed.event(
                    new Trained(Fed.NIGHT, Fed.START.plusSeconds(i), i, 20, 4, 0, 10, 10, 20, 0, Map.of(), 0, shadow));
        }
        show("/?domain=default");
        assertThat(browser.eval("document.getElementById('shadow').hidden").asBoolean())
                .isTrue();

        chooseNight();

        eventually(() -> assertThat(browser.text("#shadow")).isEqualTo("Shadow mode: version 4 would serve."));
        browser.screenshot(SHOTS.resolve("shadow.png"));
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void versionsAreSortedOpenedAndCompared() throws Exception {
        show("/#versions");
        eventually(() -> assertThat(count("#version-table tbody tr")).isEqualTo(4));
        assertThat(browser.text("#version-table tbody tr"))
                .contains("active", "not worse on the holdout", "61.0%", "62.5% of 1,280", "250 kB");
        assertThat(browser.eval("document.querySelector('#version-table th[aria-sort]').textContent")
                        .asText())
                .isEqualTo("Version");

        click("#sort-number");
        eventually(() -> assertThat(browser.text("#version-table tbody tr")).contains("the source model"));

        click("#choose-2");
        eventually(() -> assertThat(browser.text("#detail"))
                .contains("Version 2", "promote", "holdout: source model", "15.0%", "loss: total", "made with: seed"));

        click("#choose-3");
        eventually(() -> {
            assertThat(browser.text("#detail h2")).isEqualTo("Version 2 and version 3");
            assertThat(count("#detail tr.differs")).isPositive();
        });
        browser.screenshot(SHOTS.resolve("versions.png"));
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void lossesAreDrawnByTermWithGapsAndWithMarksOfRestarts() throws Exception {
        watchPlots();
        show("/#losses");
        eventually(() -> assertThat(browser.eval(
                                "[...document.querySelectorAll('#loss-terms button')].map(b => b.textContent).join()")
                        .asText())
                .isEqualTo("total,target,source"));

        assertThat(browser.eval("new Set([...document.querySelectorAll('#loss-terms line')]"
                                + ".map(l => l.getAttribute('stroke-dasharray'))).size")
                        .asInt())
                .as("patterns, which differ without colours, too")
                .isEqualTo(3);
        assertThat(browser.eval("lossPlot().data[0].length").asInt()).isEqualTo(120);
        assertThat(browser.eval("lossPlot().data[3].slice(9, 12)").toString())
                .as("source rows came after ten rounds")
                .isEqualTo("[null,0.37109375,0.369140625]");
        assertThat(browser.eval("lossPlot().data[1].slice(60, 68)").toString())
                .as("training was paused")
                .isEqualTo("[null,null,null,null,null,null,null,null]");
        browser.afterNextFrame();
        assertThat(totalIsDrawnAt(28, 32, 36))
                .as("before, during and after the pause")
                .isEqualTo("[true,false,true]");
        assertThat(browser.eval("[...lossMarks].sort().join()").asText()).isEqualTo("restart,v1,v2,v3");
        assertThat(browser.text("#loss-hint")).startsWith("120 rounds since 2026-01-01");
        assertThat(browser.text("#round-table caption")).startsWith("The newest 10 rounds");
        assertThat(browser.text("#round-table tbody tr")).contains("8usual0.90.650.1582");
        assertThat(browser.text("#restarts")).contains("Again from version 2", "the loss was not finite for 3 rounds");
        browser.screenshot(SHOTS.resolve("losses.png"));
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void aTermIsHiddenAndShownByTheKeyboardAndStaysSoWithNewRounds() throws Exception {
        watchPlots();
        show("/#losses");
        eventually(() -> assertThat(count("#loss-terms button")).isEqualTo(3));
        browser.eval("document.querySelector('[data-term=target]').focus()");

        press("Enter", "\r");

        eventually(() -> assertThat(
                        browser.eval("lossPlot().series.map(s => s.show)").toString())
                .isEqualTo("[true,true,false,true]"));
        feed.event(new Trained(
                Fed.DOMAIN,
                Fed.START.plusSeconds(70),
                200,
                32,
                4,
                3,
                20,
                5,
                8,
                0,
                Map.of("total", 0.5, "align", 0.0001)));
        eventually(() -> {
            assertThat(count("#loss-terms button")).isEqualTo(4);
            assertThat(browser.text("#round-table tbody tr")).contains("0.5––1.00e-4");
        });
        assertThat(browser.eval("document.querySelector('[data-term=target]').getAttribute('aria-pressed')")
                        .asText())
                .isEqualTo("false");
        assertThat(browser.eval("lossPlot().series.map(s => s.show)").toString())
                .isEqualTo("[true,true,false,true,true]");
        assertThat(browser.eval("document.activeElement.dataset.term").asText())
                .as("the focus stays, although the terms are drawn again")
                .isEqualTo("target");
        assertThat(browser.complaints()).isEmpty();
    }

    /** Whether the plot of losses has the colour of the total above each time. Chromium warns of a page that reads a plot twice. */
    private String totalIsDrawnAt(int... seconds) throws Exception {
        return browser.eval("(() => { const p = lossPlot(), { width, height } = p.ctx.canvas;"
                        + "const d = p.ctx.getImageData(0, 0, width, height).data;"
                        + "const text = i => d[i] === 0x17 && d[i + 1] === 0x21 && d[i + 2] === 0x2b;"
                        + "return " + Arrays.toString(seconds) + ".map(s => Math.round(p.valToPos("
                        + Fed.START.getEpochSecond() + " + s, 'x', true)))"
                        + ".map(x => [...Array(height).keys()].some(y => text(4 * (y * width + x)))); })()")
                .toString();
    }

    private void press(String key, String text) throws Exception {
        browser.send("Input.dispatchKeyEvent", Map.of("type", "keyDown", "key", key, "code", key, "text", text));
        browser.send("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key, "code", key));
    }

    /** From the next page on, keeps its plots, and the words of their marks. */
    private void watchPlots() throws Exception {
        browser.send("Page.addScriptToEvaluateOnNewDocument", Map.of("source", """
                        window.plots = [];
                        window.lossMarks = new Set();
                        window.plotIn = id => plots.filter(p => document.getElementById(id).contains(p.root)).pop();
                        window.lossPlot = () => plotIn('loss-plot');
                        let real;
                        Object.defineProperty(window, 'uPlot', {
                          get: () => real,
                          set: made => {
                            real = new Proxy(made, { construct: (target, given) => {
                              const plot = new target(...given);
                              plots.push(plot);
                              return plot;
                            } });
                          },
                        });
                        const write = CanvasRenderingContext2D.prototype.fillText;
                        CanvasRenderingContext2D.prototype.fillText = function (words, ...rest) {
                          if (this.canvas.closest('#loss-plot') && /^(v[0-9]|re)/.test(words)) lossMarks.add(words);
                          return write.call(this, words, ...rest);
                        };
                        """));
    }

    @Test
    void calibrationTellsVersionsWithAndWithoutTheirTemperatures() throws Exception {
        // The event of this version is older than those that are kept.
        versions.provenance.put(
                3L,
                Map.of("temperature", "1.75", "calibrationErrorBefore", "0.25", "calibrationErrorAfter", "0.03125"));
        watchPlots();
        show("/#calibration");
        eventually(() -> assertThat(count("#calibration-plot canvas")).isEqualTo(1));

        assertThat(browser.eval("plotIn('calibration-plot').data").toString())
                .as("an error that is not known is a gap")
                .isEqualTo("[[1,2,3],[null,0.125,0.25],[null,0.0625,0.03125]]");
        assertThat(browser.text("#calibration-meaning"))
                .contains("expected calibration error", "divides the version's logits by its temperature");
        assertThat(browser.eval("[...document.querySelectorAll('#calibration-table tbody tr')]"
                                + ".map(r => r.textContent.replace(/2026.*/, 'when')).join('|')")
                        .asText())
                .isEqualTo(
                        "3active25.0%3.1%1.750–when|212.5%6.3%1.500160when|1––1.25080when|0, the source model––none––");
        assertThat(browser.text("#calibration-table caption")).isEqualTo("3 of 4 versions have a temperature");
        assertThat(browser.text("#calibration-hint")).contains("64 held-out labels", "chance");
        browser.afterNextFrame();
        browser.screenshot(SHOTS.resolve("calibration.png"));
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void nothingIsDrawnOfADomainWithoutLossesOrTemperatures() throws Exception {
        show("/?domain=default#losses");
        eventually(() -> assertThat(count("#loss-plot canvas")).isEqualTo(1));
        browser.eval("location.hash = 'calibration'");
        eventually(() -> assertThat(count("#calibration-plot canvas")).isEqualTo(1));

        show("/?domain=nobody#losses");
        eventually(() -> assertThat(browser.text("#loss-hint")).isEqualTo("No round of training yet."));
        assertThat(browser.text("#restarts")).isEqualTo("None.");
        browser.eval("location.hash = 'calibration'");
        eventually(() -> assertThat(browser.text("#calibration-hint")).isEqualTo("No version has a temperature yet."));

        assertThat(count("#loss-plot canvas, #calibration-plot canvas")).isZero();
        assertThat(browser.eval(
                                "['loss-plot', 'loss-terms', 'loss-marks', 'round-table', 'calibration-plot', 'calibration-key']"
                                        + ".filter(id => !document.getElementById(id).hidden).join()")
                        .asText())
                .as("shown")
                .isEmpty();
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void anotherDomainsLossesReplaceThoseThatWereDrawn() throws Exception {
        watchPlots();
        show("/?domain=default#losses");
        eventually(() -> assertThat(count("#loss-terms button")).isEqualTo(3));

        assertThat(chooseNight("#loss-plot canvas, #loss-terms:not([hidden])"))
                .as("before the new domain's answer")
                .isZero();

        eventually(() -> assertThat(browser.text("#loss-hint")).startsWith("1 round since"));
        assertThat(browser.eval("lossPlot().data.slice(1)").toString()).isEqualTo("[[0.5]]");
        browser.afterNextFrame();
        assertThat(totalIsDrawnAt(0)).as("a single round is a point").isEqualTo("[true]");
        assertThat(count("#loss-plot canvas")).isEqualTo(1);
        assertThat(browser.text("#restarts")).isEqualTo("None.");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void labelsTellClassesApartForBothModels() throws Exception {
        show("/#labels");
        eventually(() -> assertThat(count("#class-table tbody tr")).isEqualTo(3));

        assertThat(browser.text("#class-table caption")).isEqualTo("3 classes among the last 960 labels");
        assertThat(browser.eval(
                                "[...document.querySelectorAll('#class-table tbody tr')].map(r => r.textContent).join('|')")
                        .asText())
                .isEqualTo("Coat400100.0%0.0%+100.0|Bag32075.0%75.0%±0.0|Shirt2400.0%0.0%±0.0");
        assertThat(browser.eval("document.querySelector('#served-matrix tbody').textContent")
                        .asText())
                .isEqualTo("Coat400Bag24080Shirt240");
        assertThat(browser.eval("document.querySelector('#source-matrix tbody').textContent")
                        .asText())
                .isEqualTo("Coat400Bag80240Shirt240");
        assertThat(browser.text("#delay")).contains("2.0 s", "90.0 s");
        assertThat(browser.text("#suspicions")).contains("labels agree with nothing");
        browser.screenshot(SHOTS.resolve("labels.png"));
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void thePipelineShowsLagAndDeadLettersWithReasonsAndPictures() throws Exception {
        show("/#pipeline");
        eventually(() -> assertThat(count("#lag-table tbody tr")).isEqualTo(3));

        assertThat(browser.text("#lag-table tbody"))
                .contains(
                        "images", "12", "minibatch–nothing committed yet", "mini-batches", "3,456", "acclimate-adapt");
        assertThat(browser.text("#lag-hint")).contains("without the partitions in which it has committed nothing");
        assertThat(browser.text("#reason-table tbody")).isEqualTo("UNKNOWN_CLASSminibatch2UNDECODABLE_IMAGEminibatch1");
        assertThat(browser.text("#dead-list li")).contains("a sentence", "labels-0 at 3", "<b>Cap</b>");
        eventually(() -> assertThat(browser.eval("document.querySelector('#dead-list img').naturalWidth")
                        .asInt())
                .isEqualTo(32));
        browser.screenshot(SHOTS.resolve("pipeline.png"));
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void aDeadLetterIsSentAgainWithTheTokenAndAConfirmation() throws Exception {
        show("/#pipeline");
        eventually(() -> assertThat(count("[data-letter]")).isEqualTo(3));

        click("[data-letter]");
        eventually(() -> assertThat(browser.text("#resend-result")).isEqualTo("The token is missing."));

        browser.eval("document.getElementById('token').value = '" + TOKEN + "'");
        click("[data-letter]");
        eventually(() -> assertThat(
                        browser.eval("document.getElementById('confirm').open").asBoolean())
                .isTrue());
        assertThat(versions.resent).isEmpty();
        click("#confirm-yes");

        eventually(() -> assertThat(browser.text("#resend-result")).isEqualTo("Sent dead letter 2:13 to labels."));
        assertThat(versions.resent).containsExactly("2:13");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void actionsNeedTheTokenAndAConfirmationAndShowTheWorkersAnswer() throws Exception {
        show("/#versions");
        eventually(() -> assertThat(count("#action-version option")).isEqualTo(4));

        click("[data-verb=activate]");
        eventually(() -> assertThat(browser.text("#action-result")).isEqualTo("The token is missing."));

        browser.eval("document.getElementById('token').value = '" + TOKEN + "'");
        browser.eval("document.getElementById('action-version').value = '2'");
        click("[data-verb=activate]");
        eventually(() -> assertThat(
                        browser.eval("document.getElementById('confirm').open").asBoolean())
                .isTrue());
        assertThat(versions.commands).isEmpty();
        click("#confirm-yes");

        eventually(() -> assertThat(versions.commands)
                .singleElement()
                .isInstanceOfSatisfying(ControlCommand.Activate.class, command -> assertThat(command.version())
                        .isEqualTo(2)));
        feed.event(new Controlled(
                Fed.DOMAIN, Fed.START, versions.commands.element().id(), "activate", true, "activate to version 2"));
        eventually(() -> assertThat(browser.text("#action-result")).isEqualTo("Applied: activate to version 2"));
        assertThat(browser.complaints()).isEmpty();
    }
}
