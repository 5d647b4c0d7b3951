package io.acclimate.adapt.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.acclimate.core.AdaptationEvent.Drifted.Change;
import io.acclimate.core.ClassNames;
import io.acclimate.wire.v1.Drift;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Simulated streams of four classes: a model has a class right with its own probability, and else answers the next class. */
@Tag("slow")
class RecentAnswersTest {
    private static final ClassNames CLASSES = new ClassNames(List.of("bag", "boot", "coat", "shirt"));
    private static final double[] EVEN = {0.25, 0.25, 0.25, 0.25};
    private static final double[] MOSTLY_SHIRTS = {0.1, 0.1, 0.1, 0.7};
    private static final double[] GOOD = {0.9, 0.8, 0.9, 0.6};
    private static final int CHANGE = 100;

    private final RecentAnswers recent = new RecentAnswers(CLASSES);

    private static int drawn(Random random, double[] shares) {
        double left = random.nextDouble();
        int label = 0;
        while (label < shares.length - 1 && left >= shares[label]) {
            left -= shares[label];
            label++;
        }
        return label;
    }

    /** What a stream of inputs does to the model's answer and to the label. */
    private enum Inputs {
        AS_BEFORE,
        DARK,
        LABELLED_BY_ANOTHER_LIST
    }

    private static void stream(
            RecentAnswers into, Random random, int count, double[] shares, Inputs inputs, long place) {
        for (int i = 0; i < count; i++) {
            int label = drawn(random, shares);
            int source = random.nextDouble() < GOOD[label] ? label : (label + 1) % 4;
            if (inputs == Inputs.DARK && random.nextDouble() < 0.6) {
                source = 2;
            }
            into.see(inputs == Inputs.LABELLED_BY_ANOTHER_LIST ? (label + 1) % 4 : label, source, place);
        }
    }

    /** What is found in each of 100 streams that change after {@code before} labels, with {@code after} labels since. */
    private static Map<Change.Kind, Integer> found(int before, int after, double[] shares, Inputs inputs) {
        Map<Change.Kind, Integer> found = new EnumMap<>(Change.Kind.class);
        for (int seed = 0; seed < 100; seed++) {
            RecentAnswers answers = new RecentAnswers(CLASSES);
            Random random = new Random(seed);
            stream(answers, random, before, EVEN, Inputs.AS_BEFORE, CHANGE - 10);
            stream(answers, random, after, shares, inputs, CHANGE);
            found.merge(answers.changeAt(CHANGE).kind(), 1, Integer::sum);
        }
        return found;
    }

    private static int of(Map<Change.Kind, Integer> found, Change.Kind kind) {
        return found.getOrDefault(kind, 0);
    }

    @Test
    void otherSharesOfClassesAloneAreALabelShift() {
        Map<Change.Kind, Integer> found = found(600, 80, MOSTLY_SHIRTS, Inputs.AS_BEFORE);

        assertThat(of(found, Change.Kind.LABEL_SHIFT)).as("%s", found).isGreaterThan(88);
        assertThat(found).doesNotContainKey(Change.Kind.CONCEPT_DRIFT);
    }

    @Test
    void otherInputsAloneAreACovariateShift() {
        Map<Change.Kind, Integer> found = found(600, 80, EVEN, Inputs.DARK);

        assertThat(of(found, Change.Kind.COVARIATE_SHIFT)).as("%s", found).isGreaterThan(95);
    }

    @Test
    void otherInputsAndOtherSharesAreNoLabelShift() {
        Map<Change.Kind, Integer> found = found(600, 80, MOSTLY_SHIRTS, Inputs.DARK);

        assertThat(of(found, Change.Kind.LABEL_SHIFT)).as("%s", found).isLessThan(5);
    }

    @Test
    void otherLabelsForTheSameInputsAreAConceptDrift() {
        Map<Change.Kind, Integer> found = found(600, 200, EVEN, Inputs.LABELLED_BY_ANOTHER_LIST);

        assertThat(of(found, Change.Kind.CONCEPT_DRIFT)).as("%s", found).isGreaterThan(65);
        assertThat(of(found, Change.Kind.LABEL_SHIFT)).as("%s", found).isZero();
    }

    @Test
    void whereNothingHasChangedNothingIsNamed() {
        Map<Change.Kind, Integer> found = found(600, 80, EVEN, Inputs.AS_BEFORE);

        assertThat(of(found, Change.Kind.UNCLEAR)).as("%s", found).isGreaterThan(93);
    }

    @Test
    void aModelThatKnowsNothingOfTheClassesTellsNothing() {
        Random random = new Random(1);
        for (int i = 0; i < 600; i++) {
            recent.see(drawn(random, i < 500 ? EVEN : MOSTLY_SHIRTS), drawn(random, EVEN), i < 500 ? 0 : CHANGE);
        }

        Change change = recent.changeAt(CHANGE);

        assertThat(change.classShares()).isLessThan(0.01);
        assertThat(change.kind()).isEqualTo(Change.Kind.UNCLEAR);
    }

    @Test
    void fewSamplesOnOneSideAreUnclearAndHaveNoProbabilities() {
        stream(recent, new Random(1), 100, EVEN, Inputs.AS_BEFORE, 0);
        stream(recent, new Random(2), 23, MOSTLY_SHIRTS, Inputs.AS_BEFORE, CHANGE);

        Change change = recent.changeAt(CHANGE);

        assertThat(change.kind()).isEqualTo(Change.Kind.UNCLEAR);
        assertThat(change.classShares()).isNaN();
        assertThat(change.shares()).hasSize(4);
    }

    @Test
    void theAnswersAloneTellTheNewSharesOfClasses() {
        stream(recent, new Random(1), 700, EVEN, Inputs.AS_BEFORE, 0);
        stream(recent, new Random(2), 300, MOSTLY_SHIRTS, Inputs.AS_BEFORE, CHANGE);

        List<Change.Share> shares = recent.changeAt(CHANGE).shares();

        assertThat(shares.get(0).label()).isEqualTo("shirt");
        assertThat(shares.get(0).before()).isCloseTo(0.25, within(0.05));
        assertThat(shares.get(0).after()).isCloseTo(0.7, within(0.08));
        assertThat(shares)
                .allSatisfy(
                        each -> assertThat(each.estimated()).as(each.label()).isCloseTo(each.after(), within(0.1)));
        assertThat(shares.stream().mapToDouble(Change.Share::estimated).sum()).isCloseTo(1, within(1e-9));
    }

    @Test
    void aRestoredWindowTellsTheSame() {
        stream(recent, new Random(1), 1000, EVEN, Inputs.AS_BEFORE, 7);
        stream(recent, new Random(2), 100, EVEN, Inputs.DARK, CHANGE);
        Drift.Builder saved = Drift.newBuilder();
        recent.save(saved);
        RecentAnswers restored = new RecentAnswers(CLASSES);

        restored.restore(saved.build());

        Drift.Builder again = Drift.newBuilder();
        restored.save(again);
        assertThat(again.build()).isEqualTo(saved.build());
        assertThat(saved.getAnswersCount()).as("the last ones").isEqualTo(1024);
        assertThat(saved.getAnswerPlacesList()).containsExactly(7L, (long) CHANGE);
        assertThat(restored.changeAt(CHANGE)).isEqualTo(recent.changeAt(CHANGE));
    }

    @Test
    void aCheckpointFromBeforeAnswersWereKeptHasNone() {
        recent.see(1, 1, 3);

        recent.restore(Drift.getDefaultInstance());

        assertThat(recent.changeAt(3).shares()).isEmpty();
    }
}
