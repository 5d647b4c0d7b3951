package io.acclimate.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ByteArrayImageInputTest {
    private static final byte[] FILE = {10, (byte) 200, 30, 40};

    @Test
    void readsSingleBytesWithoutASignAndThenTheEnd() throws IOException {
        try (ByteArrayImageInput input = new ByteArrayImageInput(FILE)) {
            input.seek(1);

            assertThat(input.read()).isEqualTo(200);
            input.seek(4);
            assertThat(input.read()).isEqualTo(-1);
        }
    }

    @Test
    void readsWhatIsLeftWhenMoreIsAskedFor() throws IOException {
        try (ByteArrayImageInput input = new ByteArrayImageInput(FILE)) {
            byte[] to = new byte[6];
            input.seek(2);

            assertThat(input.read(to, 1, 5)).isEqualTo(2);
            assertThat(to).containsExactly(0, 30, 40, 0, 0, 0);
            assertThat(input.getStreamPosition()).isEqualTo(4);
            assertThat(input.read(to, 0, 1)).isEqualTo(-1);
            assertThat(input.read(to, 0, 0)).isZero();
        }
    }

    @Test
    void aReadByBytesDropsTheBitsThatAReadByBitsHasBegun() throws IOException {
        try (ByteArrayImageInput input = new ByteArrayImageInput(FILE)) {
            assertThat(input.readBits(3)).isZero();

            assertThat(input.read()).isEqualTo(10);
            assertThat(input.getBitOffset()).isZero();
            assertThat(input.length()).isEqualTo(4);
        }
    }
}
