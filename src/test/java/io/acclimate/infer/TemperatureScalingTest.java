package io.acclimate.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.acclimate.core.ClassNames;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.onnx.card.ModelCard.OutputKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemperatureScalingTest {
    private static final int CLASSES = 3;

    private static ModelCard card(OutputKind kind) {
        ModelCard card = BiasModel.graph().card();
        return new ModelCard(
                card.name(),
                card.inputName(),
                card.input(),
                card.outputName(),
                kind,
                new ClassNames(List.of("a", "b", "c")),
                card.provenance());
    }

    /** Logits, and labels that were drawn from their softmax after they were divided by {@code temperature}. */
    private record Drawn(FloatTensor output, List<Integer> labels) {
        static Drawn of(int rows, double temperature, long seed) {
            Random random = new Random(seed);
            float[] logits = new float[rows * CLASSES];
            List<Integer> labels = new ArrayList<>();
            Scores truth = new Scores(card(OutputKind.LOGITS), temperature, 1);
            for (int i = 0; i < logits.length; i++) {
                logits[i] = (float) (4 * random.nextGaussian());
            }
            FloatTensor output = FloatTensor.wrap(Shape.of(rows, CLASSES), logits);
            for (int row = 0; row < rows; row++) {
                float[] probabilities = truth.probabilities(output, row);
                double draw = random.nextDouble();
                int label = 0;
                while (label < CLASSES - 1 && draw >= probabilities[label]) {
                    draw -= probabilities[label++];
                }
                labels.add(label);
            }
            return new Drawn(output, labels);
        }
    }

    /** The estimate of the lowest temperature has a standard error of 4 %, so that one of some hundred other seeds misses by more. */
    @ParameterizedTest
    @ValueSource(doubles = {0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4})
    void theTemperatureOfManyLabelsIsTheOneTheyWereDrawnWith(double temperature) {
        for (int seed = 0; seed < 5; seed++) {
            Drawn drawn = Drawn.of(4000, temperature, seed);

            Calibration calibration = TemperatureScaling.fit(card(OutputKind.LOGITS), drawn.output(), drawn.labels());

            assertThat(calibration.temperature()).as("seed %d", seed).isCloseTo(temperature, withinPercentage(12));
        }
    }

    @Test
    void anOverconfidentModelIsLessWrongWithItsTemperature() {
        Drawn drawn = Drawn.of(256, 2.5, 1);

        Calibration calibration = TemperatureScaling.fit(card(OutputKind.LOGITS), drawn.output(), drawn.labels());

        assertThat(calibration.samples()).isEqualTo(256);
        assertThat(calibration.temperature()).isGreaterThan(1.5);
        assertThat(calibration.errorAfter()).isLessThan(calibration.errorBefore() / 2);
    }

    @Test
    void probabilitiesGetTheTemperatureOfTheirLogits() {
        Drawn drawn = Drawn.of(500, 2, 3);
        Scores scores = new Scores(card(OutputKind.LOGITS), 1);
        float[] probabilities = new float[500 * CLASSES];
        for (int row = 0; row < 500; row++) {
            System.arraycopy(scores.probabilities(drawn.output(), row), 0, probabilities, row * CLASSES, CLASSES);
        }
        FloatTensor given = FloatTensor.wrap(Shape.of(500, CLASSES), probabilities);

        Calibration ofProbabilities = TemperatureScaling.fit(card(OutputKind.PROBABILITIES), given, drawn.labels());

        Calibration ofLogits = TemperatureScaling.fit(card(OutputKind.LOGITS), drawn.output(), drawn.labels());
        assertThat(ofProbabilities.temperature()).isCloseTo(ofLogits.temperature(), within(0.05));
    }

    @Test
    void aHoldoutWithoutAMistakeDoesNotMakeTheModelCertain() {
        int rows = 64;
        float[] logits = new float[rows * CLASSES];
        List<Integer> labels = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            logits[row * CLASSES] = 3;
            labels.add(0);
        }
        FloatTensor output = FloatTensor.wrap(Shape.of(rows, CLASSES), logits);

        double temperature =
                TemperatureScaling.fit(card(OutputKind.LOGITS), output, labels).temperature();

        float confidence = new Scores(card(OutputKind.LOGITS), temperature, 1)
                .top(output, 0)
                .get(0)
                .confidence();
        assertThat(confidence).isBetween(0.97f, 0.995f);
    }

    @Test
    void fewSamplesOrScoresThatAreNoDistributionHaveNoTemperature() {
        Drawn few = Drawn.of(TemperatureScaling.FEWEST - 1, 2, 1);
        Drawn many = Drawn.of(TemperatureScaling.FEWEST, 2, 1);
        float[] broken = many.output().values().clone();
        broken[5] = Float.NaN;

        assertThat(TemperatureScaling.fit(card(OutputKind.LOGITS), few.output(), few.labels()))
                .isEqualTo(Calibration.NONE);
        assertThat(TemperatureScaling.fit(card(OutputKind.LOGITS), many.output(), many.labels())
                        .isFitted())
                .isTrue();
        assertThat(TemperatureScaling.fit(
                        card(OutputKind.LOGITS), FloatTensor.wrap(many.output().shape(), broken), many.labels()))
                .isEqualTo(Calibration.NONE);
        assertThat(TemperatureScaling.fit(card(OutputKind.PROBABILITIES), many.output(), many.labels()))
                .as("logits are no probabilities")
                .isEqualTo(Calibration.NONE);
    }

    @Test
    void theErrorIsTheDistanceOfConfidenceAndAccuracyInEachBin() {
        // Two rows are 0.9 sure and one of them is right; two are 0.6 sure and both are right.
        FloatTensor output = FloatTensor.wrap(
                Shape.of(4, CLASSES), new float[] {0.9f, 0.1f, 0, 0.9f, 0.1f, 0, 0.6f, 0.4f, 0, 0.6f, 0.4f, 0});

        double error = TemperatureScaling.error(card(OutputKind.PROBABILITIES), 1, output, List.of(0, 1, 0, 0));

        assertThat(error).isCloseTo((0.8 + 0.8) / 4, within(1e-6));
        assertThat(TemperatureScaling.error(card(OutputKind.PROBABILITIES), 1, output, List.of()))
                .isNaN();
    }
}
