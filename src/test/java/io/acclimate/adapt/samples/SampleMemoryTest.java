package io.acclimate.adapt.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.acclimate.core.Bytes;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.image.Preprocessor;
import io.acclimate.scratch.ScratchFile;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SampleMemoryTest {
    private static final int SIDE = 16;
    private static final int ROW = 3 * SIDE * SIDE;
    private static final InputSpec INPUT = new InputSpec(
            3,
            SIDE,
            SIDE,
            InputSpec.Layout.NCHW,
            InputSpec.Colour.RGB,
            InputSpec.Resize.STRETCH,
            List.of(0.5f, 0.4f, 0.3f),
            List.of(0.2f, 0.3f, 0.4f));

    private final Preprocessor preprocessor = new Preprocessor(INPUT);
    private final Random random = new Random(7);
    private final SampleMemory memory = new SampleMemory(preprocessor, 20L * ROW, new ScratchFile());

    @AfterEach
    void close() {
        memory.close();
    }

    private Pixels pixels() {
        byte[] levels = new byte[ROW];
        random.nextBytes(levels);
        return memory.fresh(Bytes.wrap(levels));
    }

    @Test
    void holdsNoMoreThanItsBudgetForAllDomainsTogetherAndGivesEveryRowBack() {
        List<Pixels> kept = new ArrayList<>();
        List<FloatTensor> rows = new ArrayList<>();
        long most = 0;
        for (int domain = 0; domain < 40; domain++) {
            Shelf shelf = memory.shelf();
            for (int i = 0; i < 90; i++) {
                Pixels pixels = pixels();
                rows.add(pixels.row());
                kept.add(shelf.keep(pixels));
                most = Math.max(most, memory.bytesInMemory());
            }
        }

        List<FloatTensor> readBack = kept.stream().map(Pixels::row).toList();

        assertThat(readBack).isEqualTo(rows);
        assertThat(most).isEqualTo(20L * ROW);
        assertThat(memory.bytesInMemory()).isEqualTo(20L * ROW);
        assertThat(memory.bytesOnDisk()).isBetween((3600L - 20) * ROW, 3600L * ROW);
    }

    @Test
    void pixelsMakeRoomForWhatDomainsHoldBesideSamplesUntilTheyClose() {
        long budget = 24L << 20;
        try (SampleMemory large = new SampleMemory(preprocessor, budget, new ScratchFile())) {
            Shelf first = large.shelf();
            Shelf second = large.shelf();
            second.holdBeside(1 << 20);
            second.holdBeside(3 << 20);
            for (int i = 0; i < 32_000; i++) {
                first.keep(pixels());
            }
            long beside = (3L << 20) + 32_000 * SampleMemory.BYTES_BESIDE_PIXELS;
            assertThat(large.bytesInMemory())
                    .isBetween(
                            Math.max(budget - beside, SampleMemory.LEAST_BYTES) - ROW,
                            Math.max(budget - beside, SampleMemory.LEAST_BYTES));

            second.close();
            for (int i = 0; i < 4_000; i++) {
                first.keep(pixels());
            }
            assertThat(large.bytesInMemory()).isGreaterThan(SampleMemory.LEAST_BYTES);
        }
    }

    @Test
    void pixelsMakeRoomForWhatSamplesHaveOnTheHeapBesideThem() {
        long budget = 24L << 20;
        int count = 32_000;
        try (SampleMemory large = new SampleMemory(preprocessor, budget, new ScratchFile())) {
            Shelf first = large.shelf();
            Shelf second = large.shelf();
            for (int i = 0; i < count; i++) {
                (i % 2 == 0 ? first : second).keep(pixels());
            }
            assertThat(large.bytesInMemory())
                    .isLessThanOrEqualTo(budget - count * SampleMemory.BYTES_BESIDE_PIXELS)
                    .isGreaterThan(SampleMemory.LEAST_BYTES);

            second.close();
            for (int i = 0; i < count / 2; i++) {
                first.keep(pixels());
            }
            assertThat(large.bytesInMemory())
                    .as("as many samples as before")
                    .isBetween(
                            budget - count * SampleMemory.BYTES_BESIDE_PIXELS - ROW,
                            budget - count * SampleMemory.BYTES_BESIDE_PIXELS);

            for (int i = 0; i < 2 * count; i++) {
                first.keep(pixels());
            }
            assertThat(large.bytesInMemory())
                    .as("never less, however many there are")
                    .isBetween(SampleMemory.LEAST_BYTES - ROW, SampleMemory.LEAST_BYTES);
        }
    }

    @Test
    void leavesAnEighthOfTheHeapFreeBesideWhatTrainingTakes() {
        long mebibyte = 1L << 20;

        assertThat(SampleMemory.budget(2_048 * mebibyte, 438 * mebibyte)).isEqualTo(512 * mebibyte);
        assertThat(SampleMemory.budget(640 * mebibyte, 438 * mebibyte)).isEqualTo((640 - 438 - 80) * mebibyte);
        assertThat(SampleMemory.budget(504 * mebibyte, 438 * mebibyte))
                .as("a ResNet-18 in the container of docker-compose.yml")
                .isEqualTo(SampleMemory.LEAST_BYTES);
        assertThat(SampleMemory.budget(32 * mebibyte, 438 * mebibyte)).isEqualTo(8 * mebibyte);
    }

    @Test
    void usesTheDiskAgainThatReplacedSamplesLeave() {
        Shelf shelf = memory.shelf();
        Deque<Pixels> kept = new ArrayDeque<>();

        for (int i = 0; i < 2000; i++) {
            kept.add(shelf.keep(pixels()));
            if (kept.size() > 50) {
                shelf.drop(kept.remove());
            }
        }

        assertThat(memory.bytesInMemory() + memory.bytesOnDisk()).isLessThanOrEqualTo((50L + 20) * ROW);
        shelf.close();
        assertThat(memory.bytesInMemory() + memory.bytesOnDisk()).isZero();
    }

    @Test
    void freesASampleThatTwoBuffersHadWhenTheSecondDropsIt() {
        Shelf shelf = memory.shelf();
        Pixels first = shelf.keep(pixels());
        Pixels second = shelf.keep(first);

        shelf.drop(first);
        FloatTensor still = second.row();
        shelf.drop(second);

        assertThat(still.shape()).isEqualTo(INPUT.row());
        assertThat(memory.bytesInMemory()).isZero();
        assertThatIllegalStateException().isThrownBy(second::row).withMessageContaining("keeps no more");
    }
}
