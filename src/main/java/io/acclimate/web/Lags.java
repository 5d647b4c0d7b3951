package io.acclimate.web;

import java.time.Instant;
import java.util.List;

/**
 * How far each stage is behind.
 *
 * @param at when this was measured
 * @param stages in the order of the pipeline
 * @param unknown why it is not known, or empty
 */
public record Lags(Instant at, List<Stage> stages, String unknown) {
    static final Lags UNKNOWN = new Lags(Instant.EPOCH, List.of(), "it is not measured in this process");

    /**
     * What a stage reads from one topic.
     *
     * @param group the consumer group
     * @param behind the number of records that the group has not committed yet, markers of transactions among them
     */
    public record Stage(String stage, String group, String topic, long behind) {}

    public Lags {
        stages = List.copyOf(stages);
    }
}
