package io.acclimate.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.AdaptationEvent.Trained;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The page's views of losses and calibration. */
@Tag("browser")
class PageLearningIT extends OpenPage {
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
                        window.namedVersions = new Set();
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
                          if (this.canvas.closest('#calibration-plot') && /^v[0-9]/.test(words)) namedVersions.add(words);
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
    void versionsAreNamedBelowThePlotHoweverFarApartTheirNumbersAre() throws Exception {
        versions.fourth.set(2_500_000);
        versions.provenance.put(
                2_500_000L,
                Map.of("temperature", "1.5", "calibrationErrorBefore", "0.25", "calibrationErrorAfter", "0.125"));
        watchPlots();
        show("/#calibration");
        eventually(() -> assertThat(count("#calibration-plot canvas")).isEqualTo(1));
        browser.afterNextFrame();

        assertThat(browser.eval("namedVersions.size").asInt()).isGreaterThanOrEqualTo(2);
        assertThat(browser.eval("namedVersions.has('v1000000')").asBoolean()).isTrue();
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
}
