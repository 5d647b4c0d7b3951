package io.acclimate.registry;

import io.acclimate.onnx.WeightDelta;

/** The result of reading a version's weights. */
public sealed interface Fetched {
    /** The weights are complete and have the digest that the version names. */
    record Weights(WeightDelta delta) implements Fetched {}

    /** The weights cannot be used, now or later. {@code kind} is {@code incomplete}, {@code digest} or {@code unreadable}. */
    record Refused(String kind, String message) implements Fetched {}
}
