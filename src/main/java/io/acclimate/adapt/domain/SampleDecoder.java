package io.acclimate.adapt.domain;

import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.Outcome;
import io.acclimate.core.Refusal;
import io.acclimate.image.ImageDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Labelled samples to rows of the model's input. The worker's thread only. */
public record SampleDecoder(BaseModel models, ImageDecoder images) {
    /** The samples that can be decoded and that the source model has finite scores for; the others go to {@code dropped}. */
    List<ReplaySample> usable(MiniBatch batch, long offset, List<Round.Dropped> dropped) {
        List<ReplaySample> decoded = new ArrayList<>();
        for (int i = 0; i < batch.samples().size(); i++) {
            Outcome<ReplaySample> sample = decode(batch.samples().get(i), offset, i);
            if (sample instanceof Outcome.Ok<ReplaySample> ok) {
                decoded.add(ok.value());
            } else if (sample instanceof Outcome.Refused<ReplaySample> refused) {
                dropped.add(new Round.Dropped(batch.samples().get(i), refused.refusal()));
            }
        }
        List<ReplaySample> usable = new ArrayList<>();
        List<Integer> overflowing = decoded.isEmpty()
                ? List.of()
                : BaseModel.predict(models.source(), rows(decoded)).notFinite();
        for (int i = 0; i < decoded.size(); i++) {
            if (overflowing.contains(i)) {
                LabelledSample sample = batch.samples().get(decoded.get(i).index());
                dropped.add(new Round.Dropped(
                        sample,
                        new Refusal(
                                DeadLetterReason.UNDECODABLE_IMAGE,
                                "the source model's scores of '" + sample.imageId() + "' are not finite")));
            } else {
                usable.add(decoded.get(i));
            }
        }
        return usable;
    }

    static FloatTensor rows(List<ReplaySample> samples) {
        return FloatTensor.stack(samples.stream().map(ReplaySample::row).toList());
    }

    Outcome<ReplaySample> decode(LabelledSample sample, long offset, int index) {
        OptionalInt classIndex = models.classOf(sample);
        if (classIndex.isEmpty()) {
            return Outcome.refused(
                    DeadLetterReason.UNKNOWN_CLASS,
                    "class " + sample.classIndex() + " '" + sample.className() + "' of '" + sample.imageId()
                            + "' is not one of the model's "
                            + models.graph().card().classes().count());
        }
        return images.toTensor(sample.image(), models.graph().card().input())
                .then(row -> Outcome.ok(new ReplaySample(offset, index, sample.imageId(), classIndex.getAsInt(), row)));
    }
}
