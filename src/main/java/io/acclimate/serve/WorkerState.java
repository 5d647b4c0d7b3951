package io.acclimate.serve;

/** The state of a worker, from which the role's health follows. */
sealed interface WorkerState {
    /** Not working yet; the worker retries without help. */
    record Waiting(String waitingFor) implements WorkerState {}

    record Working() implements WorkerState {}

    /** Ended by a failure. An operator must act. */
    record Failed(String reason) implements WorkerState {}

    /** Ended by {@link ServeWorker#stop()}. */
    record Stopped() implements WorkerState {}
}
