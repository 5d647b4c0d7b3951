package io.acclimate.adapt.domain;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.acclimate.adapt.divergence.StepSize;
import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.versions.Lineage;
import io.acclimate.core.Activation;
import io.acclimate.core.DomainId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.VersionId;
import io.acclimate.wire.v1.Checkpoint;
import io.acclimate.wire.v1.Retirement;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;

/**
 * How far a domain's training is: its lineage, random state and counts, which is all of a checkpoint except weights and samples. Workers
 * with equal positions, weights and samples do the same next. One thread.
 */
final class Position {
    private final DomainId domain;
    private final AdaptSettings settings;
    private final StepSize stepSize;
    private Lineage lineage;
    private SplitMix64 random;
    private long nextMiniBatch;
    private long samplesSeen;
    private int rejectedInRow;
    private boolean paused;
    /** The epoch where no label has come, or where a checkpoint of an older build does not say. */
    private Instant lastLabelTime = Instant.EPOCH;

    private Optional<Retirement> retirement = Optional.empty();

    Position(DomainId domain, AdaptSettings settings) {
        this.domain = domain;
        this.settings = settings;
        this.stepSize = new StepSize(settings);
        this.lineage = new Lineage(domain);
        this.random = SplitMix64.of(settings.seed(), domain);
    }

    Lineage lineage() {
        return lineage;
    }

    SplitMix64 random() {
        return random;
    }

    StepSize stepSize() {
        return stepSize;
    }

    long samplesSeen() {
        return samplesSeen;
    }

    /** True until the first mini-batch of the domain has come. */
    boolean isBeforeFirst() {
        return nextMiniBatch == 0;
    }

    /** False for a mini-batch that was trained on before. */
    boolean expects(MiniBatch batch) {
        return batch.sequence() >= nextMiniBatch;
    }

    /** What a mini-batch has that is left out matters to nothing. */
    void leaveOut(MiniBatch batch) {
        nextMiniBatch = batch.sequence() + 1;
    }

    void take(MiniBatch batch) {
        batch.samples().stream()
                .map(LabelledSample::labelTime)
                .max(Instant::compareTo)
                .ifPresent(t -> lastLabelTime = t);
        nextMiniBatch = batch.sequence() + 1;
    }

    void trainedOn(int samples) {
        samplesSeen += samples;
    }

    boolean isPaused() {
        return paused;
    }

    void pause(boolean pausing) {
        paused = pausing;
    }

    /** Counts a rejected candidate. True after {@code limit} rejections in a row, when training must start again; the count then is 0. */
    boolean rejectedTooOften(int limit) {
        rejectedInRow = rejectedInRow + 1 >= limit ? 0 : rejectedInRow + 1;
        return rejectedInRow == 0;
    }

    /** The gate promotes a candidate, whether it becomes a version or not: training goes well. */
    void passed() {
        rejectedInRow = 0;
        stepSize.grow();
    }

    Activation activate(long number, Activation.Cause cause, String reason, Instant at) {
        rejectedInRow = 0;
        if (cause == Activation.Cause.PROMOTE) {
            passed();
        }
        return lineage.activate(number, cause, reason, at, samplesSeen, lastLabelTime);
    }

    /** A version serves from now on, and the active version stays the same. */
    Activation announce(long number, Activation.Cause cause, String reason, Instant at) {
        return lineage.announce(number, cause, reason, at, samplesSeen, lastLabelTime);
    }

    /** Tells serving that the source model serves a domain of which nothing is left. Empty when serving never heard of the domain. */
    Optional<Activation> retire(String reason, Instant at) {
        return lineage.wasAnnounced()
                ? Optional.of(
                        lineage.announce(VersionId.SOURCE, Activation.Cause.ROLLBACK, reason, at, 0, Instant.EPOCH))
                : Optional.empty();
    }

    /**
     * What is left of a domain that is retired: the numbers that must not come again.
     *
     * @param newest the newest version that anybody has published for the domain
     */
    Checkpoint left(Retirement retired, long newest) {
        Position next = new Position(domain, settings);
        next.lineage = lineage.anew(newest);
        next.nextMiniBatch = nextMiniBatch;
        next.retirement = Optional.of(retired);
        Checkpoint.Builder left = Checkpoint.newBuilder();
        next.save(left);
        return left.build();
    }

    /** Begins anew with the numbers that are left of a retired domain, and with the settings of now. */
    void begin(Checkpoint left) {
        lineage = Lineage.restore(domain, left);
        nextMiniBatch = left.getNextMiniBatch();
        retirement = Optional.of(left.getRetirement());
    }

    Optional<Retirement> retirement() {
        return retirement;
    }

    void restore(Checkpoint checkpoint) {
        lineage = Lineage.restore(domain, checkpoint);
        random = new SplitMix64(checkpoint.getRandom().asReadOnlyByteBuffer().getLong());
        nextMiniBatch = checkpoint.getNextMiniBatch();
        samplesSeen = checkpoint.getSamplesSeen();
        paused = checkpoint.getPaused();
        rejectedInRow = checkpoint.getRejectedInRow();
        Timestamp label = checkpoint.getLastLabelTime();
        lastLabelTime = Instant.ofEpochSecond(label.getSeconds(), label.getNanos());
        stepSize.restore(checkpoint);
        retirement = checkpoint.hasRetirement() ? Optional.of(checkpoint.getRetirement()) : Optional.empty();
    }

    void save(Checkpoint.Builder checkpoint) {
        checkpoint
                .setDomain(domain.value())
                .setNextMiniBatch(nextMiniBatch)
                .setSamplesSeen(samplesSeen)
                .setPaused(paused)
                .setRejectedInRow(rejectedInRow)
                .setRandom(ByteString.copyFrom(
                        ByteBuffer.allocate(Long.BYTES).putLong(random.state()).array()));
        if (!lastLabelTime.equals(Instant.EPOCH)) {
            checkpoint
                    .getLastLabelTimeBuilder()
                    .setSeconds(lastLabelTime.getEpochSecond())
                    .setNanos(lastLabelTime.getNano());
        }
        retirement.ifPresent(checkpoint::setRetirement);
        stepSize.save(checkpoint);
        lineage.save(checkpoint);
    }
}
