package io.acclimate.telemetry;

import java.util.List;

/** Says whether a part of the service can do its work now. */
public sealed interface Health {
    /** {@code remarks} name what an operator should look at although the part works. */
    record Ready(List<String> remarks) implements Health {
        public Ready {
            remarks = List.copyOf(remarks);
        }
    }

    /** {@code waitingFor} tells an operator in words what is missing. */
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
