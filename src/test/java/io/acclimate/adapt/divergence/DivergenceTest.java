package io.acclimate.adapt.divergence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.acclimate.adapt.worker.AdaptFixture;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.onnx.card.ModelCard;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
class DivergenceTest {
    private static final ModelCard CARD = AdaptFixture.sourceModel().card();
    private static final int CLASSES = 10;
    private static final List<Integer> LABELS =
            IntStream.range(0, 16).mapToObj(i -> i % CLASSES).toList();

    @ParameterizedTest
    @CsvSource({
        "2.4, 0.5, true",
        "62, 0.77, true",
        "NaN, 0.77, true",
        // Hard for both: the stream has changed, and training has not failed.
        "6.0, 5.1, false",
        // A small loss that doubled is noise.
        "0.04, 0.02, false",
        "0.9, 0.5, false"
    })
    void aLossFarAboveTheActiveVersionsIsASign(double training, double active, boolean sign) {
        assertThat(Divergence.sign(CARD, ofLoss(training), ofLoss(active), LABELS)
                        .isPresent())
                .isEqualTo(sign);
    }

    @ParameterizedTest
    @CsvSource({
        // A sample that one of two good models has right and the other has wrong.
        "1, 4.2, 0.05, false",
        "1, 62, 0.77, true",
        "1, NaN, 0.05, true",
        "4, 2.2, 0.05, false",
        "4, 2.5, 0.05, true",
        "8, 1.3, 0.05, true"
    })
    void ofFewSamplesMoreIsAskedBeforeALossIsASign(int samples, double training, double active, boolean sign) {
        assertThat(Divergence.sign(CARD, ofLoss(training), ofLoss(active), LABELS.subList(0, samples))
                        .isPresent())
                .isEqualTo(sign);
    }

    @Test
    void oneClassForAllSamplesIsASignWhereTheActiveVersionTellsThemApart() {
        FloatTensor constant = outputs((row, column) -> column == 3 ? 1 : 0);
        FloatTensor confidentlyWrong =
                outputs((row, column) -> column == (row + 1) % CLASSES || (row < 3 && column == row) ? 9 : 0);

        assertThat(Divergence.sign(CARD, constant, confidentlyWrong, LABELS).orElseThrow())
                .contains("one class for all of 16");
        assertThat(Divergence.sign(CARD, constant, constant, LABELS)).isEmpty();
        assertThat(Divergence.sign(
                        CARD,
                        constant,
                        confidentlyWrong,
                        IntStream.range(0, 16).mapToObj(i -> 3).toList()))
                .as("samples of that class alone")
                .isEmpty();
    }

    @Test
    void theLossIsTheCrossEntropyOfLogits() {
        assertThat(Divergence.loss(CARD, ofLoss(1.25), LABELS)).isCloseTo(1.25, within(1e-5));
        assertThat(Divergence.loss(CARD, outputs((row, column) -> 0), LABELS))
                .isCloseTo(Math.log(CLASSES), within(1e-9));
    }

    private interface Logit {
        double at(int row, int column);
    }

    /** Logits whose cross-entropy is {@code loss} in each row: that of the label is {@code x}, of which {@code loss = ln(1 + 9e⁻ˣ)}. */
    private static FloatTensor ofLoss(double loss) {
        double x = Math.log(CLASSES - 1) - Math.log(Math.expm1(loss));
        return outputs((row, column) -> column == LABELS.get(row) ? x : 0);
    }

    private static FloatTensor outputs(Logit logit) {
        float[] values = new float[LABELS.size() * CLASSES];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) logit.at(i / CLASSES, i % CLASSES);
        }
        return FloatTensor.wrap(Shape.of(LABELS.size(), CLASSES), values);
    }
}
