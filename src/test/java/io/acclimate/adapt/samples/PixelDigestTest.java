package io.acclimate.adapt.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.Bytes;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PixelDigestTest {
    /** Levels of pixels, each the last plus three. */
    private static byte[] levels(int count) {
        byte[] levels = new byte[count];
        for (int i = 0; i < count; i++) {
            levels[i] = (byte) (3 * i);
        }
        return levels;
    }

    @Test
    void isTheOneThatCheckpointsHave() {
        assertThat(PixelDigest.of(Bytes.wrap(levels(19))))
                .as("a restart would take pictures for others than they were")
                .isEqualTo(-3476033275146703186L);
    }

    @Test
    void differsInTheUpperHalfWhereverALevelIsAnotherByOne() {
        Set<Integer> upper = new HashSet<>();
        upper.add((int) (PixelDigest.of(Bytes.wrap(levels(3072))) >>> 32));
        for (int i = 0; i < 3072; i++) {
            byte[] other = levels(3072);
            other[i]++;
            upper.add((int) (PixelDigest.of(Bytes.wrap(other)) >>> 32));
        }

        assertThat(upper).hasSize(3073);
    }

    @Test
    void zerosOfAnotherNumberAreOthers() {
        assertThat(PixelDigest.of(Bytes.wrap(new byte[9]))).isNotEqualTo(PixelDigest.of(Bytes.wrap(new byte[8])));
    }
}
