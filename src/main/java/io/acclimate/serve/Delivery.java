package io.acclimate.serve;

/** The guarantee that predictions have across a crash. */
public enum Delivery {
    /** Predictions, dead letters and offsets share a transaction, so a read_committed reader sees exactly one answer an image. */
    EXACTLY_ONCE,
    /** There are no transactions, which lowers latency. After a crash some predictions are written twice. */
    AT_LEAST_ONCE
}
