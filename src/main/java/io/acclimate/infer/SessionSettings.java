package io.acclimate.infer;

/**
 * Settings of one ONNX Runtime session.
 *
 * @param intraOpThreads threads of one run; 1 leaves the processors to the threads that call {@code run}
 */
public record SessionSettings(int intraOpThreads) {
    public SessionSettings {
        if (intraOpThreads < 1 || intraOpThreads > 256) {
            throw new IllegalArgumentException("intra-op threads are 1 to 256, got " + intraOpThreads);
        }
    }

    public static SessionSettings defaults() {
        return new SessionSettings(1);
    }
}
