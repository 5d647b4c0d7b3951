package io.acclimate.core;

import java.time.Instant;
import java.util.List;

/**
 * The labelled samples of one gradient step, all of one domain.
 *
 * @param sequence counts the domain's mini-batches from 0 without gaps
 * @param openedAt time at which its first sample was buffered
 * @param closedAt time at which it was flushed
 */
public record MiniBatch(
        DomainId domain,
        long sequence,
        FlushCause cause,
        List<LabelledSample> samples,
        Instant openedAt,
        Instant closedAt) {
    /** The limit that closed a mini-batch. */
    public enum FlushCause {
        COUNT,
        BYTES,
        TIME
    }

    public MiniBatch {
        samples = List.copyOf(samples);
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("a mini-batch has at least one sample");
        }
    }
}
