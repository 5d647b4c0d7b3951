package io.acclimate.infer;

/**
 * Settings of one ONNX Runtime session.
 *
 * @param intraOpThreads threads of one run; 1 leaves the processors to the threads that call {@code run}
 * @param runMemory what becomes of the memory of a run
 */
public record SessionSettings(int intraOpThreads, RunMemory runMemory) {
    /** Scores have the same bits either way. */
    public enum RunMemory {
        /** The session keeps the memory of its largest run for the next ones, which saves 7 % of their time. */
        KEPT,
        /** Each run gives its memory back, unless it is small. For a process that has several sessions and runs large batches. */
        GIVEN_BACK,
        /** Each run gives its memory back, however small. For a process with very many sessions. */
        NEVER_KEPT
    }

    public SessionSettings {
        if (intraOpThreads < 1 || intraOpThreads > 256) {
            throw new IllegalArgumentException("intra-op threads are 1 to 256, got " + intraOpThreads);
        }
    }

    public static SessionSettings defaults() {
        return new SessionSettings(1, RunMemory.KEPT);
    }

    public SessionSettings keepingNothing() {
        return new SessionSettings(intraOpThreads, RunMemory.NEVER_KEPT);
    }

    public SessionSettings givingBack() {
        return new SessionSettings(intraOpThreads, RunMemory.GIVEN_BACK);
    }
}
