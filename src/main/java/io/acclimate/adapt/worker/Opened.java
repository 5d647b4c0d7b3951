package io.acclimate.adapt.worker;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Parts that are opened one after another: unless {@link #keep} is called at the end, {@link #close} closes those that were opened, the
 * last one first. For a try-with-resources statement.
 */
final class Opened implements AutoCloseable {
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    <T extends AutoCloseable> T add(T part) {
        parts.push(part);
        return part;
    }

    /** The parts have an owner now. */
    void keep() {
        parts.clear();
    }

    @Override
    public void close() {
        RuntimeException failure = null;
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                if (failure == null) {
                    failure = new IllegalStateException("a part was not closed", e);
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
