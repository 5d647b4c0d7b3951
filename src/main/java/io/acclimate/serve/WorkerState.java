package io.acclimate.serve;

/** Where a worker stands. */
sealed interface WorkerState {
    /** Tries to get to work by itself. */
    record Waiting(String waitingFor) implements WorkerState {}

    record Working() implements WorkerState {}

    /** Ended, and somebody must act. */
    record Failed(String reason) implements WorkerState {}

    /** Ended as asked. */
    record Stopped() implements WorkerState {}
}
