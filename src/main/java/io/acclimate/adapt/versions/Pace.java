package io.acclimate.adapt.versions;

import io.acclimate.adapt.settings.PaceSettings;
import io.acclimate.core.MiniBatch;
import io.acclimate.gate.Paired;
import io.acclimate.wire.v1.Checkpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * Says whether a candidate is worth a version yet. Its clock is the time at which the domain's last mini-batch was closed: the record
 * keeps that time, so a repeated round decides the same. The times of labels are no clock, since a client may send any.
 *
 * <p>The clock of the machine that closes mini-batches may be turned back. Nobody can tell then how old the last version is, so nothing
 * waits for an interval that would begin in the future. One thread.
 */
final class Pace {
    private final PaceSettings settings;
    private Instant now = Instant.EPOCH;
    private Instant last = Instant.EPOCH;
    /** When a candidate was judged last. */
    private Instant judged = Instant.EPOCH;
    /** Labelled samples that the domain had had when its last version was made; 0 where a checkpoint does not say. */
    private long lastSamples;

    Pace(PaceSettings settings) {
        this.settings = settings;
    }

    void see(MiniBatch batch) {
        now = Instant.ofEpochMilli(batch.closedAt().toEpochMilli());
    }

    /** The time at which the last mini-batch was closed. */
    Instant now() {
        return now;
    }

    /**
     * Why a candidate that the gate promotes is no version yet; empty when it is one.
     *
     * @param active candidate and active version on the holdout
     * @param samples labelled samples that the domain has had
     */
    Optional<String> waitsFor(Paired active, long samples) {
        Duration age = Duration.between(last, now);
        if (age.isNegative() || age.compareTo(settings.longest()) >= 0) {
            return Optional.empty();
        }
        if (age.compareTo(settings.shortest()) < 0) {
            return Optional.of("the last version is " + age.toMillis() + " ms old, and versions are at least "
                    + settings.shortest().toMillis() + " ms apart");
        }
        if (samples <= settings.early() || hasGrown(samples)) {
            return Optional.empty();
        }
        double gain = -active.deficit() / (double) Math.max(1, active.samples());
        return gain >= settings.gain()
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "the candidate is ahead of the active version on %.4f of the holdout, and a version before %d ms are over"
                                + " needs %.4f",
                        gain,
                        settings.longest().toMillis(),
                        settings.gain()));
    }

    private boolean hasGrown(long samples) {
        return settings.growth() > 0 && samples >= lastSamples * (1 + settings.growth());
    }

    /** True when a candidate that the gate promotes could be a version, and none was judged within the shortest interval. */
    boolean isDue() {
        return isApart(last) && isApart(judged);
    }

    private boolean isApart(Instant before) {
        Duration age = Duration.between(before, now);
        return age.isNegative() || age.compareTo(settings.shortest()) >= 0;
    }

    void judged() {
        judged = now;
    }

    /** @param samples labelled samples that the domain has had */
    void published(long samples) {
        last = now;
        lastSamples = samples;
    }

    void restore(Checkpoint checkpoint) {
        now = Instant.ofEpochMilli(checkpoint.getPublishing().getNowMillis());
        last = Instant.ofEpochMilli(checkpoint.getPublishing().getLastMillis());
        judged = Instant.ofEpochMilli(checkpoint.getPublishing().getJudgedMillis());
        lastSamples = checkpoint.getPublishing().getLastSamples();
    }

    /** Writes nothing when there is no pace to keep. */
    void save(Checkpoint.Builder checkpoint) {
        if (!settings.equals(PaceSettings.NONE)) {
            checkpoint
                    .getPublishingBuilder()
                    .setNowMillis(now.toEpochMilli())
                    .setLastMillis(last.toEpochMilli())
                    .setJudgedMillis(judged.toEpochMilli())
                    .setLastSamples(lastSamples);
        }
    }
}
