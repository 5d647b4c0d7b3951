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
import io.acclimate.wire.ContractHeaders;
import java.time.Instant;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Decides whether a label record is a labelled sample, and of which domain. It has no state and no side effects. */
final class LabelValidator {
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
                                                time))))))));
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
