package io.acclimate.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.onnx.node.InvalidModelException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class WarmUpTest {
    private static final ModelCard CARD = BiasModel.graph().card();

    private final List<FloatTensor> batches = new ArrayList<>();

    @Test
    void runsOneRowAndThenAFullBatchOfPixelsOfEveryBrightness() throws InvalidModelException {
        WarmUp.run(scorer(batch -> scores(batch.shape().extent(0), 0)), CARD, 4);

        assertThat(batches).extracting(FloatTensor::shape).containsExactly(Shape.of(1, 3, 8, 8), Shape.of(4, 3, 8, 8));
        float lowest = Float.MAX_VALUE;
        float highest = -Float.MAX_VALUE;
        for (float value : batches.get(1).values()) {
            lowest = Math.min(lowest, value);
            highest = Math.max(highest, value);
        }
        assertThat(lowest).as("black, normalised").isEqualTo(-1f);
        assertThat(highest).as("white, normalised").isEqualTo(1f);
    }

    @Test
    void anotherNumberOfRowsOrClassesIsRefused() {
        refused(batch -> scores(1, 0), "4 rows of 5 classes");
        refused(batch -> FloatTensor.wrap(Shape.of(1, 4), new float[4]), "float32[1, 4] for 1 rows of 5 classes");
    }

    @Test
    void aScoreThatIsNoNumberIsRefused() {
        refused(batch -> scores(batch.shape().extent(0), Float.NaN), "a score of NaN");
        refused(batch -> scores(batch.shape().extent(0), Float.NEGATIVE_INFINITY), "a score of -Infinity");
    }

    @Test
    void aRunThatFailsIsARefusalWithItsCause() {
        refused(
                batch -> {
                    throw new IllegalStateException("Gemm: dimensions do not match");
                },
                "the dry run failed: Gemm: dimensions do not match");
    }

    @Test
    void aBugInTheRunIsNoRefusal() {
        assertThatThrownBy(() -> WarmUp.run(
                        scorer(batch -> {
                            throw new UnsupportedOperationException("a bug");
                        }),
                        CARD,
                        4))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    private void refused(UnaryOperator<FloatTensor> model, String reason) {
        assertThatThrownBy(() -> WarmUp.run(scorer(model), CARD, 4))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("bias")
                .hasMessageContaining(reason);
    }

    private static FloatTensor scores(int rows, float value) {
        float[] values = new float[rows * BiasModel.CLASSES];
        values[0] = value;
        return FloatTensor.wrap(Shape.of(rows, BiasModel.CLASSES), values);
    }

    private Scorer scorer(UnaryOperator<FloatTensor> model) {
        return new Scorer() {
            @Override
            public FloatTensor run(FloatTensor batch) {
                batches.add(batch);
                return model.apply(batch);
            }

            @Override
            public ModelCard card() {
                return CARD;
            }

            @Override
            public void close() {}
        };
    }
}
