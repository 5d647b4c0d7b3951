package io.acclimate.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelWindowTest {
    private static final int CLASSES = 10;

    private final SplittableRandom random = new SplittableRandom(1);
    /** No labels are known but those of the window. */
    static final LabelShift NOTHING_BEFORE = new LabelShift(2, GateSettings.Suspicion.CENTRED_SCORES);

    private final LabelWindow window = new LabelWindow(CLASSES, Set.of(), NOTHING_BEFORE);

    @ParameterizedTest
    @ValueSource(doubles = {0.2, 0.4, 0.9})
    void rightLabelsAreNotSuspected(double accuracy) {
        for (int i = 0; i < 20; i++) {
            see(64, accuracy, label -> label);
            assertThat(window.suspicion(false)).isEmpty();
        }
    }

    @Test
    void halfOfTheLabelsAtRandomAreNotSuspected() {
        see(512, 0.4, label -> random.nextInt(2) == 0 ? label : random.nextInt(CLASSES));

        assertThat(window.suspicion(false)).isEmpty();
    }

    @Test
    void randomLabelsAreFoundWithTheNumbers() {
        see(256, 0.9, label -> random.nextInt(CLASSES));

        assertThat(window.suspicion(false)).get().satisfies(found -> {
            assertThat(found.kind()).isEqualTo(LabelSuspicion.Kind.RANDOM);
            assertThat(found.evidence()).contains("nothing ties the last 256 labels", "agree with the source model");
        });
    }

    @Test
    void oneClassIsFoundAlsoWhereLabelsComeSorted() {
        see(256, 0.4, label -> 3);

        assertThat(window.suspicion(true)).get().satisfies(found -> {
            assertThat(found.kind()).isEqualTo(LabelSuspicion.Kind.ONE_CLASS);
            assertThat(found.evidence()).contains("all of the last 256 labels name class 3");
        });
    }

    @ParameterizedTest
    @CsvSource({"1, shifted by 1", "7, shifted by 7"})
    void aShiftedListIsNamed(int shift, String name) {
        see(512, 0.4, label -> (label + shift) % CLASSES);

        assertThat(window.suspicion(false)).get().satisfies(found -> {
            assertThat(found.kind()).isEqualTo(LabelSuspicion.Kind.PERMUTED);
            assertThat(found.evidence()).contains(name);
        });
    }

    @Test
    void aReversedListIsNamed() {
        see(512, 0.4, label -> CLASSES - 1 - label);

        assertThat(window.suspicion(false).map(LabelSuspicion::evidence))
                .get()
                .asString()
                .contains("reversed");
    }

    @Test
    void twoExchangedClassesAreNamed() {
        see(512, 0.8, label -> label == 2 ? 5 : label == 5 ? 2 : label);

        assertThat(window.suspicion(false).map(LabelSuspicion::evidence))
                .get()
                .asString()
                .contains("(2 for 5, 5 for 2)");
    }

    @Test
    void confusionsOfASourceModelThatKnowsLittleAreNoPermutation() {
        for (int i = 0; i < 512; i++) {
            int truth = random.nextInt(CLASSES);
            int named = i % 5 == 0 ? truth : i % 3 == 0 ? 9 - truth : random.nextInt(CLASSES);
            window.add(new Scored(truth, named, named, truth));
        }

        assertThat(window.suspicion(false)).isEmpty();
    }

    @Test
    void twoClassesThatTheSourceModelTakesForEachOtherAreNoPermutation() {
        for (int i = 0; i < 512; i++) {
            int truth = random.nextInt(CLASSES);
            int source = truth;
            if (truth == 2 || truth == 5) {
                source = random.nextInt(2) == 0 ? 7 - truth : 9;
            }
            window.add(new Scored(truth, source, source, truth));
        }

        assertThat(window.suspicion(false)).isEmpty();
    }

    @Test
    void nothingIsSuspectedOnFewSamplesOrSortedOnes() {
        see(255, 0.4, label -> random.nextInt(CLASSES));
        assertThat(window.suspicion(false)).isEmpty();

        see(100, 0.4, label -> random.nextInt(CLASSES));
        assertThat(window.suspicion(true)).isEmpty();
    }

    @Test
    void goesOnFromWhatWasSavedAndFromNothingWithClassesThatTheModelLacks() {
        see(600, 0.4, label -> (label + 1) % CLASSES);
        LabelWindow restored = new LabelWindow(CLASSES, Set.of(), NOTHING_BEFORE);
        LabelWindow smaller = new LabelWindow(2, Set.of(), NOTHING_BEFORE);

        restored.restore(window.state());
        smaller.restore(window.state());

        assertThat(restored.state()).isEqualTo(window.state()).hasSize(512);
        assertThat(restored.suspicion(false)).isPresent().isEqualTo(window.suspicion(false));
        assertThat(smaller.size()).isZero();
    }

    /** The candidate knows as much as the source model. */
    private void see(int count, double accuracy, IntUnaryOperator labels) {
        for (int i = 0; i < count; i++) {
            int truth = random.nextInt(CLASSES);
            int source = random.nextDouble() < accuracy ? truth : random.nextInt(CLASSES);
            int candidate = random.nextDouble() < accuracy ? truth : random.nextInt(CLASSES);
            window.add(new Scored(labels.applyAsInt(truth), source, source, candidate));
        }
    }
}
