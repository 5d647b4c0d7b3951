package io.acclimate.onnx.shape;

/**
 * The positions that a {@code Slice} takes along one axis.
 *
 * @param start the first position
 * @param step from one position to the next, never 0
 * @param count of the positions
 */
public record SliceRange(long start, long step, long count) {
    public SliceRange {
        if (step == 0 || count < 0) {
            throw new IllegalArgumentException("a slice of " + count + " positions has step " + step
                    + ": the step must not be 0 and the count not be negative");
        }
    }

    /** ONNX's rule: negative positions count from the end, and positions outside are moved to the nearest bound. */
    public static SliceRange of(long extent, long start, long end, long step) {
        int low = step < 0 ? -1 : 0;
        long first = clamped(start, extent, low);
        long span = clamped(end, extent, low) - first;
        boolean forwards = step > 0 && span > 0;
        boolean backwards = step < 0 && span < 0;
        long count = forwards ? 1 + (span - 1) / step : backwards ? 1 + (span + 1) / step : 0;
        return new SliceRange(first, step, count);
    }

    /** A start or end on an axis of {@code extent}, not below {@code low}; −1 is the place before the first position. */
    static long clamped(long at, long extent, long low) {
        long positive = at < 0 ? at + extent : at;
        return Math.max(Math.min(0, low), Math.min(low < 0 ? extent - 1 : extent, positive));
    }

    /** The position of the {@code index}th taken element. */
    public long at(long index) {
        return start + index * step;
    }
}
