package io.acclimate.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.acclimate.core.ClassNames;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.onnx.card.ModelCard;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemperatureLikelihoodTest {
    private static final List<String> CLASSES = List.of("a", "b", "c", "d", "e");
    private static final ModelCard CARD = card(ModelCard.OutputKind.LOGITS);

    private final TemperatureLikelihood likelihood = new TemperatureLikelihood(512);

    private static ModelCard card(ModelCard.OutputKind kind) {
        ModelCard card = BiasModel.graph().card();
        return new ModelCard(
                card.name(),
                card.inputName(),
                card.input(),
                card.outputName(),
                kind,
                new ClassNames(CLASSES),
                card.provenance());
    }

    /** Logits, and labels that were drawn from their softmax after they were divided by a temperature, a share of them at random. */
    private record Drawn(FloatTensor output, List<Integer> labels) {
        static Drawn of(int rows, double temperature, double share, long seed) {
            Random random = new Random(seed);
            int classes = CLASSES.size();
            float[] logits = new float[rows * classes];
            for (int i = 0; i < logits.length; i++) {
                logits[i] = (float) (4 * random.nextGaussian());
            }
            FloatTensor output = FloatTensor.wrap(Shape.of(rows, classes), logits);
            Scores truth = new Scores(CARD, temperature, 1);
            List<Integer> labels = new ArrayList<>();
            for (int row = 0; row < rows; row++) {
                float[] probabilities = truth.probabilities(output, row);
                double draw = random.nextDouble();
                int label = 0;
                while (label < classes - 1 && draw >= probabilities[label]) {
                    draw -= probabilities[label++];
                }
                labels.add(random.nextDouble() < share ? random.nextInt(classes) : label);
            }
            return new Drawn(output, labels);
        }
    }

    private Calibration fitted(Drawn heldOut, double share) {
        return likelihood.fit(CARD, heldOut.output(), heldOut.labels(), share);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.6, 1, 2.5, 4})
    void theTemperatureOfManyScoredLabelsIsTheOneTheyWereDrawnWith(double temperature) {
        Drawn scored = Drawn.of(6000, temperature, 0, 1);
        likelihood.see(CARD, scored.output(), scored.labels(), 0);

        Calibration calibration = fitted(Drawn.of(64, temperature, 0, 2), 0);

        assertThat(calibration.temperature()).isCloseTo(temperature, within(0.15 * temperature));
        assertThat(calibration.samples()).isEqualTo(576);
    }

    @Test
    void scoredLabelsMakeATemperatureSurerThanASmallHoldoutAlone() {
        double alone = 0;
        double together = 0;
        for (int seed = 0; seed < 20; seed++) {
            Drawn heldOut = Drawn.of(80, 1, 0, seed);
            Drawn scored = Drawn.of(1024, 1, 0, 100 + seed);
            likelihood.clear();
            likelihood.see(CARD, scored.output(), scored.labels(), 0);
            together += Math.abs(Math.log(fitted(heldOut, 0).temperature()));
            alone += Math.abs(Math.log(TemperatureScaling.fit(CARD, heldOut.output(), heldOut.labels())
                    .temperature()));
        }

        assertThat(together).isLessThan(alone / 2);
    }

    @Test
    void randomLabelsDoNotLowerTheConfidenceInTheOthers() {
        Drawn scored = Drawn.of(4000, 1, 0.4, 3);
        Drawn heldOut = Drawn.of(64, 1, 0.4, 4);
        likelihood.see(CARD, scored.output(), scored.labels(), 0.4);
        double expected = fitted(heldOut, 0.4).temperature();
        likelihood.clear();
        likelihood.see(CARD, scored.output(), scored.labels(), 0);

        assertThat(expected).isCloseTo(1, within(0.2));
        assertThat(fitted(heldOut, 0).temperature()).isGreaterThan(1.5);
    }

    @Test
    void whatWasScoredLongAgoDoesNotCount() {
        Drawn before = Drawn.of(2000, 4, 0, 5);
        Drawn after = Drawn.of(4000, 1, 0, 6);
        likelihood.see(CARD, before.output(), before.labels(), 0);
        likelihood.see(CARD, after.output(), after.labels(), 0);

        assertThat(fitted(Drawn.of(64, 1, 0, 7), 0).temperature()).isCloseTo(1, within(0.15));
    }

    @Test
    void tooFewSamplesHaveNoTemperature() {
        Drawn scored = Drawn.of(50, 1, 0, 8);
        likelihood.see(CARD, scored.output(), scored.labels(), 0);

        assertThat(fitted(Drawn.of(10, 1, 0, 9), 0)).isEqualTo(Calibration.NONE);
        assertThat(fitted(Drawn.of(20, 1, 0, 9), 0).isFitted()).isTrue();
        assertThat(fitted(Drawn.of(20, 1, 0, 9), 0).errorAfter())
                .as("20 held samples do not show an error")
                .isNaN();
    }

    @Test
    void answersThatAreWorseThanAnyConfidenceNameNoTemperature() {
        Drawn scored = Drawn.of(400, 1, 1, 10);
        likelihood.see(CARD, scored.output(), scored.labels(), 0);

        assertThat(fitted(Drawn.of(20, 1, 0, 11), 0)).isEqualTo(Calibration.NONE);
    }

    @Test
    void aTemperatureThatHarmsTheHoldoutIsNotUsed() {
        Drawn scored = Drawn.of(1024, 3, 0, 12);
        likelihood.see(CARD, scored.output(), scored.labels(), 0);

        assertThat(fitted(Drawn.of(20, 3, 0, 13), 0).temperature()).isGreaterThan(2);
        assertThat(fitted(Drawn.of(20, 0.5, 0, 13), 0)).isEqualTo(Calibration.NONE);
    }

    @Test
    void answersThatAreNoDistributionSayNothing() {
        FloatTensor broken = FloatTensor.wrap(Shape.of(1, 5), new float[] {Float.NaN, 0, 0, 0, 0});
        FloatTensor negative = FloatTensor.wrap(Shape.of(1, 5), new float[] {-1, 2, 0, 0, 0});
        likelihood.see(CARD, broken, List.of(0), 0);
        likelihood.see(card(ModelCard.OutputKind.PROBABILITIES), negative, List.of(0), 0);

        assertThat(likelihood.state()).isEmpty();
    }

    @Test
    void withoutAMemoryNothingIsScored() {
        TemperatureLikelihood none = new TemperatureLikelihood(0);
        Drawn scored = Drawn.of(100, 1, 0, 1);
        none.see(CARD, scored.output(), scored.labels(), 0);

        assertThat(none.state()).isEmpty();
    }

    @Test
    void aRestoredLikelihoodFitsTheSameBits() {
        Drawn scored = Drawn.of(200, 2, 0, 1);
        Drawn more = Drawn.of(32, 2, 0, 2);
        likelihood.see(CARD, scored.output(), scored.labels(), 0.1);
        TemperatureLikelihood restored = new TemperatureLikelihood(512);
        restored.restore(likelihood.state());
        likelihood.see(CARD, more.output(), more.labels(), 0.1);
        restored.see(CARD, more.output(), more.labels(), 0.1);

        assertThat(restored.state()).isEqualTo(likelihood.state());
        assertThat(restored.fit(CARD, more.output(), more.labels(), 0)).isEqualTo(fitted(more, 0));
    }

    @Test
    void aStateOfAnotherGridIsNotTakenOver() {
        likelihood.restore(IntStream.range(0, 9).mapToObj(i -> (double) i).toList());

        assertThat(likelihood.state()).isEmpty();
    }
}
