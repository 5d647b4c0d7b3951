package io.acclimate.telemetry;

/** A part's answer to "can you do your work now?". */
public sealed interface Health {
    record Ready() implements Health {}

    /** {@code waitingFor} says in words what is missing, as an operator would want to read it. */
    record NotReady(String waitingFor) implements Health {
        public NotReady {
            if (waitingFor.isBlank()) {
                throw new IllegalArgumentException("not ready needs a reason");
            }
        }
    }

    Health READY = new Ready();

    static Health notReady(String waitingFor) {
        return new NotReady(waitingFor);
    }
}
