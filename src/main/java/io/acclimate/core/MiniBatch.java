package io.acclimate.core;

import java.time.Instant;
import java.util.List;

/**
 * The labelled samples of one gradient step, all of one domain; or, in their place, images of the domain without labels.
 *
 * @param sequence counts the domain's mini-batches from 0 without gaps
 * @param unlabelled a sample of what was served in the domain; empty when there are labelled samples
 * @param openedAt time at which its first sample was buffered
 * @param closedAt time at which it was flushed
 */
public record MiniBatch(
        DomainId domain,
        long sequence,
        FlushCause cause,
        List<LabelledSample> samples,
        List<UnlabelledImage> unlabelled,
        Instant openedAt,
        Instant closedAt) {
    /** The limit that closed a mini-batch. */
    public enum FlushCause {
        COUNT,
        BYTES,
        TIME
    }

    /**
     * An image that was served in the domain.
     *
     * @param at the coordinates of the image's record
     */
    public record UnlabelledImage(ImageId imageId, Payload image, Coordinates at) {}

    public MiniBatch {
        samples = List.copyOf(samples);
        unlabelled = List.copyOf(unlabelled);
        if (samples.isEmpty() == unlabelled.isEmpty()) {
            throw new IllegalArgumentException(
                    "a mini-batch has at least one sample, or images without labels and no sample, got "
                            + samples.size() + " samples and " + unlabelled.size() + " images without labels");
        }
    }

    /** A mini-batch of labelled samples. */
    public MiniBatch(
            DomainId domain,
            long sequence,
            FlushCause cause,
            List<LabelledSample> samples,
            Instant openedAt,
            Instant closedAt) {
        this(domain, sequence, cause, samples, List.of(), openedAt, closedAt);
    }

    /** Images of a domain without labels, which a worker takes in their place among the domain's mini-batches. */
    public static MiniBatch unlabelled(DomainId domain, long sequence, List<UnlabelledImage> images, Instant at) {
        return new MiniBatch(domain, sequence, FlushCause.TIME, List.of(), images, at, at);
    }
}
