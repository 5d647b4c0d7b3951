package io.acclimate.minibatch;

import io.acclimate.core.ClassNames;
import io.acclimate.core.Coordinates;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.Outcome;
import io.acclimate.core.Refusal;
import io.acclimate.minibatch.state.PendingLabel;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.MiniBatchCodec;
import io.acclimate.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Validates labels. Samples with bytes leave by {@link Exit#ACCEPTED}, labels without bytes by {@link Exit#WITHOUT_BYTES}, dead letters
 * by {@link Exit#REFUSED}. Called by the task's stream thread only.
 *
 * <p>What leaves for a repartition topic never has a timestamp in the future. A broker refuses records that are too far ahead of its
 * clock, and Kafka Streams would then try the same label for ever and process no other. The label's own time, whatever it is, stays
 * in the sample.
 */
final class LabelProcessor
        extends ContextualProcessor<byte @Nullable [], byte @Nullable [], byte[], byte @Nullable []> {
    private final LabelValidator validator;
    private final Refusals refusals;
    private final Telemetry telemetry;
    private final MiniBatchCodec codec = new MiniBatchCodec();

    LabelProcessor(ClassNames classes, JoinSettings join, Topics topics, Telemetry telemetry) {
        this.validator = new LabelValidator(classes, join);
        this.refusals = new Refusals(topics, telemetry);
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
            accept(label, ok.value());
        } else if (outcome instanceof Outcome.Refused<LabelValidator.Accepted> refused) {
            refuse(label, coordinates, refused.refusal());
        }
    }

    private void accept(Record<byte @Nullable [], byte @Nullable []> label, LabelValidator.Accepted accepted) {
        LabelledSample sample = accepted.sample();
        long timestamp = Math.min(label.timestamp(), context().currentSystemTimeMs());
        if (sample.image().bytes().isEmpty()) {
            PendingLabel pending = new PendingLabel(sample, label.headers(), label.value() == null, Optional.empty());
            byte[] image = sample.imageId().value().getBytes(StandardCharsets.UTF_8);
            Exit.WITHOUT_BYTES.forward(context(), new Record<>(image, pending.toBytes(), timestamp));
        } else {
            byte[] domain = accepted.domain().value().getBytes(StandardCharsets.UTF_8);
            Exit.ACCEPTED.forward(
                    context(), new Record<>(domain, codec.encodeSample(sample), timestamp, label.headers()));
        }
    }

    private void refuse(Record<byte @Nullable [], byte @Nullable []> label, Coordinates at, Refusal refusal) {
        Exit.REFUSED.forward(
                context(),
                refusals.letter(
                        at,
                        label.timestamp(),
                        label.key(),
                        label.value(),
                        label.headers(),
                        refusal,
                        context().currentSystemTimeMs()));
    }
}
