package io.acclimate.adapt.domain;

import io.acclimate.adapt.samples.ReplaySample;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.ImageId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.MiniBatch.UnlabelledImage;
import io.acclimate.core.Outcome;
import io.acclimate.core.Refusal;
import io.acclimate.image.CompactRows;
import io.acclimate.image.ImageDecoder;
import io.acclimate.infer.RunFailedException;
import io.acclimate.wire.MiniBatchCodec;
import io.acclimate.wire.StartCodec;
import io.acclimate.wire.v1.SampleRef;
import io.acclimate.wire.v1.StartSample;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Decodes labelled samples to rows of the model's input, and scores them with the source model. The worker's thread only. */
public final class SampleDecoder {
    private final BaseModel models;
    private final ImageDecoder images;
    private final String form;
    private final StartCodec starts = new StartCodec();

    public SampleDecoder(BaseModel models, ImageDecoder images) {
        this.models = models;
        this.images = images;
        this.form = CompactRows.form(models.graph().card().input());
    }

    public BaseModel models() {
        return models;
    }

    /**
     * A mini-batch that was decoded.
     *
     * @param samples those that can be decoded, that the source model can run, and whose scores by it are finite
     * @param source what the source model predicts for {@code samples}
     * @param dropped the other samples
     */
    record Decoded(List<ReplaySample> samples, BaseModel.Predicted source, List<Round.Dropped> dropped) {
        Decoded {
            samples = List.copyOf(samples);
            dropped = List.copyOf(dropped);
        }

