package io.acclimate.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.AdaptationEvent.Controlled;
import io.acclimate.core.AdaptationEvent.Trained;
import io.acclimate.core.ControlCommand;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The page's views of domains, versions, labels and the pipeline, and its actions. */
@Tag("browser")
class PageViewsIT extends OpenPage {
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
