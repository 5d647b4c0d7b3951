package io.acclimate.adapt.domain;

import static io.acclimate.adapt.domain.ProvingFixture.CLASSES;
import static io.acclimate.adapt.domain.ProvingFixture.classes;
import static io.acclimate.adapt.domain.ProvingFixture.saved;
import static io.acclimate.adapt.domain.ProvingFixture.seeWorse;
import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.adapt.repeats.SeenPictures;
import io.acclimate.adapt.samples.ReplaySample;
import io.acclimate.adapt.samples.Shelf;
import io.acclimate.adapt.settings.AnswerSettings;
import io.acclimate.core.FloatTensor;
import io.acclimate.gate.GateSettings;
import io.acclimate.gate.Paired;
import io.acclimate.infer.BiasModel;
import io.acclimate.train.LabelledBatch;
import io.acclimate.wire.v1.Checkpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProvingTest {
    private final ProvingFixture fixture = new ProvingFixture();
    private final Proving proving = fixture.proving(GateSettings.Rule.PROVEN);

    @AfterEach
    void close() {
        fixture.close();
    }

    private static void seeOneClass(Proving proving, int count) {
        List<ReplaySample> samples = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            samples.add(Linear.sample("image-" + i, 3, 3));
            labels.add(3);
        }
        proving.see(samples, classes(labels), classes(labels));
    }

    @Test
    void anImageThatIsHeldAndPixelsThatAreReplayedAreNoNewEvidence() {
        fixture.holdout.restore(List.of(Linear.sample("held", 0, 1)), List.of());
        fixture.replay.add(Linear.sample("replayed", 2, 2), new SplitMix64(1));

        proving.see(
                List.of(Linear.sample("held", 1, 1), Linear.sample("again", 2, 2), Linear.sample("new", 3, 3)),
                classes(List.of(0, 0, 0)),
                classes(List.of(1, 2, 3)));

        assertThat(saved(proving).getProof().getClassesMap()).isEqualTo(Map.of(3, 1));
    }

    @Test
    void aPictureThatHadALabelIsNoNewEvidenceAlsoWhereNoBufferHasItAnyMoreAndOfEqualOnesOneIs() {
        try (ProvingFixture remembering =
                new ProvingFixture(new SeenPictures(AnswerSettings.Repeats.LEFT_OUT, BiasModel.INPUT, Shelf.HEAP))) {
            Proving byPicture = remembering.proving(GateSettings.Rule.PROVEN);
            assertThat(remembering.holdout.seen().see(new HeapRow(Linear.row(1))))
                    .isFalse();

            byPicture.see(
                    List.of(Linear.sample("again", 1, 1), Linear.sample("new", 3, 3), Linear.sample("newer", 3, 3)),
                    classes(List.of(0, 0, 0)),
                    classes(List.of(1, 3, 3)));

            assertThat(saved(byPicture).getProof().getClassesMap()).isEqualTo(Map.of(3, 1));
        }
    }

    @Test
    void untilSomethingIsTrainedTheCandidateAnswersAsWhatServes() {
        proving.see(List.of(Linear.sample("a", 1, 1)), classes(List.of(0)), classes(List.of(1)));

        // Class 1 of 9 states each: candidate and active version are both ahead, (1 + 1) · 3 + 1 + 1.
        assertThat(saved(proving).getProof().getRecentList()).containsExactly(9 + 8);
    }

    @Test
    void theCandidateAnswersWithWhatWasTrainedSince() {
        LabelledBatch batch = new LabelledBatch(FloatTensor.stack(List.of(Linear.row(1))), List.of(1));
        for (int i = 0; i < 5; i++) {
            fixture.active.trainer().step(batch, Optional.empty());
        }
        fixture.active.trained();

        proving.see(List.of(Linear.sample("a", 1, 1)), classes(List.of(0)), classes(List.of(0)));

        // The candidate is ahead, and the active version is not: (1 + 1) · 3 + 0 + 1.
        assertThat(saved(proving).getProof().getRecentList()).containsExactly(9 + 7);
    }

    @Test
    void whereNoProofIsAskedForNothingIsScoredMissingOrLost() {
        Proving none = fixture.proving(GateSettings.Rule.NON_INFERIOR);
        none.promoted();
        seeWorse(none, 300);

        assertThat(saved(none).hasProof()).isFalse();
        assertThat(none.missing(Paired.NONE)).isEmpty();
        assertThat(none.lost()).isEmpty();
        assertThat(none.trainedAstray()).isEmpty();
        assertThat(none.newSuspicion(Linear.batch(0), Linear.TIME)).isEmpty();
    }

    @Test
    void whatIsWorseIsNotProvenLosesItsProofAndHasTrainedAstray() {
        proving.promoted();
        seeWorse(proving, 300);

        assertThat(proving.missing(Paired.NONE)).isNotEmpty();
        assertThat(proving.lost()).isPresent();
        assertThat(proving.trainedAstray()).isPresent();

        proving.restarted();

        assertThat(proving.trainedAstray()).isEmpty();
        assertThat(proving.lost()).isPresent();
    }

    @Test
    void thatLabelsAreOfTooFewClassesIsLoggedOnceWithTheOptionThatHelps() {
        List<ReplaySample> samples = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            samples.add(Linear.sample("image-" + i, i % CLASSES, i % 2));
            labels.add(i % 2);
        }
        proving.see(samples, classes(labels), classes(labels));

        try (LogLines log = new LogLines(Proving.class)) {
            proving.newSuspicion(Linear.batch(0), Linear.TIME);
            proving.newSuspicion(Linear.batch(1), Linear.TIME);

            assertThat(log.lines())
                    .filteredOn(line -> line.contains("classes"))
                    .singleElement()
                    .asString()
                    .contains("its 300 labels name 2 of the 5 classes, and no version serves before 4 have labels")
                    .contains("--gate-classes 0.4");
        }
    }

    @Test
    void aPromotionStartsTheCountOfSamplesThatAnOperatorsChoiceEnds() {
        proving.promoted();
        seeWorse(proving, 7);
        assertThat(saved(proving).getProof().getServedSince()).isEqualTo(7);

        proving.chosen();

        assertThat(saved(proving).getProof().getServedSince()).isEqualTo(-1);
        assertThat(saved(proving).getProof().getRecentList()).isEmpty();
    }

    @Test
    void aVersionThatTheGuardWentBackToHasItsProofAndNoneOfTheEvidenceSince() {
        seeWorse(proving, 7);

        proving.wentBack();

        assertThat(saved(proving).getProof().getServedSince()).isZero();
        assertThat(saved(proving).getProof().getRecentList()).isEmpty();
        assertThat(saved(proving).getProof().getClassesMap()).hasSize(CLASSES);
    }

    @Test
    void beginningAfreshForgetsTheClassesSeenAsDoesACheckpointWithoutAProof() {
        Proving restored = fixture.proving(GateSettings.Rule.PROVEN);
        seeWorse(proving, 10);
        seeWorse(restored, 10);

        proving.afresh();
        restored.restore(Checkpoint.getDefaultInstance());

        assertThat(saved(proving).getProof().getClassesMap()).isEmpty();
        assertThat(saved(restored)).isEqualTo(saved(proving));
    }

    @Test
    void continuesFromACheckpointAsIfNothingHadHappened() {
        proving.promoted();
        seeOneClass(proving, 300);
        assertThat(proving.newSuspicion(Linear.batch(0), Linear.TIME)).isPresent();
        seeWorse(proving, 30);
        Proving restored = fixture.proving(GateSettings.Rule.PROVEN);

        restored.restore(saved(proving));

        assertThat(saved(proving).getProof().getSuspected()).isEqualTo("ONE_CLASS");
        assertThat(saved(restored)).isEqualTo(saved(proving));
    }
}
