package io.acclimate.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link LabelShift} and {@link LabelWindow} make of {@link ClassLikeness}. */
class AlikeClassesTest {
    private static final int CLASSES = LikeModel.CLASSES;

    private final LabelShift now = new LabelShift(CLASSES, GateSettings.Suspicion.ALIKE_CLASSES);
    private final LabelShift before = new LabelShift(CLASSES, GateSettings.Suspicion.CENTRED_SCORES);

    private void see(LikeModel model, int samples, int shift) {
        for (int i = 0; i < samples; i++) {
            Scored sample = model.scored(i % CLASSES, shift);
            now.see(sample);
            before.see(sample);
        }
    }

    private static Optional<String> found(LabelShift labels) {
        return labels.suspected(Certainty.FOUND, true);
    }

    @Test
    void aListThatIsOffByOneIsFoundWhereTheModelKnowsLittle() {
        see(new LikeModel(0.25, 2), 512, 1);

        assertThat(found(before)).isEmpty();
        assertThat(found(now))
                .hasValueSatisfying(evidence -> assertThat(evidence).contains("shifted by 1:"));
    }

    @Test
    void soIsOneThatIsOffByOneTheOtherWay() {
        see(new LikeModel(0.25, 2), 512, CLASSES - 1);

        assertThat(found(now))
                .hasValueSatisfying(evidence -> assertThat(evidence).contains("shifted by 9:"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 5})
    void otherListsAreNot(int shift) {
        see(new LikeModel(0.25, 2), 512, shift);

        assertThat(found(now)).isEqualTo(found(before)).isEmpty();
    }

    @Test
    void nothingIsFoundWhileOneClassFloodsTheLabels() {
        LikeModel model = new LikeModel(1, 2);
        see(model, 512, 1);
        assertThat(found(now)).isPresent();

        for (int i = 0; i < 150; i++) {
            now.see(model.scored(4, 1));
        }

        assertThat(now.likeness().shiftedBy(1).fits()).isTrue();
        assertThat(found(now)).isEmpty();
    }

    @Test
    void fewLabelsThatLeanToAListAreWaitedOut() {
        see(new LikeModel(0.3, 7), 60, 1);

        assertThat(found(now)).isEmpty();
        assertThat(before.doubted(true)).isEmpty();
        assertThat(now.doubted(true))
                .hasValueSatisfying(why -> assertThat(why).contains("60 labels are too few to tell", "shifted by 1"));
        assertThat(now.doubted(false)).isEmpty();
    }

    @Test
    void rightLabelsByWhichClassesAreAlikeAreNotCalledPermutedWhateverTheModelNames() {
        LikeModel model = new LikeModel(-1, 1);
        LabelWindow window = new LabelWindow(CLASSES, Set.of(), now);
        LabelWindow withoutLikeness = new LabelWindow(CLASSES, Set.of(), before);
        for (int i = 0; i < 400; i++) {
            int truth = i % CLASSES;
            int source = i / CLASSES % 3 == 0 ? 3 : truth ^ 1;
            Scored sample = new Scored(truth, source, source, truth, source, model.scores(truth));
            now.see(sample);
            before.see(sample);
            window.add(sample);
            withoutLikeness.add(sample);
        }

        assertThat(withoutLikeness.suspicion(false).map(LabelSuspicion::kind)).contains(LabelSuspicion.Kind.PERMUTED);
        assertThat(window.suspicion(false)).isEmpty();
    }

    @Test
    void exchangedLabelsAreStillCalledPermutedWhereTheyFit() {
        LikeModel model = new LikeModel(2, 1);
        LabelWindow window = new LabelWindow(CLASSES, Set.of(), now);
        for (int i = 0; i < 400; i++) {
            Scored right = model.scored(i % CLASSES, 0);
            Scored sample = new Scored(right.label() ^ 1, right.source(), 0, right.label() ^ 1, 0, right.logits());
            now.see(sample);
            window.add(sample);
        }

        assertThat(window.suspicion(false).map(LabelSuspicion::kind)).contains(LabelSuspicion.Kind.PERMUTED);
    }

    /** After so many labels of another order it is called permuted, when right ones came before. */
    private static int calledPermutedAfter(int right, LabelShift all) {
        LikeModel model = new LikeModel(2, 1);
        LabelWindow window = new LabelWindow(CLASSES, Set.of(), all);
        for (int i = 0; i < right + 2_000; i++) {
            Scored seen = model.scored(i % CLASSES, 0);
            int label = i < right ? seen.label() : CLASSES - 1 - seen.label();
            Scored sample = new Scored(label, seen.source(), seen.source(), label, seen.source(), seen.logits());
            all.see(sample);
            window.add(sample);
            if (i >= right
                    && i % 64 == 0
                    && window.suspicion(false)
                            .filter(each -> each.kind() == LabelSuspicion.Kind.PERMUTED)
                            .isPresent()) {
                return i - right;
            }
        }
        return Integer.MAX_VALUE;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 500, 1_000, 1_900, 3_000})
    void labelsWhoseOrderChangesAreCalledPermutedAsSoonAsWithoutTheLikeness(int right) {
        assertThat(calledPermutedAfter(right, now))
                .isEqualTo(calledPermutedAfter(right, before))
                .isLessThan(520);
    }

    @Test
    void theLikenessGoesWithTheCountsAndIsForgottenWithThem() {
        see(new LikeModel(0.25, 2), 512, 1);
        LabelShift restored = new LabelShift(CLASSES, GateSettings.Suspicion.ALIKE_CLASSES);

        restored.restore(
                now.state(), now.pairs(), now.centredPairs(), now.likeness().state());
        assertThat(found(restored)).isEqualTo(found(now)).isPresent();
        assertThat(before.likeness().state()).isEmpty();

        restored.clear();
        assertThat(restored.likeness().state()).isEqualTo(List.of());
        assertThat(found(restored)).isEmpty();
    }
}
