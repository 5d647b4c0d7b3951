package io.acclimate.serve;

/** What a crash may do to predictions. */
public enum Delivery {
    /** Predictions, dead letters and offsets in one transaction: each image has exactly one for read_committed readers. */
    EXACTLY_ONCE,
    /** Without transactions, for latency: after a crash some predictions come twice. */
    AT_LEAST_ONCE
}