        /** Says why samples were dropped, if any were. */
        Optional<AdaptationEvent> discarded(MiniBatch batch, Instant at) {
            List<String> why =
                    dropped.stream().map(each -> each.refusal().message()).toList();
            return why.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new AdaptationEvent.Discarded(batch.domain(), at, batch.sequence(), why));
        }
    }

    /** @param offset of the mini-batch's record */
    Decoded decode(MiniBatch batch, long offset) {
        List<ReplaySample> decoded = new ArrayList<>();
        List<Round.Dropped> dropped = new ArrayList<>();
        for (int i = 0; i < batch.samples().size(); i++) {
            Outcome<ReplaySample> sample = decode(batch.samples().get(i), offset, i);
            if (sample instanceof Outcome.Ok<ReplaySample> ok) {
                decoded.add(ok.value());
            } else if (sample instanceof Outcome.Refused<ReplaySample> refused) {
                dropped.add(new Round.Dropped(batch.samples().get(i), refused.refusal()));
            }
        }
        BaseModel.Predicted source;
        try {
            source = predict(decoded);
        } catch (RunFailedException e) {
            SortedMap<Integer, String> faults = faults(decoded, e);
            drop(faults, decoded, batch, dropped);
            source = predict(decoded);
        }
        if (source.finite()) {
            return new Decoded(decoded, source, dropped);
        }
        SortedMap<Integer, String> faults = new TreeMap<>();
        for (int row : source.notFinite()) {
            faults.put(row, "the source model's scores of '" + decoded.get(row).imageId() + "' are not finite");
        }
        drop(faults, decoded, batch, dropped);
        // The last bits of a score may depend on the number of rows, and a rebuild must find the same bits.
        return new Decoded(decoded, predict(decoded), dropped);
    }

    /** @param faults why a row of {@code decoded}, from which it is taken, is of no use */
    private static void drop(
            SortedMap<Integer, String> faults,
            List<ReplaySample> decoded,
            MiniBatch batch,
            List<Round.Dropped> dropped) {
        faults.forEach((row, why) -> dropped.add(new Round.Dropped(
                batch.samples().get(decoded.get(row).index()), new Refusal(DeadLetterReason.UNDECODABLE_IMAGE, why))));
        removeRows(faults, decoded);
    }

    /** Takes the samples at the keys of {@code faults} from {@code samples}. */
    static void removeRows(SortedMap<Integer, String> faults, List<ReplaySample> samples) {
        int row = 0;
        for (Iterator<ReplaySample> each = samples.iterator(); each.hasNext(); row++) {
            each.next();
            if (faults.containsKey(row)) {
                each.remove();
            }
        }
    }

    /**
     * Of samples on which a run failed together, the rows that the source model refuses alone, with what it says: a category that an
     * embedding does not have, for example. Such a row fails for ever, so that a worker which tried it again would never come to the
     * records after it. The same rows are refused when the round is repeated.
     *
     * @param failure of the run, which is thrown when it is not known to be the fault of rows: no row fails alone, or the source model
     *     does not even run the row any more that it ran when it was opened. Labels must survive a failure of the machine
     */
    SortedMap<Integer, String> faults(List<ReplaySample> samples, RuntimeException failure) {
        SortedMap<Integer, String> first = refused(samples, IntStream.range(0, samples.size()));
        if (first.isEmpty() || !models.stillRuns()) {
            throw failure;
        }
        // A failure that passes, one of memory for example, may have met a row and not the row after it.
        SortedMap<Integer, String> faults =
                refused(samples, first.keySet().stream().mapToInt(Integer::intValue));
        if (faults.isEmpty() || !models.stillRuns()) {
            throw failure;
        }
        return faults;
    }

    private SortedMap<Integer, String> refused(List<ReplaySample> samples, IntStream rows) {
        SortedMap<Integer, String> refused = new TreeMap<>();
        rows.forEach(row -> {
            ReplaySample sample = samples.get(row);
            try {
                var unused = predict(List.of(sample));
            } catch (RunFailedException e) {
                refused.put(row, "the source model cannot run '" + sample.imageId() + "': " + e.getMessage());
            }
        });
        return refused;
    }

    private BaseModel.Predicted predict(List<ReplaySample> samples) {
        return samples.isEmpty() ? BaseModel.Predicted.NONE : BaseModel.predict(models.source(), samples);
    }

    /** An image without a label, which is a sample of no class. */
    Outcome<ReplaySample> decode(UnlabelledImage image, long offset, int index) {
        return images.toCompact(image.image(), models.graph().card().input())
                .then(bytes -> Outcome.ok(new ReplaySample(
                        offset,
                        index,
                        image.imageId(),
                        ReplaySample.NO_CLASS,
                        models.samples().fresh(bytes))));
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
        return images.toCompact(sample.image(), models.graph().card().input())
                .then(bytes -> Outcome.ok(new ReplaySample(
                        offset,
                        index,
                        sample.imageId(),
                        classIndex.getAsInt(),
                        models.samples().fresh(bytes))));
    }

    /** What the pixels are in that {@link #kept} has. */
    public String form() {
        return form;
    }

    /** A sample as a start has it: in the small form of its row and without the image that it came as. */
    StartSample kept(ReplaySample sample) {
        StartSample.Builder kept = StartSample.newBuilder()
                .setAt(SampleRef.newBuilder().setOffset(sample.offset()).setIndex(sample.index()));
        String id = sample.imageId().value();
        if (sample.classIndex() == ReplaySample.NO_CLASS) {
            kept.setUnlabelled(io.acclimate.wire.v1.UnlabelledImage.newBuilder().setImageId(id));
        } else {
            kept.setSample(io.acclimate.wire.v1.LabelledSample.newBuilder()
                    .setImageId(id)
                    .setClassIndex(sample.classIndex())
                    .setClassName(models.graph().card().classes().name(sample.classIndex())));
        }
        return starts.withPixels(kept, sample.pixels().bytes());
    }

    /**
     * A sample of a start, whose row is that of the sample which {@link #kept} took, bit for bit. Starts of the first build that wrote them
     * have the images as they came.
     */
    Outcome<ReplaySample> decode(StartSample kept) {
        SampleRef at = kept.getAt();
        if (kept.getPixels().isEmpty()) {
            return kept.hasSample()
                    ? decode(MiniBatchCodec.sample(kept.getSample()), at.getOffset(), at.getIndex())
                    : decode(MiniBatchCodec.image(kept.getUnlabelled()), at.getOffset(), at.getIndex());
        }
        String id = kept.hasSample()
                ? kept.getSample().getImageId()
                : kept.getUnlabelled().getImageId();
        OptionalInt classIndex = kept.hasSample()
                ? models.graph().card().classes().index(kept.getSample().getClassName())
                : OptionalInt.of(ReplaySample.NO_CLASS);
        return classIndex.isEmpty()
                ? Outcome.refused(
                        DeadLetterReason.UNKNOWN_CLASS,
                        "class '" + kept.getSample().getClassName() + "' of '" + id + "' is not one of the model's "
                                + models.graph().card().classes().count())
                : Outcome.ok(new ReplaySample(
                        at.getOffset(),
                        at.getIndex(),
                        new ImageId(id),
                        classIndex.getAsInt(),
                        models.samples().fresh(starts.pixels(kept))));
    }
}
