package io.acclimate.train.operators;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AxesTest {
    private final NDManager manager = NDManager.newBaseManager("PyTorch");
    private final NDArray matrix = manager.create(new float[] {1, 2, 3, 4, 5, 6}, new Shape(2, 3));

    @AfterEach
    void free() {
        manager.close();
    }

    @Test
    void aRangeIsTakenAlongOneAxis() {
        assertThat(Axes.range(matrix, 1, 0, 3, 2).toFloatArray()).containsExactly(1, 3, 4, 6);
        assertThat(Axes.range(matrix, 0, 1, 2, 1).toFloatArray()).containsExactly(4, 5, 6);
        assertThat(Axes.range(matrix, 1, 1, 1, 1).getShape()).isEqualTo(new Shape(2, 0));
    }

    @Test
    void positionsMayComeTwiceAndInAnyOrder() {
        assertThat(Axes.pick(matrix, 1, 2, 0, 2).toFloatArray()).containsExactly(3, 1, 3, 6, 4, 6);
        assertThat(Axes.reversed(matrix, 0).toFloatArray()).containsExactly(4, 5, 6, 1, 2, 3);
    }

    @Test
    void shapesMeetFromTheInnermostExtent() {
        assertThat(Axes.together(new Shape(3, 1), new Shape(2, 1, 4))).isEqualTo(new Shape(2, 3, 4));
        assertThat(Axes.together(new Shape(), new Shape(5))).isEqualTo(new Shape(5));
    }

    @Test
    void aMatrixOfRowsKeepsAllElements() {
        NDArray cube = matrix.reshape(1, 2, 3);

        assertThat(Axes.asRows(cube, 2).getShape()).isEqualTo(new Shape(2, 3));
        assertThat(Axes.asRows(cube, 0).getShape()).isEqualTo(new Shape(1, 6));
    }
}
