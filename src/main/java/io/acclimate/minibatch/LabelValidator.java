package io.acclimate.minibatch;

import io.acclimate.core.Bytes;
import io.acclimate.core.ClassNames;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.DomainId;
import io.acclimate.core.ImageId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.Outcome;
import io.acclimate.core.Payload;
import io.acclimate.core.Refusal;
import io.acclimate.wire.ContractHeaders;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Decides whether a label record is a labelled sample, and of which domain. It has no state and no side effects. */
final class LabelValidator {
    private static final long MAX_KEY_AND_HEADERS = 512 << 10;

    private final ClassNames classes;
    private final JoinSettings join;

    LabelValidator(ClassNames classes, JoinSettings join) {
        this.classes = classes;
        this.join = join;
    }

    /** A valid label. A sample without bytes is of an image that was served. */
    record Accepted(DomainId domain, LabelledSample sample) {}

    Outcome<Accepted> validate(
            byte @Nullable [] key,
            byte @Nullable [] value,
            org.apache.kafka.common.header.Headers headers,
            Coordinates coordinates,
            Instant time) {
        Optional<Refusal> tooLarge = tooLarge(key, value, headers);
        if (tooLarge.isPresent()) {
            return new Outcome.Refused<>(tooLarge.get());
        }
        return ContractHeaders.domain(headers)
                .then(domain -> ContractHeaders.imageId(key, coordinates).then(image -> ContractHeaders.label(headers)
                        .then(this::resolve)
                        .then(classIndex -> ContractHeaders.contentType(headers).then(type -> pixels(key, value, image)
                                .then(bytes -> Outcome.ok(new Accepted(
                                        domain,
                                        new LabelledSample(
                                                image,
                                                classIndex,
                                                classes.name(classIndex),
                                                new Payload(bytes, type),
                                                coordinates,
                                                time,
                                                ContractHeaders.traceparent(headers)))))))));
    }

    /**
     * Refuses what would be too large for the topics that a sample passes through, however large records the owner of {@code labels}
     * allows. Kafka Streams would otherwise try the same label for ever and process no other.
     */
    private static Optional<Refusal> tooLarge(
            byte @Nullable [] key, byte @Nullable [] value, org.apache.kafka.common.header.Headers headers) {
        if (value != null && value.length > Payload.MAX_BYTES) {
            return Optional.of(new Refusal(
                    DeadLetterReason.IMAGE_TOO_LARGE,
                    "a label's image has at most " + Payload.MAX_BYTES + " bytes, got " + value.length));
        }
        long around = key == null ? 0 : key.length;
        for (Header header : headers) {
            around += 3L * header.key().length() + (header.value() == null ? 0 : header.value().length);
        }
        return around <= MAX_KEY_AND_HEADERS
                ? Optional.empty()
                : Optional.of(new Refusal(
                        DeadLetterReason.INVALID_HEADER,
                        "key and headers of a label have at most " + MAX_KEY_AND_HEADERS + " bytes together, got "
                                + around));
    }

    private Outcome<Bytes> pixels(byte @Nullable [] key, byte @Nullable [] value, ImageId image) {
        if (value != null && value.length > 0) {
            return Outcome.ok(Bytes.wrap(value));
        }
        if (key == null) {
            return missing("a label without a value needs its image's id as key");
        }
        return join.isOn()
                ? Outcome.ok(Bytes.EMPTY)
                : missing("the label of image " + image + " has no value: the image's pixels are needed in it");
    }

    private static Outcome<Bytes> missing(String message) {
        return Outcome.refused(DeadLetterReason.MISSING_PIXELS, message);
    }

    private Outcome<Integer> resolve(String label) {
        OptionalInt index = classes.resolve(label);
        return index.isPresent()
                ? Outcome.ok(index.getAsInt())
                : Outcome.refused(
                        DeadLetterReason.UNKNOWN_CLASS,
                        "label '" + label + "' is neither a class name of the model nor an index below "
                                + classes.count());
    }
}
