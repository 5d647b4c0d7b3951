package io.acclimate.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassLikenessTest {
    private static final int CLASSES = LikeModel.CLASSES;

    private final ClassLikeness likeness = new ClassLikeness(CLASSES);

    @Test
    void aListThatIsOffByOneFitsBetterWhereTheModelKnowsLittle() {
        new LikeModel(0.5, 1).show(likeness, 256, 1);

        assertThat(likeness.shiftedBy(1).fits()).isTrue();
        assertThat(likeness.shiftedBy(1).isUnlike()).isFalse();
        assertThat(likeness.shiftedBy(CLASSES - 1).moreAgreement())
                .as("the list as it is fits so badly that others do better")
                .isLessThan(likeness.shiftedBy(1).moreAgreement());
    }

    @Test
    void theListAsItIsFitsBetterWhenItIsRight() {
        new LikeModel(0.5, 1).show(likeness, 256, 0);

        for (int shift = 1; shift < CLASSES; shift++) {
            assertThat(likeness.shiftedBy(shift).fits())
                    .as("shifted by %d", shift)
                    .isFalse();
            assertThat(likeness.shiftedBy(shift).mayFit())
                    .as("shifted by %d", shift)
                    .isFalse();
        }
        assertThat(likeness.shiftedBy(1).isUnlike()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.3, -1, -2})
    void negativesAgreeWithAnotherListAndAreUnlikeIt(double clear) {
        new LikeModel(clear, 1).show(likeness, 256, 0);

        assertThat(likeness.shiftedBy(1).moreAgreement()).isGreaterThan(0.4);
        assertThat(likeness.shiftedBy(1).fits()).isFalse();
        assertThat(likeness.shiftedBy(1).isUnlike()).isTrue();
    }

    @Test
    void ofManySamplesTheLikenessAloneIsEnough() {
        LikeModel model = new LikeModel(-1, 1);
        model.show(likeness, 250, 1);
        assertThat(likeness.shiftedBy(1).moreAgreement()).isNegative();
        assertThat(likeness.shiftedBy(1).moreLikeness()).isGreaterThan(0.5);
        assertThat(likeness.shiftedBy(1).mayFit()).isTrue();
        assertThat(likeness.shiftedBy(1).fits()).isFalse();

        model.show(likeness, 6, 1);

        assertThat(likeness.shiftedBy(1).fits()).isTrue();
    }

    private static ClassLikeness.Better better(double agreement, double alike, int classes, int samples) {
        return new ClassLikeness.Better(1, 1, agreement, alike, classes * (classes - 1) / 2, samples, classes);
    }

    @Test
    void ofFewClassesThereMustBeMoreLikeness() {
        assertThat(better(0, 0.51, 10, 256).fits()).isTrue();
        assertThat(better(0, 0.49, 10, 256).fits()).isFalse();
        assertThat(better(0, 0.51, 20, 256).fits()).isTrue();
        assertThat(better(0, 0.49, 20, 256).fits()).isFalse();
        assertThat(better(0, 1.07, 5, 256).fits()).as("0.5 * sqrt(4.5)").isTrue();
        assertThat(better(0, 1.05, 5, 256).fits()).isFalse();
        assertThat(better(1, 0.43, 5, 256).fits()).as("0.2 * sqrt(4.5)").isTrue();
        assertThat(better(1, 0.42, 5, 256).fits()).isFalse();
        assertThat(better(1, -0.43, 5, 256).isUnlike()).isTrue();
        assertThat(better(1, -0.42, 5, 256).isUnlike()).isFalse();
    }

    @Test
    void ofFewSamplesThereMustBeMoreAgreement() {
        assertThat(better(0.26, 0.3, 10, 128).fits())
                .as("2 * sqrt(2 / 128) = 0.25")
                .isTrue();
        assertThat(better(0.24, 0.3, 10, 128).fits()).isFalse();
        assertThat(better(0.21, 0.3, 10, 1_024).fits()).isTrue();
        assertThat(better(0.19, 0.3, 10, 1_024).fits()).isFalse();
    }

    private static ClassLikeness.Better fit(double agreement, double alike, double moreAgreement) {
        return new ClassLikeness.Better(agreement, alike, moreAgreement, 0.8, 45, 256, 10);
    }

    @Test
    void aListMustFitAndNotJustBetterThanOneThatDoesNot() {
        assertThat(fit(0.21, 0.21, 0.8).fits()).isTrue();
        assertThat(fit(0.19, 0.21, 0.8).fits()).isFalse();
        assertThat(fit(0.21, 0.19, 0.8).fits()).isFalse();
        assertThat(fit(-0.5, 0.41, -0.8).fits()).isTrue();
        assertThat(fit(-0.5, 0.39, -0.8).fits()).isFalse();
    }

    @Test
    void whatMayFitIsMoreThanWhatFits() {
        assertThat(better(0.11, 0.11, 10, 64).mayFit()).isTrue();
        assertThat(better(0.09, 0.3, 10, 64).mayFit()).isFalse();
        assertThat(better(0.3, 0.09, 10, 64).mayFit()).isFalse();
        assertThat(better(0, 0.6, 10, 79).mayFit()).isFalse();
        assertThat(better(0, 0.6, 10, 80).mayFit()).isTrue();
    }

    @Test
    void anyOrderOfTheClassesCanBeAskedAbout() {
        int[] exchanged = {1, 0, 3, 2, 5, 4, 7, 6, 9, 8};
        LikeModel model = new LikeModel(1, 3);
        for (int i = 0; i < 256; i++) {
            likeness.see(model.scores(i % CLASSES), exchanged[i % CLASSES]);
        }

        assertThat(likeness.better(exchanged).fits()).isTrue();
        assertThat(likeness.shiftedBy(0)).satisfies(none -> {
            assertThat(none.moreAgreement()).isZero();
            assertThat(none.moreLikeness()).isZero();
        });
    }

    @Test
    void nothingIsSureBeforeThereAreEightSamplesOfEachClass() {
        LikeModel model = new LikeModel(2, 1);
        model.show(likeness, 79, 1);
        assertThat(likeness.shiftedBy(1).mayFit()).isTrue();
        assertThat(likeness.shiftedBy(1).fits()).isFalse();
        assertThat(likeness.shiftedBy(2).isUnlike()).isFalse();

        likeness.see(model.scores(9), 0);

        assertThat(likeness.shiftedBy(1).fits()).isTrue();
    }

    @Test
    void aReaderOfADialThatReadsTooLowIsNoShiftedList() {
        SplittableRandom random = new SplittableRandom(1);
        ClassLikeness circle = new ClassLikeness(CLASSES);
        for (int i = 0; i < 512; i++) {
            double read = i % CLASSES - 1 + 0.5 * random.nextGaussian();
            likeness.see(near(Math.max(0, read), false), i % CLASSES);
            circle.see(near(read, true), i % CLASSES);
        }

        assertThat(likeness.shiftedBy(1).moreAgreement())
                .as("it names the class before more often than the right one")
                .isGreaterThan(0.2);
        assertThat(likeness.shiftedBy(1).fits()).isFalse();
        assertThat(circle.shiftedBy(1).moreAgreement()).isGreaterThan(0.2);
        assertThat(circle.shiftedBy(1).moreLikeness())
                .as("around a circle nothing tells one list from the other")
                .isBetween(-0.1, 0.1);
        assertThat(circle.shiftedBy(1).fits()).isFalse();
    }

    private static List<Double> near(double read, boolean circle) {
        List<Double> scores = new ArrayList<>();
        for (int i = 0; i < CLASSES; i++) {
            double away = read - i;
            double shortest = circle ? away - CLASSES * Math.round(away / CLASSES) : away;
            scores.add(4 * Math.exp(-shortest * shortest / 2));
        }
        return scores;
    }

    @Test
    void whatAllScoresOfASampleHaveInCommonSaysNothing() {
        ClassLikeness moved = new ClassLikeness(CLASSES);
        LikeModel model = new LikeModel(0.5, 1);
        for (int i = 0; i < 128; i++) {
            List<Double> scores = model.scores(i % CLASSES);
            double common = i % 7;
            likeness.see(scores, i % CLASSES);
            moved.see(scores.stream().map(score -> score + common).toList(), i % CLASSES);
        }

        assertThat(moved.shiftedBy(1).moreLikeness())
                .isCloseTo(likeness.shiftedBy(1).moreLikeness(), offset(1e-9));
        assertThat(moved.shiftedBy(1).moreAgreement())
                .isCloseTo(likeness.shiftedBy(1).moreAgreement(), offset(1e-9));
    }

    @Test
    void labelsThatCameOnceAndClassesWithoutALabelAreLeftOut() {
        LikeModel model = new LikeModel(1, 1);
        for (int i = 0; i < 256; i++) {
            likeness.see(model.scores(i % 4), i % 4);
        }
        likeness.see(model.scores(5), 5);

        assertThat(likeness.shiftedBy(1).moreLikeness())
                .as("six pairs of four classes, of at least ten")
                .isZero();
        assertThat(likeness.shiftedBy(1).moreAgreement()).isZero();
    }

    @Test
    void scoresThatNeverVarySayNothing() {
        for (int i = 0; i < 100; i++) {
            likeness.see(Collections.nCopies(CLASSES, 1.0), i % CLASSES);
        }

        assertThat(likeness.shiftedBy(1).moreAgreement()).isZero();
        assertThat(likeness.shiftedBy(1).moreLikeness()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 4, 33, 1_000})
    void ofFewOrManyClassesNothingIsKept(int classes) {
        ClassLikeness none = new ClassLikeness(classes);

        none.see(Collections.nCopies(classes, 1.0), 0);

        assertThat(none.state()).isEmpty();
        assertThat(none.shiftedBy(1).fits()).isFalse();
    }

    @Test
    void samplesWithoutScoresAreNotSeen() {
        likeness.see(List.of(), 3);

        assertThat(likeness.state()).isEmpty();
    }

    @Test
    void aRestoredOneGoesOnAsBefore() {
        LikeModel model = new LikeModel(0.5, 1);
        model.show(likeness, 100, 1);
        ClassLikeness restored = new ClassLikeness(CLASSES);
        ClassLikeness smaller = new ClassLikeness(CLASSES - 1);

        restored.restore(likeness.state());
        smaller.restore(likeness.state());
        List<Double> next = model.scores(4);
        likeness.see(next, 5);
        restored.see(next, 5);

        assertThat(restored.state()).isEqualTo(likeness.state()).hasSize(10 + 100 + 55);
        assertThat(restored.shiftedBy(1)).isEqualTo(likeness.shiftedBy(1));
        assertThat(smaller.state()).isEmpty();
    }

    @Test
    void allSumsAreHalvedWhenThereAreMany() {
        LikeModel model = new LikeModel(0.5, 1);
        model.show(likeness, 2_047, 0);
        ClassLikeness.Better before = likeness.shiftedBy(1);
        double labels = likeness.state().get(0);

        likeness.see(model.scores(7), 7);

        assertThat(likeness.state())
                .element(0, InstanceOfAssertFactories.DOUBLE)
                .isEqualTo(labels / 2);
        assertThat(likeness.shiftedBy(1).moreLikeness()).isCloseTo(before.moreLikeness(), offset(0.01));
        assertThat(likeness.shiftedBy(1).samples()).isEqualTo(1_024);

        likeness.clear();
        assertThat(likeness.state()).isEmpty();
    }
}
