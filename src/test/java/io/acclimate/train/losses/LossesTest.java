package io.acclimate.train.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LossesTest {
    private final NDManager step = NDManager.newBaseManager("PyTorch");

    @AfterEach
    void free() {
        step.close();
    }

    private NDArray rows(int columns, float... values) {
        return step.create(values, new Shape(values.length / columns, columns));
    }

    private static double log(double x) {
        return Math.log(x);
    }

    @Test
    void oneClassIsASoftmaxOverTheRow() {
        NDArray log = Losses.logProbabilities(rows(2, (float) log(3), 0), OutputSemantics.ONE_CLASS);

        assertThat(log.toFloatArray())
                .containsExactly(new float[] {(float) log(0.75), (float) log(0.25)}, within(1e-6f));
    }

    @Test
    void eachClassIsASigmoidAndItsComplement() {
        NDArray log = Losses.logProbabilities(rows(2, 0, (float) log(3)), OutputSemantics.EACH_CLASS);

        assertThat(log.toFloatArray())
                .containsExactly(
                        new float[] {(float) log(0.5), (float) log(0.75), (float) log(0.5), (float) log(0.25)},
                        within(1e-6f));
    }

    @Test
    void aSaturatedSigmoidLosesNothing() {
        NDArray log = Losses.logProbabilities(rows(1, 80), OutputSemantics.EACH_CLASS);

        assertThat(log.toFloatArray()).containsExactly(new float[] {0, -80}, within(1e-4f));
    }

    @Test
    void aProbabilityOfZeroIsTheSmallestOneAndNotMinusInfinity() {
        NDArray log = Losses.logProbabilities(rows(2, 0, 1), OutputSemantics.PROBABILITIES);

        assertThat(log.toFloatArray()).containsExactly(new float[] {(float) log(1e-7), 0}, within(1e-4f));
    }

    @Test
    void crossEntropyIsTheMeanOfTheNamedRowsOnly() {
        NDArray log = rows(2, -1, -2, -3, -4, -5, -6);

        float first = Losses.crossEntropy(step, log, OutputSemantics.ONE_CLASS, List.of(0, 1), 0)
                .getFloat();
        float last = Losses.crossEntropy(step, log, OutputSemantics.ONE_CLASS, List.of(1), 2)
                .getFloat();

        assertThat(first).isEqualTo((1 + 4) / 2f);
        assertThat(last).isEqualTo(6);
    }

    @Test
    void binaryCrossEntropyIsSummedOverClasses() {
        NDArray log = rows(4, -1, -2, -3, -4);

        float loss = Losses.crossEntropy(step, log, OutputSemantics.EACH_CLASS, List.of(1), 0)
                .getFloat();

        assertThat(loss).as("class 1 is one, class 0 is none").isEqualTo(2 + 3);
    }

    @Test
    void aClassThatTheModelHasNotIsRefusedByNumber() {
        NDArray log = rows(4, -1, -2, -3, -4);

        assertThatThrownBy(() -> Losses.crossEntropy(step, log, OutputSemantics.ONE_CLASS, List.of(4), 0))
                .hasMessage("class 4 is outside the model's 4 classes");
        assertThatThrownBy(() -> Losses.crossEntropy(step, log, OutputSemantics.EACH_CLASS, List.of(2), 0))
                .hasMessage("class 2 is outside the model's 2 classes");
        assertThatThrownBy(() -> Losses.crossEntropy(step, log, OutputSemantics.ONE_CLASS, List.of(-1), 0))
                .hasMessage("class -1 is outside the model's 4 classes");
    }

    @Test
    void aShareOfRandomLabelsMakesEachClassSoLikelyAtLeast() {
        NDArray log = rows(2, 1, 0, 0.5f, 0.5f).add(1e-30).log();

        NDArray expected = Losses.withRandomLabels(log, OutputSemantics.ONE_CLASS, 0.4);

        assertThat(expected.exp().toFloatArray()).containsExactly(new float[] {0.8f, 0.2f, 0.5f, 0.5f}, within(1e-6f));
    }

    @Test
    void aClassThatIsAnsweredByItselfIsNoneWithTheRestOfTheShare() {
        NDArray log = rows(4, 1, 0, 0, 1).add(1e-30).log();

        NDArray expected = Losses.withRandomLabels(log, OutputSemantics.EACH_CLASS, 0.4);

        assertThat(expected.exp().toFloatArray())
                .as("that it is the class, for two classes, then that it is not")
                .containsExactly(new float[] {0.8f, 0.2f, 0.2f, 0.8f}, within(1e-6f));
    }

    @Test
    void withoutRandomLabelsAnswersStayAsTheyAre() {
        NDArray log = rows(2, -1, -2);

        assertThat(Losses.withRandomLabels(log, OutputSemantics.ONE_CLASS, 0)).isSameAs(log);
    }

    @Test
    void divergenceIsTheMeanOfTheRowsAndZeroForTheSameAnswers() {
        NDArray source = rows(2, 0.5f, 0.5f, 0.25f, 0.75f).log();
        NDArray model = rows(2, 0.25f, 0.75f, 0.25f, 0.75f).log();

        assertThat(Losses.divergence(source, source).getFloat()).isCloseTo(0, within(1e-7f));
        assertThat(Losses.divergence(source, model).getFloat())
                .isCloseTo((float) ((0.5 * log(2) + 0.5 * log(2 / 3.0)) / 2), within(1e-6f));
    }

    private NDArray row(float... values) {
        return step.create(values, new Shape(1, values.length));
    }

    private double answers(NDArray source, NDArray own, OutputSemantics answers, int label) {
        return Losses.answers(step, source, own, answers, List.of(label), Set.of(1))
                .getFloat();
    }

    private static double divergence(double p, double q) {
        return p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q));
    }

    @Test
    void probabilitiesAreTemperedAsTheirLogitsWouldBe() {
        double ofLogits =
                answers(row((float) Math.log(0.9), (float) Math.log(0.1)), row(0, 0), OutputSemantics.ONE_CLASS, 0);

        double ofProbabilities = answers(row(0.9f, 0.1f), row(0.5f, 0.5f), OutputSemantics.PROBABILITIES, 0);

        assertThat(ofProbabilities)
                .isCloseTo(ofLogits, within(1e-6))
                .isCloseTo(4 * divergence(0.75, 0.5), within(1e-6));
    }

    @Test
    void classesThatAreAnsweredEachByItselfAreComparedEachByItself() {
        double loss = answers(row((float) (2 * Math.log(3)), 0), row(0, 0), OutputSemantics.EACH_CLASS, 0);

        assertThat(loss).isCloseTo(4 * divergence(0.75, 0.5), within(1e-5));
    }

    @Test
    void theYesAndTheNoOfTwoClassesAreExchangedTogether() {
        float often = (float) (2 * Math.log(3));

        double loss = answers(row(often, -often), row(-often, often), OutputSemantics.EACH_CLASS, 1);

        assertThat(loss).isCloseTo(0, within(1e-5));
    }

    @Test
    void anAnswerIsKeptThoughTheLabelSaysOtherwise() {
        double loss = answers(row(0, 4), row(0, 4), OutputSemantics.ONE_CLASS, 0);

        assertThat(loss).isCloseTo(0, within(1e-5));
    }

    @Test
    void aClassThatTheSourceModelCannotKnowIsWantedInThePlaceOfItsFirstChoice() {
        double loss = answers(row(4, 0), row(0, 4), OutputSemantics.ONE_CLASS, 1);

        assertThat(loss).isCloseTo(0, within(1e-5));
    }
}
