package io.acclimate.onnx.shape;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ValueFactsTest {
    @Test
    void ofMoreThanAnArrayCanHoldThereIsNoShapeAndNoInitializer() {
        ValueFacts huge =
                new ValueFacts(ValueFacts.INT64, Optional.of(List.of(Dim.of(1L << 40))), Optional.of(List.of()));

        assertThat(huge.extents()).isEmpty();
        assertThat(huge.toProto("huge")).isEmpty();
    }
}
