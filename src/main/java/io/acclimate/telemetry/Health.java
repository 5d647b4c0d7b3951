package io.acclimate.telemetry;

import java.util.List;

/** A part's answer to "can you do your work now?". */
public sealed interface Health {
    /** {@code remarks} say what an operator should see to although the work goes on. */
    record Ready(List<String> remarks) implements Health {
        public Ready {
            remarks = List.copyOf(remarks);
        }
    }

    /** {@code waitingFor} says in words what is missing, as an operator would want to read it. */
    record NotReady(String waitingFor) implements Health {
        public NotReady {
            if (waitingFor.isBlank()) {
                throw new IllegalArgumentException("not ready needs a reason");
            }
        }
    }

    Health READY = new Ready(List.of());

    static Health notReady(String waitingFor) {
        return new NotReady(waitingFor);
    }
}
