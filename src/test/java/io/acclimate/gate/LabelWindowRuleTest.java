package io.acclimate.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * The rules of {@link LabelWindow} on samples that are counted by hand. Of each label, one sample fits an order and the next tests it,
 * so that of an even number of samples one half is in each part. The candidate knows all labels, so that they never look random.
 */
class LabelWindowRuleTest {
    private static final int CLASSES = 10;

    private final List<Scored> samples = new ArrayList<>();

    private void add(int label, int source, int count) {
        for (int i = 0; i < count; i++) {
            samples.add(new Scored(label, source, source, label));
        }
    }

    /** Gives the first sample of its label, which is one that tests, another class by the source model. */
    private void replace(int index, int source) {
        Scored old = samples.get(index);
        samples.set(index, new Scored(old.label(), source, source, old.candidate()));
    }

    private Optional<LabelSuspicion> suspicion() {
        return suspicion(CLASSES);
    }

    private Optional<LabelSuspicion> suspicion(int classes) {
        return suspicion(classes, Set.of());
    }

    private Optional<LabelSuspicion> suspicion(int classes, Set<Integer> unknown) {
        LabelWindow window = new LabelWindow(classes, unknown, LabelWindowTest.NOTHING_BEFORE);
        samples.forEach(window::add);
        assertThat(window.size()).isEqualTo(samples.size());
        return window.suspicion(false);
    }

    @Test
    void newClassesThatAreTakenForOthersAreNoOtherOrder() {
        add(8, 0, 100);
        add(9, 1, 100);
        for (int known = 0; known < 8; known++) {
            add(known, known, 38);
        }

        assertThat(suspicion(CLASSES, Set.of(8, 9))).isEmpty();
        assertThat(suspicion()).map(LabelSuspicion::kind).contains(LabelSuspicion.Kind.PERMUTED);
    }

    @Test
    void besideNewClassesEnoughOtherLabelsAreOfAnotherOrder() {
        add(9, 4, 192);
        add(0, 1, 86);
        add(1, 2, 86);
        add(2, 0, 84);

        assertThat(suspicion(CLASSES, Set.of(9))).map(LabelSuspicion::kind).contains(LabelSuspicion.Kind.PERMUTED);
        assertThat(suspicion(CLASSES, Set.of(2, 9))).isEmpty();
    }

    @Test
    void saysWhichOrderExplainsHowManyLabels() {
        add(0, 1, 48);
        add(0, 0, 16);
        add(1, 2, 48);
        add(1, 1, 16);
        add(2, 0, 48);
        add(2, 2, 16);
        add(3, 3, 64);

        assertThat(suspicion())
                .contains(new LabelSuspicion(
                        LabelSuspicion.Kind.PERMUTED,
                        "another order of the classes explains the last 256 labels better: the source model agrees with 112 of them"
                                + " as they are, and on one half of them 72 more agree and 24 fewer when labels are taken for"
                                + " others (0 for 1, 1 for 2, 2 for 0), as the other half suggests"));
    }

    /** 320 labels of 8 classes, 12 of each as the source model sees them and 28 as the next class. By chance it would agree with 40. */
    @Test
    void aSourceModelThatKnowsThreeOfTenIsBelievedAlsoWhereItIsAboveChance() {
        for (int label = 0; label < 8; label++) {
            add(label, (label + 1) % 8, 28);
            add(label, label, 12);
        }
        assertThat(suspicion()).as("96 of 320").isPresent();

        replace(28, 1);

        assertThat(suspicion()).as("95 of 320").isEmpty();
    }

    /** Chance agrees with 40 of 320 labels with a standard error of √(40 · ⅞) = 5.92, so that two of them end at 51.8. */
    @Test
    void aSourceModelThatKnowsLittleIsBelievedWithinTwoStandardErrorsOfChance() {
        for (int label = 0; label < 8; label++) {
            add(label, (label + 1) % 8, 28);
            add(label, label, 6);
            add(label, (label + 3) % 8, 6);
        }
        replace(34, 0);
        replace(40 + 34, 1);
        replace(80 + 34, 2);
        assertThat(suspicion()).as("51 of 320").isPresent();

        replace(120 + 34, 3);

        assertThat(suspicion()).as("52 of 320").isEmpty();
    }

