package io.acclimate.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.InputSpec;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class BatchSettingsTest {
    private static InputSpec square(int side) {
        return new InputSpec(
                3,
                side,
                side,
                InputSpec.Layout.NCHW,
                InputSpec.Colour.RGB,
                InputSpec.Resize.STRETCH,
                Collections.nCopies(3, 0f),
                Collections.nCopies(3, 1f));
    }

    @Test
    void largeImagesShareARunWithFewOthersAndSmallOnesFillIt() {
        BatchSettings settings = BatchSettings.defaults();

        assertThat(settings.rows(square(32))).isEqualTo(settings.inferenceBatch());
        assertThat(settings.rows(square(224))).isEqualTo(6);
        assertThat(settings.rows(square(2_000))).isEqualTo(1);
    }
}
