package io.acclimate.adapt.domain;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.acclimate.adapt.samples.ReplaySample;
import io.acclimate.adapt.samples.Shelf;
import io.acclimate.adapt.settings.UnlabelledSettings;
import io.acclimate.adapt.settings.UnlabelledSettings.Use;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.Outcome;
import io.acclimate.core.VersionId;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.train.DomainStatistics;
import io.acclimate.wire.v1.Alignment;
import io.acclimate.wire.v1.Checkpoint;
import io.acclimate.wire.v1.SampleRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the newest images without labels of a domain, and lets training start from weights that are aligned to them ({@link
 * io.acclimate.train.DomainStatistics}). They are estimated while nothing was trained yet: from {@value #FEWEST} images on, again from
 * twice as many, and later whenever all that are kept are new. So they do not depend on how the images were divided among records.
 *
 * <p>The first labelled mini-batch decides: when the aligned weights have fewer of its samples right than the source model, training
 * starts from the source model. Where they serve before any label by the operator's word, the proof decides instead, which takes back
 * what is proven worse. After either, and after a command of an operator, nothing is aligned any more. One thread.
 */
final class Aligning {
    static final int FEWEST = 64;
    private static final Logger LOG = LoggerFactory.getLogger(Aligning.class);

    private final UnlabelledSettings settings;
    private final SampleDecoder decoder;
    private final SourceSet sourceSet;
    private final ActiveVersion active;
    private final Position position;
    private final Shelf shelf;
    private final List<ReplaySample> images = new ArrayList<>();
    private int estimatedFrom;
    private int since;
    private boolean refused;
    private long served;

    Aligning(
            UnlabelledSettings settings,
            SampleDecoder decoder,
            SourceSet sourceSet,
            ActiveVersion active,
            Position position,
            Shelf shelf) {
        this.settings = settings;
        this.decoder = decoder;
        this.sourceSet = sourceSet;
        this.active = active;
        this.position = position;
        this.shelf = shelf;
    }

    /**
     * What became of a record's images.
     *
     * @param tensors that were estimated; 0 for none
     */
    record Result(int images, int tensors, String outcome) {}

    /** Takes the images of a record. Empty when nothing is to be done with images without labels. */
    Optional<Result> take(MiniBatch batch, long offset) {
        if (settings.use() == Use.OFF) {
            return Optional.empty();
        }
        for (int i = 0; i < batch.unlabelled().size(); i++) {
            if (decoder.decode(batch.unlabelled().get(i), offset, i) instanceof Outcome.Ok<ReplaySample> image) {
                keep(image.value());
                since++;
            }
        }
        Optional<String> obstacle = obstacle();
        return Optional.of(obstacle.isPresent() ? new Result(images.size(), 0, "kept: " + obstacle.get()) : estimate());
    }

    private void keep(ReplaySample image) {
        if (images.size() >= settings.capacity()) {
            shelf.drop(images.remove(0).pixels());
        }
        images.add(image.with(shelf.keep(image.pixels())));
    }

    private Optional<String> obstacle() {
        if (refused) {
            return Optional.of("labels or an operator spoke against what was aligned to them");
        }
        if (position.isPaused()) {
            return Optional.of("training is paused");
        }
        long serving = position.lineage().active();
        // Training that was started again has made no steps, although labels were trained on before.
        if (position.samplesSeen() > 0 || active.steps() > 0 || (serving != VersionId.SOURCE && serving != served)) {
            return Optional.of("labels are trained on already");
        }
        int due = estimatedFrom == 0 ? FEWEST : Math.min(settings.capacity(), 2 * estimatedFrom);
        return images.size() < due || (estimatedFrom >= settings.capacity() && since < settings.capacity())
                ? Optional.of("too few are new")
                : Optional.empty();
    }

    /** Without the images that the model cannot run, which are known only when one of them is among those it is asked for. */
    private WeightDelta fit() {
        DomainStatistics statistics = sourceSet.statistics(decoder.models().graph());
        try {
            return statistics.fit(images.size(), i -> images.get(i).row());
        } catch (RuntimeException e) {
            SortedMap<Integer, String> faults = decoder.faults(images, e);
            faults.forEach((row, why) -> {
                LOG.warn("an image without a label is left out: {}", why);
                shelf.drop(images.get(row).pixels());
            });
            SampleDecoder.removeRows(faults, images);
        }
        return statistics.fit(images.size(), i -> images.get(i).row());
    }

    private Result estimate() {
        WeightDelta start = fit();
        estimatedFrom = images.size();
        since = 0;
        if (start.tensors().isEmpty()) {
            return new Result(images.size(), 0, "the network has nothing that can be aligned to them");
        }
        active.align(start);
        return new Result(
                images.size(),
                start.tensors().size(),
                String.format(
                        Locale.ROOT,
                        "training starts from %d tensors aligned to them",
                        start.tensors().size()));
    }

    /** True when what was aligned serves at once. */
    boolean serves() {
        return settings.use() == Use.SERVE;
    }

    /** The aligned weights serve as this version, before any label has come. */
    void serving(long version) {
        served = version;
    }

    /**
     * Lets the first labelled samples decide whether training starts from the aligned weights.
     *
     * @param aligned what the aligned weights predict for them
     */
    void judge(BaseModel.Predicted aligned, BaseModel.Predicted source, List<Integer> labels) {
        judge(BaseModel.count(aligned.hits(labels)), BaseModel.count(source.hits(labels)));
    }

    /** @param aligned how many of them the aligned weights have right */
    void judge(int aligned, int source) {
        if (aligned < source) {
            refuse();
            active.restartTraining();
        }
    }

    /** True while aligned weights that do not serve wait for the first labels. */
    boolean isUnjudged() {
        return active.isAligned() && active.steps() == 0 && served == 0;
    }

    /** Nothing is aligned any more. */
    void refuse() {
        refused = true;
        served = 0;
    }

    void save(Checkpoint.Builder checkpoint) {
        if (estimatedFrom > 0 || since > 0 || refused) {
            checkpoint
                    .getAlignmentBuilder()
                    .setEstimatedFrom(estimatedFrom)
                    .setSince(since)
                    .setRefused(refused)
                    .setServed(served);
        }
    }

    /** The images that are kept. */
    List<ReplaySample> samples() {
        return images;
    }

    /** Adds what a successor cannot find out from counts: the images, and the start of training. */
    void saveWhole(Checkpoint.Builder checkpoint) {
        images.forEach(image -> checkpoint.addUnlabelled(SampleRef.newBuilder()
                .setOffset(image.offset())
                .setIndex(image.index())
                .build()));
        active.alignedStart()
                .ifPresent(start ->
                        checkpoint.getAlignmentBuilder().setStart(UnsafeByteOperations.unsafeWrap(start.toBytes())));
    }

    /** Continues where images and the start of training are lost. */
    void adopt(Checkpoint checkpoint) {
        Alignment saved = checkpoint.getAlignment();
        estimatedFrom = saved.getEstimatedFrom();
        since = saved.getSince();
        refused = saved.getRefused();
        served = saved.getServed();
    }

    /** To be called when the trainer has started from the active version and not been restored yet. */
    void restore(Checkpoint checkpoint, List<ReplaySample> kept) {
        adopt(checkpoint);
        List<ReplaySample> before = List.copyOf(images);
        images.clear();
        kept.forEach(this::keep);
        before.forEach(image -> shelf.drop(image.pixels()));
        ByteString start = checkpoint.getAlignment().getStart();
        if (!start.isEmpty()) {
            active.align(WeightDelta.parse(start.toByteArray()));
        }
    }
}
