package io.acclimate.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.acclimate.core.ClassNames;
import io.acclimate.core.ClassScore;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.onnx.card.ModelCard.OutputKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ScoresTest {
    private static final ClassNames THREE = new ClassNames(List.of("a", "b", "c"));

    @Test
    void ofEqualScoresTheLowerIndexComesFirst() {
        FloatTensor output = rows(0.2f, 0.4f, 0.4f);

        assertThat(new Scores(OutputKind.PROBABILITIES, THREE, 3).top(output, 0))
                .extracting(ClassScore::classIndex)
                .containsExactly(1, 2, 0);
        assertThat(Scores.best(output, 0)).isEqualTo(1);
    }

    @Test
    void probabilitiesPassAsTheModelGivesThem() {
        FloatTensor output = rows(0.2f, 0.5f, 0.3f);

        assertThat(new Scores(OutputKind.PROBABILITIES, THREE, 1).top(output, 0))
                .containsExactly(new ClassScore(1, "b", 0.5f));
        assertThat(new Scores(OutputKind.PROBABILITIES, THREE, 1).probabilities(output, 0))
                .containsExactly(0.2f, 0.5f, 0.3f);
    }

    @Test
    void aRowIsFiniteOnlyIfEachOfItsScoresIs() {
        assertThat(Scores.finite(rows(Float.MAX_VALUE, Float.MAX_VALUE, 1), 0)).isTrue();
        assertThat(Scores.finite(rows(0, -Float.MAX_VALUE, Float.MIN_VALUE), 0)).isTrue();
        for (float each : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            for (int at = 0; at < 3; at++) {
                float[] values = new float[9];
                values[3 + at] = each;
                FloatTensor output = FloatTensor.wrap(Shape.of(3, 3), values);
                assertThat(Scores.finite(output, 0)).isTrue();
                assertThat(Scores.finite(output, 1)).isFalse();
                assertThat(Scores.finite(output, 2)).isTrue();
            }
        }
        assertThat(Scores.finite(rows(Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0), 0))
                .isFalse();
    }

    @Test
    void hugeLogitsDoNotOverflow() {
        float[] probabilities = new Scores(OutputKind.LOGITS, THREE, 1).probabilities(rows(3e38f, 0f, -3e38f), 0);

        assertThat(probabilities).containsExactly(1f, 0f, 0f);
    }

    @Test
    void aTemperatureDividesLogitsAndKeepsTheOrderOfClasses() {
        FloatTensor logits = rows(1f, 3f, 2f);
        float[] halved = new Scores(OutputKind.LOGITS, THREE, 3).probabilities(rows(0.5f, 1.5f, 1f), 0);

        Scores warm = new Scores(card(OutputKind.LOGITS), 2, 3);

        assertThat(warm.probabilities(logits, 0)).containsExactly(halved, within(1e-6f));
        assertThat(warm.top(logits, 0)).extracting(ClassScore::classIndex).containsExactly(1, 2, 0);
        assertThat(warm.top(logits, 0).get(0).confidence()).isCloseTo(halved[1], within(1e-6f));
    }

    @Test
    void aTemperatureActsOnGivenProbabilitiesAsOnTheirLogits() {
        float[] given = new Scores(OutputKind.LOGITS, THREE, 3).probabilities(rows(1f, 3f, 2f), 0);
        float[] wanted = new Scores(card(OutputKind.LOGITS), 2, 3).probabilities(rows(1f, 3f, 2f), 0);

        Scores warm = new Scores(card(OutputKind.PROBABILITIES), 2, 3);

        assertThat(warm.probabilities(rows(given), 0)).containsExactly(wanted, within(1e-6f));
    }

    @Test
    void aTemperatureLeavesARowWithoutPositiveProbabilitiesAsItIs() {
        Scores warm = new Scores(card(OutputKind.PROBABILITIES), 2, 1);

        assertThat(warm.probabilities(rows(0, 0, 0), 0)).containsExactly(0, 0, 0);
        assertThat(warm.top(rows(0, 0, 0), 0)).containsExactly(new ClassScore(0, "a", 0));
        assertThat(warm.probabilities(rows(-1e-8f, 0, 0), 0)).containsExactly(-1e-8f, 0, 0);
    }

    @Test
    void aTemperatureCountsAProbabilityThatRoundingMadeNegativeAsNone() {
        Scores warm = new Scores(card(OutputKind.PROBABILITIES), 2, 3);

        assertThat(warm.probabilities(rows(1, -1e-8f, 0), 0)).containsExactly(1, 0, 0);
        assertThat(warm.top(rows(1, -1e-8f, 0), 0))
                .extracting(ClassScore::confidence)
                .containsExactly(1f, 0f, 0f);
    }

    private static ModelCard card(OutputKind kind) {
        ModelCard card = BiasModel.graph().card();
        return new ModelCard(
                card.name(), card.inputName(), card.input(), card.outputName(), kind, THREE, card.provenance());
    }

    @Test
    void eachRowIsReadFromItsOwnPlace() {
        FloatTensor output = FloatTensor.wrap(Shape.of(2, 3), new float[] {9, 0, 0, 0, 0, 9});

        Scores scores = new Scores(OutputKind.LOGITS, THREE, 1);

        assertThat(scores.top(output, 0).get(0).label()).isEqualTo("a");
        assertThat(scores.top(output, 1).get(0).label()).isEqualTo("c");
        assertThat(Scores.best(output, 1)).isEqualTo(2);
    }

    @Test
    void moreClassesThanThereAreCannotBeListedAndFewerThanOneMayNot() {
        assertThat(new Scores(OutputKind.LOGITS, THREE, 99).top(rows(1, 2, 3), 0))
                .hasSize(3);
        assertThatThrownBy(() -> new Scores(OutputKind.LOGITS, THREE, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("top-k starts at 1, got 0");
    }

    /** The model is a full sort; ties are common since the scores are small whole numbers. */
    @Property(tries = 300)
    void theBestClassesAreThoseOfAFullSort(
            @ForAll @Size(min = 1, max = 30) List<@IntRange(max = 6) Integer> values,
            @ForAll @IntRange(min = 1, max = 35) int topK) {
        Scores scores = new Scores(OutputKind.PROBABILITIES, names(values.size()), topK);
        List<Integer> sorted = IntStream.range(0, values.size())
                .boxed()
                .sorted(Comparator.comparing((Integer i) -> -values.get(i)).thenComparing(i -> i))
                .limit(topK)
                .toList();

        List<ClassScore> top = scores.top(rows(floats(values)), 0);

        assertThat(top).extracting(ClassScore::classIndex).containsExactlyElementsOf(sorted);
    }

    @Property(tries = 200)
    void softmaxIsADistributionThatKeepsTheOrderOfLogits(
            @ForAll @Size(min = 2, max = 12) List<@FloatRange(min = -80, max = 80) Float> logits) {
        Scores scores = new Scores(OutputKind.LOGITS, names(logits.size()), logits.size());
        FloatTensor output = rows(floats(logits));

        float[] probabilities = scores.probabilities(output, 0);

        double sum = 0;
        for (int i = 0; i < probabilities.length; i++) {
            sum += probabilities[i];
            double exact = 0;
            for (float other : logits) {
                exact += Math.exp((double) other - logits.get(i));
            }
            assertThat((double) probabilities[i]).isCloseTo(1 / exact, within(1e-6));
        }
        assertThat(sum).isCloseTo(1, within(1e-5));
        scores.top(output, 0)
                .forEach(each -> assertThat(each.confidence()).isEqualTo(probabilities[each.classIndex()]));
    }

    private static ClassNames names(int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add("class " + i);
        }
        return new ClassNames(names);
    }

    private static float[] floats(List<? extends Number> values) {
        float[] array = new float[values.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = values.get(i).floatValue();
        }
        return array;
    }

    private static FloatTensor rows(float... values) {
        return FloatTensor.wrap(Shape.of(1, values.length), values);
    }
}
