package io.acclimate.minibatch;

import io.acclimate.core.Membership;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How labels become mini-batches.
 *
 * @param membership its group names the Streams application, under the topics' prefix; each instance has its own state directory
 * @param limits what producers of labels may do
 * @param join how labels without bytes find their images
 * @param unlabelled how many served images are taken without labels, which needs the join's reading of predictions
 */
public record MiniBatchSettings(
        Membership membership,
        StreamsSettings streams,
        FlushSettings flush,
        LabelLimits limits,
        JoinSettings join,
        Sampling unlabelled) {
    public MiniBatchSettings {
        if (unlabelled.isOn() && !join.isOn()) {
            throw new IllegalArgumentException(
                    "images without labels are taken from predictions, which are not read with a join retention of 0");
        }
    }

    public static MiniBatchSettings defaults() {
        return new MiniBatchSettings(
                Membership.of("acclimate-minibatch"),
                StreamsSettings.defaults(),
                FlushSettings.defaults(),
                LabelLimits.DEFAULT,
                JoinSettings.DEFAULT,
                Sampling.OFF);
    }

    public MiniBatchSettings withMembership(Membership other) {
        return new MiniBatchSettings(other, streams, flush, limits, join, unlabelled);
    }

    public MiniBatchSettings withStreams(StreamsSettings other) {
        return new MiniBatchSettings(membership, other, flush, limits, join, unlabelled);
    }

    public MiniBatchSettings withFlush(FlushSettings other) {
        return new MiniBatchSettings(membership, streams, other, limits, join, unlabelled);
    }

    public MiniBatchSettings withLabelLimits(LabelLimits other) {
        return new MiniBatchSettings(membership, streams, flush, other, join, unlabelled);
    }

    public MiniBatchSettings withJoin(JoinSettings other) {
        return new MiniBatchSettings(membership, streams, flush, limits, other, unlabelled);
    }

    public MiniBatchSettings withUnlabelled(Sampling other) {
        return new MiniBatchSettings(membership, streams, flush, limits, join, other);
    }

    public MiniBatchSettings withStateDir(Path folder) {
        return withStreams(streams.withStateDir(folder));
    }

    /**
     * How many of the served images become images without labels among a domain's mini-batches.
     *
     * @param images that one task takes of a domain in one interval; 0 takes none
     */
    public record Sampling(int images) {
        /** Takes none. */
        public static final Sampling OFF = new Sampling(0);

        /** Of each domain and task: about as many images as are worth estimating from within half a minute. */
        public static final Sampling ON = new Sampling(16);

        static final Duration FIRST_INTERVAL = Duration.ofSeconds(1);
        static final Duration LAST_INTERVAL = Duration.ofHours(1);
        /** Images of a domain after which intervals begin to double. */
        static final int SOON = 512;

        public Sampling {
            if (images < 0 || images > 1024) {
                throw new IllegalArgumentException("sampled images without labels must be 0 to 1024, got " + images);
            }
        }

        boolean isOn() {
            return images > 0;
        }
    }
}
