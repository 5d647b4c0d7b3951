package io.acclimate.adapt;

import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.Outcome;
import io.acclimate.core.Refusal;
import io.acclimate.image.ImageDecoder;

/** Labelled samples to rows of the model's input. The worker's thread only. */
record SampleDecoder(Models models, ImageDecoder images) {
    Outcome<Sample> decode(LabelledSample sample, long offset, int index) {
        if (sample.classIndex() >= models.classes()) {
            return Outcome.refused(
                    DeadLetterReason.UNKNOWN_CLASS,
                    "class " + sample.classIndex() + " of '" + sample.imageId() + "' is not below the model's "
                            + models.classes());
        }
        return images.toTensor(sample.image(), models.graph().card().input())
                .then(row -> Outcome.ok(new Sample(offset, index, sample.imageId(), sample.classIndex(), row)));
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
