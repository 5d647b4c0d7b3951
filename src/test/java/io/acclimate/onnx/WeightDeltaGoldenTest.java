package io.acclimate.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import java.io.ByteArrayInputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WeightDeltaGoldenTest {
    private static final WeightDelta DELTA = WeightDelta.of(Map.of(
            "fc3.weight", FloatTensor.wrap(Shape.of(2, 2), new float[] {1, -0.0f, 0.5f, Float.NaN}),
            "fc3.bias", FloatTensor.wrap(Shape.of(1), new float[] {3})));

    private static final String KEPT =
            "2a140801100142086663332e626961734a04000040402a24080208021001420a6663332e7765696768744a100000803f000000800000003f0000c07f";

    @Test
    void weightsThatAreOnTheTopicAreReadAndWrittenAlike() {
        assertThat(HexFormat.of().formatHex(DELTA.toBytes()))
                .as("versions name the digest of these bytes, and checkpoints hold them: both become unusable")
                .isEqualTo(KEPT);
        assertThat(WeightDelta.parse(HexFormat.of().parseHex(KEPT))).isEqualTo(DELTA);
    }

    @Test
    void theirSizeIsKnownBeforeTheyAreWritten() {
        assertThat(DELTA.size()).isEqualTo(KEPT.length() / 2);
        assertThat(WeightDelta.EMPTY.size()).isZero();
        assertThat(WeightDelta.EMPTY.toBytes()).isEmpty();
    }

    @Test
    void theyAreReadOutOfAMessageAndOutOfAStreamToo() {
        assertThat(WeightDelta.parse(ByteString.fromHex(KEPT))).isEqualTo(DELTA);
        assertThat(WeightDelta.parse(new ByteArrayInputStream(HexFormat.of().parseHex(KEPT))))
                .isEqualTo(DELTA);
    }

    @Test
    void otherFieldsAreSkippedAndWhatIsNoMessageIsRefused() {
        // A field of another number before the tensors, as a later version may have one.
        assertThat(WeightDelta.parse(HexFormat.of().parseHex("12016d" + KEPT))).isEqualTo(DELTA);
        for (String bad : List.of(KEPT.substring(2), KEPT.substring(0, KEPT.length() - 2), "0c", KEPT + KEPT)) {
            assertThatThrownBy(() -> WeightDelta.parse(HexFormat.of().parseHex(bad)))
                    .as(bad)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
