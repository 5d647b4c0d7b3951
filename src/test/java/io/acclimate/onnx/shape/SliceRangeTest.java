package io.acclimate.onnx.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SliceRangeTest {
    private static List<Long> positions(long extent, long start, long end, long step) {
        SliceRange range = SliceRange.of(extent, start, end, step);
        return LongStream.range(0, range.count()).map(range::at).boxed().toList();
    }

    /** Numpy's rule, position by position. */
    private static List<Long> reference(long extent, long start, long end, long step) {
        long low = step < 0 ? -1 : 0;
        long high = step < 0 ? extent - 1 : extent;
        long first = Math.max(low, Math.min(high, start < 0 ? start + extent : start));
        long last = Math.max(low, Math.min(high, end < 0 ? end + extent : end));
        List<Long> positions = new ArrayList<>();
        for (long at = first; step < 0 ? at > last : at < last; at += step) {
            positions.add(at);
        }
        return positions;
    }

    @Test
    void everySmallSliceTakesThePositionsThatNumpyTakes() {
        for (long extent = 0; extent <= 5; extent++) {
            for (long start = -7; start <= 7; start++) {
                for (long end = -7; end <= 7; end++) {
                    for (long step : new long[] {-3, -2, -1, 1, 2, 3}) {
                        assertThat(positions(extent, start, end, step))
                                .as("[%d:%d:%d] of %d", start, end, step, extent)
                                .isEqualTo(reference(extent, start, end, step));
                    }
                }
            }
        }
    }

    @Test
    void boundsThatExportersWriteForTheEndTakeTheWholeAxis() {
        assertThat(positions(3, 0, Long.MAX_VALUE, 1)).containsExactly(0L, 1L, 2L);
        assertThat(positions(3, -1, Long.MIN_VALUE, -1)).containsExactly(2L, 1L, 0L);
        assertThat(positions(3, 0, Integer.MAX_VALUE, 2)).containsExactly(0L, 2L);
    }

    @Test
    void aStepBeyondTheAxisTakesOnePosition() {
        assertThat(positions(3, 1, 3, Long.MAX_VALUE)).containsExactly(1L);
        assertThat(positions(3, 1, -9, Long.MIN_VALUE)).containsExactly(1L);
    }

    @Test
    void aStepOfZeroIsRefused() {
        assertThatThrownBy(() -> SliceRange.of(3, 0, 3, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the step must not be 0");
    }
}
