package io.acclimate.core;

import java.util.List;

/** The gate's answer to one candidate. */
public sealed interface GateDecision {
    record Promote() implements GateDecision {}

    /** Not served; {@code reasons} say which rule failed by how much. */
    record Reject(List<String> reasons) implements GateDecision {
        public Reject {
            reasons = List.copyOf(reasons);
        }
    }

    /** Not judged yet; {@code missing} says what evidence is lacking. */
    record Defer(List<String> missing) implements GateDecision {
        public Defer {
            missing = List.copyOf(missing);
        }
    }

    /** {@code promote}, {@code reject} or {@code defer}: the word of metrics and events. */
    default String kind() {
        if (this instanceof Promote) {
            return "promote";
        }
        return this instanceof Reject ? "reject" : "defer";
    }
}
