package io.acclimate.minibatch;

import io.acclimate.core.ClassNames;
import io.acclimate.core.Coordinates;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.Outcome;
import io.acclimate.core.Refusal;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.DeadLetters;
import io.acclimate.wire.MiniBatchCodec;
import io.acclimate.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Labels in; samples keyed by domain out to {@link MiniBatchTopology#ACCEPTED}, {@link PendingLabel}s keyed by image id to
 * {@link MiniBatchTopology#WITHOUT_BYTES}, dead letters to {@link MiniBatchTopology#REFUSED}. Called by the task's stream thread only.
 */
final class LabelProcessor
        extends ContextualProcessor<byte @Nullable [], byte @Nullable [], byte[], byte @Nullable []> {
    static final String STAGE = "minibatch";

    private final LabelValidator validator;
    private final Topics topics;
    private final Telemetry telemetry;
    private final MiniBatchCodec codec = new MiniBatchCodec();

    LabelProcessor(ClassNames classes, JoinSettings join, Topics topics, Telemetry telemetry) {
        this.validator = new LabelValidator(classes, join);
        this.topics = topics;
        this.telemetry = telemetry;
    }

    @Override
    public void process(Record<byte @Nullable [], byte @Nullable []> label) {
        telemetry.counter(Meter.LABELS_RECEIVED).increment();
        Coordinates coordinates = context()
                .recordMetadata()
                .map(at -> new Coordinates(at.topic(), at.partition(), at.offset()))
                .orElseThrow(() -> new IllegalStateException("a label comes from a topic"));
        var outcome = validator.validate(
                label.key(), label.value(), label.headers(), coordinates, Instant.ofEpochMilli(label.timestamp()));
        if (outcome instanceof Outcome.Ok<LabelValidator.Accepted> ok) {
            if (ok.value().sample().image().bytes().isEmpty()) {
                pass(label, ok.value().sample());
                return;
            }
            byte[] domain = ok.value().domain().value().getBytes(StandardCharsets.UTF_8);
            byte[] sample = codec.encodeSample(ok.value().sample());
            context()
                    .forward(
                            new Record<>(domain, sample, label.timestamp(), label.headers()),
                            MiniBatchTopology.ACCEPTED);
        } else if (outcome instanceof Outcome.Refused<LabelValidator.Accepted> refused) {
            refuse(label, coordinates, refused.refusal());
        }
    }

    private void pass(Record<byte @Nullable [], byte @Nullable []> label, LabelledSample sample) {
        PendingLabel pending = new PendingLabel(sample, label.headers(), label.value() == null, Optional.empty());
        context()
                .forward(
                        new Record<>(
                                sample.imageId().value().getBytes(StandardCharsets.UTF_8),
                                pending.toBytes(),
                                label.timestamp()),
                        MiniBatchTopology.WITHOUT_BYTES);
    }

    private void refuse(Record<byte @Nullable [], byte @Nullable []> label, Coordinates coordinates, Refusal refusal) {
        telemetry.counter(Meter.DEAD_LETTERS, STAGE, refusal.reason().name()).increment();
        var letter = DeadLetters.record(
                topics.deadLetters(),
                coordinates,
                label.timestamp(),
                label.key(),
                label.value(),
                label.headers(),
                refusal,
                STAGE);
        context()
                .forward(
                        new Record<>(letter.key(), letter.value(), context().currentSystemTimeMs(), letter.headers()),
                        MiniBatchTopology.REFUSED);
    }
}
