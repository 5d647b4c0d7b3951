package io.acclimate.core;

import java.util.List;

/** The gate's decision on one candidate. */
public sealed interface GateDecision {
    record Promote() implements GateDecision {}

    /** The candidate is not served. {@code reasons} say which rules it failed and by how much. */
    record Reject(List<String> reasons) implements GateDecision {
        public Reject {
            reasons = List.copyOf(reasons);
        }
    }

    /** The candidate cannot be judged yet. {@code missing} says which evidence is lacking. */
    record Defer(List<String> missing) implements GateDecision {
        public Defer {
            missing = List.copyOf(missing);
        }
    }

    /** {@code promote}, {@code reject} or {@code defer}, as meters and events name the decision. */
    default String kind() {
        if (this instanceof Promote) {
            return "promote";
        }
        return this instanceof Reject ? "reject" : "defer";
    }
}
