package io.acclimate.scratch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScratchFileTest {
    private final ScratchFile file = new ScratchFile();

    @AfterEach
    void close() {
        file.close();
    }

    @Test
    void readsBackWhatWasWrittenToEachPlace() {
        long first = file.write(new byte[] {1, 2, 3});
        long second = file.write(new byte[] {4});
        long nothing = file.write(new byte[0]);

        assertThat(file.read(first, 3)).containsExactly(1, 2, 3);
        assertThat(file.read(second, 1)).containsExactly(4);
        assertThat(file.read(nothing, 0)).isEmpty();
        assertThat(file.used()).isEqualTo(4);
    }

    @Test
    void aFreedPlaceIsUsedAgainForBytesOfTheSameLengthOnly() {
        long freed = file.write(new byte[] {1, 2, 3});
        long kept = file.write(new byte[] {4, 5, 6});
        file.free(freed, 3);

        assertThat(file.write(new byte[] {7, 8})).as("of another length").isEqualTo(6);
        assertThat(file.write(new byte[] {9, 9, 9})).isEqualTo(freed);
        assertThat(file.write(new byte[] {8, 8, 8})).as("no place is free").isEqualTo(8);

        assertThat(file.read(freed, 3)).containsExactly(9, 9, 9);
        assertThat(file.read(kept, 3)).containsExactly(4, 5, 6);
        assertThat(file.used()).isEqualTo(11);
    }

    @Test
    void readingBeyondTheEndSaysThatSamplesAreLost() {
        long place = file.write(new byte[] {1});

        assertThatThrownBy(() -> file.read(place, 2))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("samples could not be read back from their file: ");
    }

    @Test
    void aClosedFileBeginsEmptyWhenItIsUsedAgain() {
        long kept = file.write(new byte[] {3});
        file.free(file.write(new byte[] {1, 2}), 2);

        file.close();
        file.close();

        assertThat(kept).isZero();
        assertThat(file.used()).isZero();
        assertThat(file.write(new byte[] {5, 6}))
                .as("no place that was freed before")
                .isZero();
    }
}
