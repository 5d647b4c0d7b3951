package io.acclimate.train.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AlignmentTest {
    private final NDManager step = NDManager.newBaseManager("PyTorch");

    @AfterEach
    void free() {
        step.close();
    }

    private NDArray rows(int columns, float... values) {
        return step.create(values, new Shape(values.length / columns, columns));
    }

    @Test
    void coralIsTheSquaredDistanceOfTheCovariances() {
        // Covariances [[2, 0], [0, 0]] and [[0, 0], [0, 8]]: (4 + 64) / (4 · 2²).
        float distance =
                Alignment.coral(rows(2, -1, 0, 1, 0), rows(2, 0, -2, 0, 2)).getFloat();

        assertThat(distance).isCloseTo(68 / 16f, within(1e-6f));
    }

    @Test
    void coralSeesNoShiftOfTheMeans() {
        float distance =
                Alignment.coral(rows(2, 1, 2, 3, 5), rows(2, 101, 2, 103, 5)).getFloat();

        assertThat(distance).isCloseTo(0, within(1e-6f));
    }

    @Test
    void mmdOfTwoPointsEachIsThatOfItsFiveKernels() {
        // Sources at 0, targets at 2: squared distances 0 within and 4 between, of which the mean is 2.
        double between = 0;
        for (double width : new double[] {0.25, 0.5, 1, 2, 4}) {
            between += Math.exp(-4 / (2 * width)) / 5;
        }

        float distance = Alignment.mmd(rows(1, 0, 0), rows(1, 2, 2)).getFloat();

        assertThat(distance).isCloseTo((float) (2 - 2 * between), within(1e-5f));
    }

    @Test
    void mmdIsSymmetricAndSeesAShiftOfTheMeansWhateverTheScale() {
        NDArray source = rows(2, 0, 1, 2, 0, 1, 1);
        NDArray target = rows(2, 3, 1, 4, 2);

        float there = Alignment.mmd(source, target).getFloat();

        assertThat(there).isGreaterThan(0.1f);
        assertThat(Alignment.mmd(target, source).getFloat()).isCloseTo(there, within(1e-6f));
        assertThat(Alignment.mmd(source.add(source), target.add(target)).getFloat())
                .isCloseTo(there, within(1e-5f));
    }

    @Test
    void mmdOfRowsThatAreAllTheSameIsZeroAndNotNaN() {
        assertThat(Alignment.mmd(rows(1, 3, 3), rows(1, 3, 3)).getFloat()).isCloseTo(0, within(1e-6f));
    }

    @Test
    void featuresOfMapsAndSequencesAreAveragedOverTheirPlaces() {
        NDArray sequence = step.create(new float[] {1, 2, 3, 4}, new Shape(1, 2, 2));
        NDArray map = step.create(new float[] {1, 2, 3, 4}, new Shape(1, 2, 1, 2));
        NDArray plain = rows(2, 1, 2);

        assertThat(Alignment.pooled(sequence).toFloatArray()).containsExactly(2, 3);
        assertThat(Alignment.pooled(map).toFloatArray()).containsExactly(1.5f, 3.5f);
        assertThat(Alignment.pooled(plain)).isSameAs(plain);
    }
}
