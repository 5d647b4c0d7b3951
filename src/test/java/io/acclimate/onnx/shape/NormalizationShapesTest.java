package io.acclimate.onnx.shape;

import static io.acclimate.onnx.shape.Told.B;
import static io.acclimate.onnx.shape.Told.shape;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NormalizationShapesTest {
    @ParameterizedTest
    @ValueSource(strings = {"Softmax", "LogSoftmax", "LayerNormalization", "BatchNormalization", "LRN"})
    void aNormalisationGivesTheShapeOfItsInput(String type) {
        assertThat(Told.of(type).floats(B, 3, 4).shape()).isEqualTo(shape(B, 3, 4));
    }

    @Test
    void aSoftmaxAlongTheBatchComparesRowsAndIsRefused() {
        assertThatThrownBy(
                        () -> Told.of("Softmax").with("axis", 0L).floats(B, 3).shape())
                .hasMessage("over the batch");
        assertThatThrownBy(() -> Told.of("Softmax").floats(3, B).shape()).hasMessage("over the batch");
    }

    @Test
    void beforeOpset13ASoftmaxCoversAllAxesFromItsOwnOn() {
        assertThat(Told.of("Softmax").with("axis", 0L).floats(3, B).shape()).isEqualTo(shape(3, B));
        assertThatThrownBy(() -> Told.of("Softmax")
                        .opset(11)
                        .with("axis", 0L)
                        .floats(3, B)
                        .shape())
                .hasMessage("over the batch");
        assertThat(Told.of("Softmax").opset(11).floats(B, 3, 4).shape()).isEqualTo(shape(B, 3, 4));
    }

    @Test
    void aLayerNormalisationOverTheBatchIsRefused() {
        assertThat(Told.of("LayerNormalization")
                        .with("axis", 1L)
                        .floats(B, 3, 4)
                        .shape())
                .isEqualTo(shape(B, 3, 4));
        assertThatThrownBy(() -> Told.of("LayerNormalization")
                        .with("axis", 0L)
                        .floats(B, 3)
                        .shape())
                .hasMessage("over the batch");
    }

    @ParameterizedTest
    @ValueSource(strings = {"BatchNormalization", "InstanceNormalization", "GroupNormalization", "LRN"})
    void perChannelTheBatchMustBeTheOutermostExtent(String type) {
        assertThatThrownBy(() -> Told.of(type).floats(3, B, 4).shape()).hasMessage("over the batch");
    }
}
