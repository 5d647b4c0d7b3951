package io.acclimate.adapt;

import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.Outcome;
import io.acclimate.core.Refusal;
import io.acclimate.image.ImageDecoder;
import java.util.OptionalInt;

/** Labelled samples to rows of the model's input. The worker's thread only. */
record SampleDecoder(Models models, ImageDecoder images) {
    Outcome<Sample> decode(LabelledSample sample, long offset, int index) {
        OptionalInt classIndex = models.classOf(sample);
        if (classIndex.isEmpty()) {
            return Outcome.refused(
                    DeadLetterReason.UNKNOWN_CLASS,
                    "class " + sample.classIndex() + " '" + sample.className() + "' of '" + sample.imageId()
                            + "' is not one of the model's "
                            + models.graph().card().classes().count());
        }
        return images.toTensor(sample.image(), models.graph().card().input())
                .then(row -> Outcome.ok(new Sample(offset, index, sample.imageId(), classIndex.getAsInt(), row)));
    }

    /** Decodes a sample again for a restore; one that was used once can be decoded always. */
    Sample again(LabelledSample sample, long offset, int index) {
        Outcome<Sample> outcome = decode(sample, offset, index);
        if (outcome instanceof Outcome.Ok<Sample> ok) {
            return ok.value();
        }
        Refusal refusal = ((Outcome.Refused<Sample>) outcome).refusal();
        throw new IllegalStateException("a sample of the checkpoint is unusable: " + refusal.message());
    }
}
