package io.acclimate.onnx.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.ClassNames;
import io.acclimate.core.FloatTensor;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.train.offline.SmallCnn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UntrainedRowsTest {
    private static final ClassNames TEN = classes("class", 10);

    private static ClassNames classes(String prefix, int count) {
        return new ClassNames(
                IntStream.range(0, count).mapToObj(i -> prefix + i).toList());
    }

    /** A network whose last layer has weights as training leaves them: most of them small. */
    private static ModelGraph trained() {
        ModelGraph fresh = SmallCnn.fresh("small", TEN, 1);
        FloatTensor matrix = Objects.requireNonNull(fresh.weights().get("fc3.weight"));
        Random random = new Random(1);
        float[] values = new float[matrix.values().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (0.1 * random.nextGaussian());
        }
        return fresh.with(WeightDelta.of(Map.of("fc3.weight", FloatTensor.wrap(matrix.shape(), values))));
    }

    @Test
    void aTrainedModelHasNone() {
        assertThat(trained().untrainedRows()).isEqualTo(UntrainedRows.NONE);
    }

    @Test
    void theClassesThatItDidNotKnowAreUntrained() throws Exception {
        List<String> names = new ArrayList<>(TEN.names());
        names.add(3, "fox");

        UntrainedRows rows = trained()
                .withClasses(new ClassNames(names), new FreshRows.MeanOfKept())
                .untrainedRows();

        assertThat(rows.classes()).containsExactly(3);
        assertThat(rows.axes()).containsOnly(Map.entry("fc3.weight", 0), Map.entry("fc3.bias", 0));
    }

    @Test
    void aHeadForOtherClassesIsUntrainedAsAWhole() throws Exception {
        UntrainedRows rows = trained()
                .withClasses(classes("other", 4), new FreshRows.MeanOfKept())
                .untrainedRows();

        assertThat(rows.classes()).containsExactly(0, 1, 2, 3);
    }

    @Test
    void aHeadThatWasOnlyInitialisedIsUntrainedAsAWhole() {
        assertThat(SmallCnn.fresh("small", TEN, 1).untrainedRows().classes()).hasSize(10);
    }

    @Test
    void soIsAHeadOfZeros() {
        ModelGraph trained = trained();
        FloatTensor matrix = Objects.requireNonNull(trained.weights().get("fc3.weight"));
        FloatTensor zeros = FloatTensor.wrap(matrix.shape(), new float[matrix.values().length]);

        assertThat(trained.with(WeightDelta.of(Map.of("fc3.weight", zeros)))
                        .untrainedRows()
                        .classes())
                .hasSize(10);
    }
}