    /** Of the 160 labels that test, 56 are 35 %. */
    @Test
    void anOrderThatExplainsLessThanThirtyFiveInAHundredIsNone() {
        for (int label = 0; label < 8; label++) {
            add(label, (label + 1) % 8, 14);
            add(label, label, 4);
            for (int other = 2; other < 7; other++) {
                add(label, (label + other) % 8, 4);
            }
            add(label, (label + 7) % 8, 2);
        }
        assertThat(suspicion()).as("56 of 160").isPresent();

        replace(0, 2);

        assertThat(suspicion()).as("55 of 160").isEmpty();
    }

    /** In the half that tests, 27 labels agree under another order and 9 as they are: 18 = 3 · √36. */
    @Test
    void anOrderMustExplainMoreThanThreeStandardErrors() {
        add(0, 0, 6);
        add(0, 1, 18);
        add(1, 2, 18);
        add(1, 1, 6);
        add(2, 0, 18);
        add(2, 2, 6);
        add(3, 3, 184);
        assertThat(suspicion()).isEmpty();

        replace(0, 9);

        assertThat(suspicion()).as("19 > 3 · √35").isPresent();
    }

    /** In the half that tests, which has 128 labels, 18 agree when two classes are exchanged and 2 as they are. */
    @Test
    void twoClassesAloneMustExplainAnEighthOfTheLabelsMore() {
        add(0, 1, 18);
        add(0, 0, 2);
        add(1, 0, 18);
        add(1, 1, 2);
        add(2, 2, 216);
        assertThat(suspicion()).as("16 of 128").isPresent();

        replace(0, 5);

        assertThat(suspicion()).as("15 of 128, although 15 > 3 · √19").isEmpty();
    }

    @Test
    void tenPairsAreNamed() {
        for (int label = 0; label < 12; label++) {
            add(label, (label + 1) % 12, 24);
        }

        assertThat(suspicion(16).map(LabelSuspicion::evidence))
                .get()
                .asString()
                .contains(
                        "(0 for 1, 1 for 2, 2 for 3, 3 for 4, 4 for 5, 5 for 6, 6 for 7, 7 for 8, 8 for 9, 9 for 10)");
    }

    @Test
    void anOrderIsLookedForAmongUpToAHundredAndTwentyEightClasses() {
        for (int label = 0; label < 128; label++) {
            add(label, (label + 127) % 128, 3);
        }
        assertThat(suspicion(128)).isPresent();

        samples.clear();
        for (int label = 0; label < 129; label++) {
            add(label, (label + 128) % 129, 3);
        }
        assertThat(suspicion(129)).isEmpty();
    }

    @Test
    void saysHowManyLabelsAgreeWithModelsThatNameOneClassOnly() {
        int[] counts = {128, 100, 28};
        for (int label = 0; label < 3; label++) {
            for (int i = 0; i < counts[label]; i++) {
                samples.add(new Scored(label, 0, 0, 1));
            }
        }

        assertThat(suspicion().map(LabelSuspicion::evidence))
                .contains(
                        "nothing ties the last 256 labels to their images: of labels dealt out at random 100 % would have as strong a"
                                + " tie to the source model's classes and 100 % to the candidate's; 128 agree with the source model, 100 with the"
                                + " candidate, and the most frequent class has 128");
    }

    @Test
    void saysHowLikelyTheTiesAreByChance() {
        SplittableRandom random = new SplittableRandom(4);
        int[] labels = random.ints(256, 0, CLASSES).toArray();
        int[] source = random.ints(256, 0, CLASSES).toArray();
        int[] candidate = random.ints(256, 0, CLASSES).toArray();
        for (int i = 0; i < labels.length; i++) {
            samples.add(new Scored(labels[i], source[i], source[i], candidate[i]));
        }

        String evidence = suspicion().orElseThrow().evidence();

        assertThat(evidence)
                .contains(
                        percent(LabelTie.chanceOfTie(labels, source)) + " would have as strong a tie to the source",
                        "and " + percent(LabelTie.chanceOfTie(labels, candidate)) + " to the candidate's");
    }

    private static String percent(double chance) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * chance);
    }

    @Test
    void aStateWithAClassThatTheModelLacksIsNoState() {
        LabelWindow window = new LabelWindow(CLASSES, Set.of(), LabelWindowTest.NOTHING_BEFORE);
        long last = 9 * 100 + 9 * 10 + 9;

        window.restore(List.of(0L, last));
        assertThat(window.state()).containsExactly(0L, last);
        window.restore(List.of(1L));
        assertThat(window.state()).containsExactly(1L);
        window.restore(List.of(0L, last + 1));

        assertThat(window.size()).isZero();
    }
}
