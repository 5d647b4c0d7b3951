package io.acclimate.minibatch;

import io.acclimate.core.ClassNames;
import io.acclimate.core.Coordinates;
import io.acclimate.core.Outcome;
import io.acclimate.core.Refusal;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.DeadLetters;
import io.acclimate.wire.MiniBatchCodec;
import io.acclimate.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Labels in; samples keyed by domain out to {@link MiniBatchTopology#ACCEPTED}, dead letters to
 * {@link MiniBatchTopology#REFUSED}. Called by the task's stream thread only.
 */
final class LabelProcessor
        extends ContextualProcessor<byte @Nullable [], byte @Nullable [], byte[], byte @Nullable []> {
    static final String STAGE = "minibatch";

    private final LabelValidator validator;
    private final Topics topics;
    private final Telemetry telemetry;
    private final MiniBatchCodec codec = new MiniBatchCodec();

    LabelProcessor(ClassNames classes, Topics topics, Telemetry telemetry) {
        this.validator = new LabelValidator(classes);
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
