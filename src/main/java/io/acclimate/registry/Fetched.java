package io.acclimate.registry;

import io.acclimate.onnx.WeightDelta;

/** What came of reading a version's weights. */
public sealed interface Fetched {
    /** Whole, and with the digest that the version names. */
    record Weights(WeightDelta delta) implements Fetched {}

    /** Not to be used, now or later: {@code kind} is {@code incomplete}, {@code digest} or {@code unreadable}. */
    record Refused(String kind, String message) implements Fetched {}
}
