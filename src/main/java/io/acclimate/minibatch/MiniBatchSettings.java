package io.acclimate.minibatch;

import io.acclimate.core.Membership;
import java.nio.file.Path;

/**
 * How labels become mini-batches.
 *
 * @param membership its group names the Streams application, under the topics' prefix; each instance has its own state directory
 * @param limits what producers of labels may do
 * @param join how labels without bytes find their images
 */
public record MiniBatchSettings(
        Membership membership, StreamsSettings streams, FlushSettings flush, LabelLimits limits, JoinSettings join) {
    public static MiniBatchSettings defaults() {
        return new MiniBatchSettings(
                Membership.of("acclimate-minibatch"),
                StreamsSettings.defaults(),
                FlushSettings.defaults(),
                LabelLimits.DEFAULT,
                JoinSettings.DEFAULT);
    }

    public MiniBatchSettings withMembership(Membership other) {
        return new MiniBatchSettings(other, streams, flush, limits, join);
    }

    public MiniBatchSettings withStreams(StreamsSettings other) {
        return new MiniBatchSettings(membership, other, flush, limits, join);
    }

    public MiniBatchSettings withFlush(FlushSettings other) {
        return new MiniBatchSettings(membership, streams, other, limits, join);
    }

    public MiniBatchSettings withLabelLimits(LabelLimits other) {
        return new MiniBatchSettings(membership, streams, flush, other, join);
    }

    public MiniBatchSettings withJoin(JoinSettings other) {
        return new MiniBatchSettings(membership, streams, flush, limits, other);
    }

    public MiniBatchSettings withStateDir(Path folder) {
        return withStreams(streams.withStateDir(folder));
    }
}
