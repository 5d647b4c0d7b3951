package io.acclimate.adapt.domain;

import static io.acclimate.adapt.domain.ProvingFixture.CLASSES;
import static io.acclimate.adapt.domain.ProvingFixture.saved;
import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.samples.ReplaySample;
import io.acclimate.adapt.translation.ListSigns;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.gate.GateSettings;
import io.acclimate.gate.Paired;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@link Proving} sees of lists of classes that are shifted, and of classes that are alike. */
class ProvingListsTest {
    private final ProvingFixture fixture = new ProvingFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    /** Scores by which the source model names class 0 for each image, and its second choice is right. */
    private static BaseModel.Predicted misled(List<Integer> truth) {
        return new BaseModel.Predicted(
                truth.stream().map(each -> 0).toList(),
                List.of(),
                truth.stream()
                        .map(each -> {
                            float[] scores = new float[CLASSES];
                            scores[each] = 1;
                            scores[0] += 5;
                            return FloatTensor.wrap(Shape.of(CLASSES), scores);
                        })
                        .toList());
    }

    private static void seeShifted(Proving proving, int from, int to) {
        Random random = new Random(from);
        for (int i = from; i < to; i += 10) {
            List<Integer> truth = random.ints(10, 0, CLASSES).boxed().toList();
            List<ReplaySample> samples = new ArrayList<>();
            for (int j = 0; j < truth.size(); j++) {
                int label = (truth.get(j) + 1) % CLASSES;
                samples.add(Linear.sample("shifted-" + (i + j), label, label));
            }
            proving.see(samples, misled(truth), misled(truth));
        }
    }

    @Test
    void aShiftedListIsFoundByScoresWhereTheSourceModelNamesOneClassForAllAndASavedProofGoesOn() {
        Proving proving = fixture.ofATrainedModel(GateSettings.defaults());
        Proving restored = fixture.ofATrainedModel(GateSettings.defaults());
        seeShifted(proving, 0, 60);
        restored.restore(saved(proving));

        seeShifted(proving, 60, 120);
        seeShifted(restored, 60, 120);

        assertThat(proving.missing(Paired.NONE))
                .anySatisfy(each -> assertThat(each).startsWith("the labels look like a list of classes shifted by 1"));
        assertThat(saved(restored)).isEqualTo(saved(proving));
    }

    @Test
    void theMeanOfScoresIsThatOfTheDomainAsItIs() {
        Proving proving = fixture.ofATrainedModel(GateSettings.defaults());
        seeShifted(proving, 0, 60);
        assertThat(saved(proving).getProof().getScored()).isEqualTo(60);

        proving.domainChanged();
        assertThat(saved(proving).getProof().getScored()).isZero();
        assertThat(saved(proving).getProof().getCentredPairsList()).isNotEmpty();
        seeShifted(proving, 60, 120);
        proving.relabelled();

        assertThat(saved(proving).getProof().getScored()).isZero();
        assertThat(saved(proving).getProof().getCentredPairsList()).isEmpty();
    }

    @Test
    void whichClassesAreAlikeIsLearntFromTheSourceModelsScoresAndForgottenWithTheLabelSet() {
        Proving proving = fixture.ofATrainedModel(GateSettings.defaults());

        seeShifted(proving, 0, 60);

        List<Double> likeness = saved(proving).getProof().getLikenessList();
        assertThat(likeness).hasSize(CLASSES + CLASSES * CLASSES + CLASSES * (CLASSES + 1) / 2);
        assertThat(likeness.subList(0, CLASSES).stream()
                        .mapToDouble(Double::doubleValue)
                        .sum())
                .isEqualTo(60);
        assertThat(likeness.subList(CLASSES, likeness.size())).anyMatch(sum -> sum != 0);

        proving.relabelled();

        assertThat(saved(proving).getProof().getLikenessList()).isEmpty();
    }

    @Test
    void aShiftedListThatPicturesShowKeepsCandidatesFromServingAndIsToldOnce() {
        List<String> shown = new ArrayList<>();
        Proving proving = fixture.proving(new ListSigns() {
            @Override
            public Optional<String> shifted() {
                return shown.stream().findFirst();
            }

            @Override
            public Optional<String> newlyShifted() {
                return shown.size() == 1 ? shifted() : Optional.empty();
            }
        });
        assertThat(proving.newSuspicion(Linear.batch(0), Linear.TIME)).isEmpty();

        shown.add("a list that is off by one");

        assertThat(proving.missing(Paired.NONE)).contains("a list that is off by one");
        assertThat(proving.newSuspicion(Linear.batch(1), Linear.TIME)).isPresent();
        shown.add("told already");
        assertThat(proving.newSuspicion(Linear.batch(2), Linear.TIME)).isEmpty();
        assertThat(proving.lost())
                .as("nothing serves that could lose its proof")
                .isEmpty();
        proving.promoted();
        assertThat(proving.lost()).contains("a list that is off by one");
    }

    @Test
    void ofVersionsFromBeforeItIsNotKept() {
        GateSettings.Proven now = GateSettings.Proven.defaults();
        GateSettings before = GateSettings.defaults()
                .withProven(new GateSettings.Proven(
                        now.level(),
                        now.classShare(),
                        GateSettings.Suspicion.CENTRED_SCORES,
                        now.watch(),
                        now.withdrawal()));
        Proving old = fixture.ofATrainedModel(before);

        seeShifted(old, 0, 60);

        assertThat(saved(old).getProof().getCentredPairsList()).isNotEmpty();
        assertThat(saved(old).getProof().getLikenessList()).isEmpty();
    }
}
