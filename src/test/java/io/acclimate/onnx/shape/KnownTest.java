package io.acclimate.onnx.shape;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KnownTest {
    @Test
    void ofMoreThanAnArrayCanHoldThereIsNoShapeAndNoInitializer() {
        Known huge = new Known(Known.INT64, Optional.of(List.of(Extent.of(1L << 40))), Optional.of(List.of()));

        assertThat(huge.extents()).isEmpty();
        assertThat(huge.toProto("huge")).isEmpty();
    }
}
