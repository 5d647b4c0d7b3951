package io.acclimate.adapt.domain;

import io.acclimate.adapt.samples.Pixels;
import io.acclimate.adapt.samples.Shelf;
import java.util.HashMap;
import java.util.Map;

/** Counts how many buffers have each row, so that a test can see what was not dropped. */
final class CountingShelf implements Shelf {
    private final Map<Pixels, Integer> kept = new HashMap<>();

    /** The rows that a buffer has, with the number of buffers or places that have it. */
    Map<Pixels, Integer> kept() {
        return kept;
    }

    @Override
    public Pixels store(Pixels pixels) {
        return pixels;
    }

    @Override
    public Pixels keep(Pixels pixels) {
        kept.merge(pixels, 1, Integer::sum);
        return pixels;
    }

    @Override
    public void drop(Pixels pixels) {
        kept.compute(pixels, (key, count) -> count == null || count == 1 ? null : count - 1);
    }

    @Override
    public void holdBeside(int bytes) {}

    @Override
    public void close() {
        kept.clear();
    }
}
