package io.acclimate.adapt.domain;

import io.acclimate.adapt.samples.ReplaySample;
import io.acclimate.adapt.samples.Shelf;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.Outcome;
import io.acclimate.wire.v1.Checkpoint;
import io.acclimate.wire.v1.SampleRef;
import io.acclimate.wire.v1.SeenPictures;
import io.acclimate.wire.v1.StartSample;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The samples that a checkpoint names, as far as the topic still has them and the model's label set has their class. When the topic keeps
 * its records for a shorter time than replay buffer and holdout keep samples, fewer are left, and the worker continues with those. One
 * thread.
 */
public final class KeptSamples {
    private final SampleDecoder decoder;
    private final Shelf shelf;
    private final SeenPictures seen;
    private final Set<SampleRef> wanted = new HashSet<>();
    private final Map<SampleRef, ReplaySample> samples = new HashMap<>();
    /** Those that the topic has and that the model cannot use any more. */
    private final Set<SampleRef> unusable = new HashSet<>();

    /** @param worker that the samples are for, which keeps their pixels from now on */
    public KeptSamples(Checkpoint checkpoint, SampleDecoder decoder, DomainWorker worker) {
        this(checkpoint, decoder, worker.shelf());
    }

    KeptSamples(Checkpoint checkpoint, SampleDecoder decoder, Shelf shelf) {
        this.decoder = decoder;
        this.shelf = shelf;
        this.seen = checkpoint.getSeenPictures();
        wanted.addAll(checkpoint.getHoldoutList());
        wanted.addAll(checkpoint.getReplayList());
        wanted.addAll(checkpoint.getUnlabelledList());
    }

    public int wanted() {
        return wanted.size();
    }

    /** Of the mini-batches that hold the samples which are not found yet. */
    public Set<Long> offsets() {
        return wanted.stream()
                .filter(this::isMissing)
                .map(SampleRef::getOffset)
                .collect(Collectors.toUnmodifiableSet());
    }

    private boolean isMissing(SampleRef ref) {
        return wanted.contains(ref) && !samples.containsKey(ref) && !unusable.contains(ref);
    }

    /**
     * Takes a sample out of a start. Pixels of another form are left out: the model's card was changed since.
     *
     * @param form of its pixels; without meaning when it has its image
     */
    public void add(StartSample kept, String form) {
        if (isMissing(kept.getAt()) && (kept.getPixels().isEmpty() || form.equals(decoder.form()))) {
            add(kept.getAt(), decoder.decode(kept));
        }
    }

    public void add(MiniBatch batch, long offset) {
        boolean labelled = batch.unlabelled().isEmpty();
        for (int i = 0; i < Math.max(batch.samples().size(), batch.unlabelled().size()); i++) {
            SampleRef ref = SampleRef.newBuilder().setOffset(offset).setIndex(i).build();
            if (isMissing(ref)) {
                add(
                        ref,
                        labelled
                                ? decoder.decode(batch.samples().get(i), offset, i)
                                : decoder.decode(batch.unlabelled().get(i), offset, i));
            }
        }
    }

    private void add(SampleRef ref, Outcome<ReplaySample> decoded) {
        if (decoded instanceof Outcome.Ok<ReplaySample> ok) {
            samples.put(ref, ok.value().with(shelf.store(ok.value().pixels())));
        } else {
            unusable.add(ref);
        }
    }

    /** How many samples the topic no longer has. */
    public int gone() {
        return wanted.size() - samples.size() - unusable.size();
    }

    /** The samples that are left, in the order of {@code refs}. */
    public List<ReplaySample> of(List<SampleRef> refs) {
        return refs.stream().map(samples::get).filter(Objects::nonNull).toList();
    }

    /** {@code reached} with the pictures that had a label by the checkpoint which names the samples. */
    public Checkpoint withSeenPictures(Checkpoint reached) {
        return reached.toBuilder().setSeenPictures(seen).build();
    }

    /** {@code checkpoint} with the best version's hits for the holdout samples that are left, and without those of lost samples. */
    public Checkpoint among(Checkpoint checkpoint) {
        Checkpoint.Builder left = checkpoint.toBuilder().clearHoldoutBest();
        for (int i = 0; i < checkpoint.getHoldoutBestCount(); i++) {
            if (samples.containsKey(checkpoint.getHoldout(i))) {
                left.addHoldoutBest(checkpoint.getHoldoutBest(i));
            }
        }
        return left.build();
    }
}
