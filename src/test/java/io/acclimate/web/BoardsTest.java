package io.acclimate.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.Activation;
import io.acclimate.core.AdaptationEvent.Activated;
import io.acclimate.core.AdaptationEvent.Answered;
import io.acclimate.core.AdaptationEvent.Answered.Answers;
import io.acclimate.core.AdaptationEvent.Calibrated;
import io.acclimate.core.AdaptationEvent.Controlled;
import io.acclimate.core.AdaptationEvent.Judged;
import io.acclimate.core.AdaptationEvent.Trained;
import io.acclimate.core.DomainId;
import io.acclimate.core.GateDecision;
import io.acclimate.core.VersionId;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BoardsTest {
    private static final DomainId CAMERA = new DomainId("camera-1");
    private static final DomainId OTHER = new DomainId("camera-2");

    private final Boards boards = new Boards();
    private long seq;

    private void happened(io.acclimate.core.AdaptationEvent event) {
        boards.event(++seq, event);
    }

    private static Trained trained(DomainId domain, long version, int right, int steps) {
        return new Trained(domain, Fed.START, 1, 10, 2, version, right, 1, steps, 0, Map.of("total", 0.5));
    }

    @Test
    void domainsAreNotPooled() {
        happened(trained(CAMERA, 1, 10, 1));
        happened(trained(OTHER, 0, 0, 1));

        assertThat(boards.curve(CAMERA, 0).accuracy())
                .containsExactly(List.of((double) Fed.START.toEpochMilli(), 1.0, 0.1));
        assertThat(boards.summary(OTHER))
                .extracting("prequential")
                .extracting("served")
                .isEqualTo(0.0);
        assertThat(boards.curve(CAMERA, 1).accuracy()).as("nothing new").isEmpty();
    }

    @Test
    void aDomainMayHaveEventsOnceOneWasForgotten() {
        happened(trained(CAMERA, 1, 10, 1));
        assertThat(boards.mayHave(CAMERA)).isTrue();
        assertThat(boards.mayHave(OTHER)).isFalse();

        IntStream.range(0, Boards.DOMAINS).forEach(i -> happened(trained(new DomainId("many-" + i), 0, 1, 1)));

        assertThat(boards.mayHave(CAMERA)).isTrue();
        assertThat(boards.mayHave(OTHER)).isTrue();
    }

    @Test
    void figuresThatAreNotKnownAreMissing() {
        happened(new Controlled(CAMERA, Fed.START, "id", "resume", false, "training is not paused"));

        assertThat(boards.summary(CAMERA))
                .containsEntry("training", "unknown")
                .doesNotContainKeys("prequential", "labelDelay", "losses");
        assertThat(boards.version(CAMERA, 0)).isEmpty();
    }

    @Test
    void aVersionHasTheEvidenceAndLossesOfItsRoundAndHowItServed() {
        happened(trained(CAMERA, 0, 1, 1));
        happened(new Judged(CAMERA, Fed.START, 1, 0, new GateDecision.Promote(), 0.75, 0.5, Double.NaN, 128));
        happened(new Activated(
                CAMERA,
                Fed.START,
                new Activation(
                        new VersionId(CAMERA, 1), 1, Activation.Cause.PROMOTE, "better", Fed.START, 10, Fed.START),
                0));
        happened(trained(CAMERA, 1, 8, 1));
        happened(trained(CAMERA, 1, 6, 1));

        Map<String, Object> version = boards.version(CAMERA, 1);

        assertThat(version).containsEntry("losses", Map.of("total", 0.5));
        assertThat(version.get("gate"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                .containsEntry("candidate", 0.75)
                .containsEntry("decision", "promote")
                .doesNotContainKey("source");
        assertThat(version.get("prequential")).isEqualTo(Map.of("samples", 20L, "served", 0.7, "source", 0.1));
    }

    @Test
    void aVersionHasTheCalibrationErrorsThatAreKnown() {
        happened(new Calibrated(CAMERA, Fed.START, 1, 1.5, 80, Double.NaN, Double.NaN));
        happened(new Calibrated(CAMERA, Fed.START, 2, 1.25, 160, 0.125, 0.0));

        assertThat(boards.version(CAMERA, 1).get("calibration"))
                .as("too few samples were held out")
                .isEqualTo(Map.of("at", Fed.START.toEpochMilli(), "temperature", 1.5, "samples", 80));
        assertThat(boards.version(CAMERA, 2).get("calibration"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                .containsEntry("errorBefore", 0.125)
                .containsEntry("errorAfter", 0.0);
        assertThat(boards.version(CAMERA, 3)).doesNotContainKey("calibration");
    }

    @Test
    void lossesAreThoseOfTheDomain() {
        happened(trained(CAMERA, 1, 10, 1));

        assertThat(boards.losses(CAMERA)).containsEntry("seen", 1L);
        assertThat(boards.losses(OTHER)).isEqualTo(Map.of("seen", 0L, "rounds", List.of(), "marks", List.of()));
    }

    @Test
    void aLossThatIsNotFiniteIsMissingSinceJsonHasNoNumberForIt() {
        happened(new Trained(
                CAMERA, Fed.START, 0, 10, 2, 1, 8, 1, 8, 0, Map.of("total", Double.POSITIVE_INFINITY, "target", 0.5)));
        happened(new Judged(CAMERA, Fed.START, 1, 0, new GateDecision.Promote(), 0.75, 0.5, Double.NaN, 16));

        assertThat(boards.summary(CAMERA)).containsEntry("losses", Map.of("target", 0.5));
        assertThat(boards.version(CAMERA, 1)).containsEntry("losses", Map.of("target", 0.5));
    }

    @Test
    void pauseAndResumeAreFollowedOnlyIfTheyWereApplied() {
        happened(trained(CAMERA, 0, 1, 1));
        happened(new Controlled(CAMERA, Fed.START, "1", "pause", false, "no"));
        assertThat(boards.summary(CAMERA)).containsEntry("training", "running");

        happened(new Controlled(CAMERA, Fed.START, "2", "pause", true, "yes"));
        happened(trained(CAMERA, 0, 1, 0));

        assertThat(boards.summary(CAMERA)).containsEntry("training", "paused");
        assertThat(boards.answer("1"))
                .hasValueSatisfying(answer -> assertThat(answer.applied()).isFalse());
        assertThat(boards.answer("3")).isEmpty();
    }

    @Test
    void aRetiredDomainHasNoBoardAnyMoreAndTheAnswerIsKept() {
        happened(trained(CAMERA, 0, 1, 1));
        happened(new Controlled(CAMERA, Fed.START, "1", "retire", false, "no"));
        assertThat(boards.domains()).contains(CAMERA);

        happened(new Controlled(CAMERA, Fed.START, "2", "retire", true, "retired"));

        assertThat(boards.domains()).doesNotContain(CAMERA);
        assertThat(boards.answer("2")).isPresent();
    }

    @Test
    void aRefusedCommandMakesNoBoardForADomainThatNeverWas() {
        happened(new Controlled(CAMERA, Fed.START, "1", "retire", false, "there is no domain camera-1"));

        assertThat(boards.domains()).isEmpty();
        assertThat(boards.answer("1")).isPresent();
    }

    @Test
    void theDomainThatWasSilentForTheLongestTimeGivesWay() {
        happened(trained(CAMERA, 0, 1, 1));
        happened(trained(OTHER, 0, 1, 1));
        happened(trained(CAMERA, 0, 1, 1));
        for (int i = 0; i < Boards.DOMAINS - 1; i++) {
            boards.summary(OTHER);
            happened(trained(new DomainId("made-up-" + i), 0, 1, 1));
        }

        assertThat(boards.domains())
                .as("looking at a domain does not keep it")
                .hasSize(Boards.DOMAINS)
                .contains(CAMERA)
                .doesNotContain(OTHER);
    }

    @Test
    void answersAreBoundedBySamplesAndNotByTheSquareOfTheClasses() {
        for (int round = 0; round < 300; round++) {
            int first = round * 32;
            happened(new Answered(
                    CAMERA,
                    Fed.START,
                    round,
                    round,
                    Fed.START,
                    Fed.START,
                    IntStream.range(first, first + 32)
                            .mapToObj(i -> new Answers("class " + i, "other " + i, "third " + i, 1))
                            .toList()));
        }

        assertThat(boards.answers(CAMERA).get("answers"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .hasSizeBetween(RecentAnswers.SAMPLES, RecentAnswers.SAMPLES + 32);
    }

    @Test
    void judgementsThatArePutOffDoNotPushDecisionsOffTheList() {
        happened(new Judged(CAMERA, Fed.START, 1, 0, new GateDecision.Promote(), 0.75, 0.5, 0.1, 128));
        for (int i = 0; i < 500; i++) {
            happened(new Judged(
                    CAMERA, Fed.START, 2, 1, new GateDecision.Defer(List.of("reason " + i)), 0.7, 0.7, 0.1, 128));
        }

        assertThat(boards.curve(CAMERA, 0).cards())
                .extracting(LiveView.Card::detail)
                .satisfiesExactly(first -> assertThat(first).contains("holdout of 128"), last -> assertThat(last)
                        .isEqualTo("reason 499"));
    }

    @Test
    void versionsAreBoundedToTheNewestAndTheSourceModel() {
        for (int version = 0; version < 600; version++) {
            happened(trained(CAMERA, version, 1, 1));
        }

        assertThat(boards.version(CAMERA, 599)).isNotEmpty();
        assertThat(boards.version(CAMERA, 600 - 511)).isNotEmpty();
        assertThat(boards.version(CAMERA, 600 - 512)).isEmpty();
        assertThat(boards.version(CAMERA, 0)).as("the source model").isNotEmpty();
    }

    @Test
    void anOldVersionThatServesKeepsItsFactsWhileCandidatesAreRejected() {
        happened(trained(CAMERA, 1, 1, 1));
        for (int candidate = 2; candidate < 600; candidate++) {
            happened(new Judged(
                    CAMERA, Fed.START, candidate, 1, new GateDecision.Reject(List.of("worse")), 0.4, 0.5, 0.1, 128));
        }
        assertThat(boards.version(CAMERA, 1)).as("the active version").isNotEmpty();

        happened(trained(CAMERA, 2, 1, 1));

        assertThat(boards.version(CAMERA, 2)).as("the number just asked for").isNotEmpty();
    }

    @Test
    void labelsTrainedOnAreCountedSinceTheFirstEventThatIsKnown() {
        happened(new Controlled(CAMERA, Fed.START.minusSeconds(9), "id", "resume", true, "training runs"));
        happened(trained(CAMERA, 0, 1, 1));

        assertThat(boards.summary(CAMERA))
                .containsEntry("trainedSamples", 8L)
                .containsEntry("trainedSince", Fed.START.minusSeconds(9).toEpochMilli());
        assertThat(boards.summary(OTHER)).doesNotContainKey("trainedSince");
    }
}
