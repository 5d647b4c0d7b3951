package io.acclimate.adapt.worker;

/**
 * A partition that this instance owns now, on {@code mini-batches} and on {@code model-control}: it is worked on, or suspended. The
 * worker's thread only.
 */
sealed interface Share extends AutoCloseable permits Assignment, Suspension {
    int partition();

    @Override
    void close();
}
