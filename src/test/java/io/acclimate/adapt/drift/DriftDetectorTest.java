package io.acclimate.adapt.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.settings.DriftSettings;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.Bytes;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DomainId;
import io.acclimate.core.ImageId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.Payload;
import io.acclimate.wire.v1.Checkpoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DriftDetectorTest {
    private static final DomainId SITE = new DomainId("site-1");

    private final Random random = new Random(7);
    private DriftDetector drift = detector(DriftSettings.Use.FOLLOW);

    private static DriftDetector detector(DriftSettings.Use use) {
        return new DriftDetector(new DriftSettings(use, 0.002, 3));
    }

    private static MiniBatch batch(long sequence) {
        LabelledSample sample = new LabelledSample(
                new ImageId("image"),
                0,
                "",
                new Payload(Bytes.utf8("x"), Optional.empty()),
                new Coordinates("labels", 0, 0),
                Instant.EPOCH);
        return new MiniBatch(SITE, sequence, MiniBatch.FlushCause.COUNT, List.of(sample), Instant.EPOCH, Instant.EPOCH);
    }

    /** Mini-batches at places of ten times their number. */
    private List<AdaptationEvent> see(int from, int count, double accuracy) {
        List<AdaptationEvent> events = new ArrayList<>();
        for (int sequence = from; sequence < from + count; sequence++) {
            boolean[] hits = new boolean[32];
            for (int i = 0; i < hits.length; i++) {
                hits[i] = random.nextDouble() < accuracy;
            }
            drift.see(hits, batch(sequence), 10L * sequence, 4, Instant.EPOCH).ifPresent(events::add);
        }
        return events;
    }

    @Test
    void aChangeIsToldAndOlderSamplesAreOutdated() {
        List<AdaptationEvent> steady = see(0, 40, 0.8);
        List<AdaptationEvent> changed = see(40, 5, 0.3);

        assertThat(steady).isEmpty();
        AdaptationEvent.Drifted first = (AdaptationEvent.Drifted) changed.get(0);
        assertThat(first.domain()).isEqualTo(SITE);
        assertThat(first.activeVersion()).isEqualTo(4);
        assertThat(first.accuracyBefore()).isBetween(0.7, 0.9);
        assertThat(first.accuracyAfter()).isLessThan(0.6);
        assertThat(drift.isOutdated(350)).isTrue();
        assertThat(drift.isOutdated(440)).isFalse();
        assertThat(drift.current(5_000)).as("labels since the change").isBetween(64, 320);
        assertThat(drift.redraws()).isPositive();
    }

    @Test
    void nothingIsOutdatedBeforeAChangeAndNothingIsDrawnAgain() {
        var unused = see(0, 40, 0.8);

        assertThat(drift.isOutdated(0)).isFalse();
        assertThat(drift.redraws()).isZero();
        assertThat(drift.current(5_000)).isEqualTo(5_000);
    }

    @Test
    void aReportedChangeLeavesTrainingAsItIsAndAnIgnoredOneIsNotSeen() {
        drift = detector(DriftSettings.Use.REPORT);
        var steady = see(0, 40, 0.8);
        assertThat(see(40, 5, 0.3)).isNotEmpty();
        assertThat(drift.redraws()).isZero();
        assertThat(drift.current(5_000)).isEqualTo(5_000);

        drift = detector(DriftSettings.Use.IGNORE);
        var ignored = see(0, 40, 0.8);
        assertThat(see(40, 5, 0.3)).isEmpty();
        assertThat(saved().hasDrift()).isFalse();
        assertThat(List.of(steady, ignored)).allMatch(List::isEmpty);
    }

    private Checkpoint saved() {
        Checkpoint.Builder checkpoint = Checkpoint.newBuilder();
        drift.save(checkpoint);
        return checkpoint.build();
    }

    @Test
    void aRestoredDetectorContinuesWhereTheFirstOneWas() {
        var steady = see(0, 40, 0.8);
        var changed = see(40, 5, 0.3);
        Checkpoint checkpoint = saved();

        drift = detector(DriftSettings.Use.FOLLOW);
        drift.restore(checkpoint);

        assertThat(saved()).isEqualTo(checkpoint);
        assertThat(drift.isOutdated(350)).isTrue();
        assertThat(drift.redraws()).isPositive();
        assertThat(steady).isEmpty();
        assertThat(changed).isNotEmpty();
    }

    @Test
    void anotherVersionsMissesAreNotComparedWithThoseOfTheOneBefore() {
        var first = see(0, 40, 0.8);

        drift.otherVersion();

        assertThat(see(40, 40, 0.3)).isEmpty();
        assertThat(first).isEmpty();
    }

    @Test
    void aFreshStartForgetsTheChange() {
        var steady = see(0, 40, 0.8);
        var changed = see(40, 5, 0.3);

        drift.afresh();

        assertThat(drift.isOutdated(0)).isFalse();
        assertThat(saved().getDrift().getSizesCount()).isZero();
        assertThat(steady).isEmpty();
        assertThat(changed).isNotEmpty();
    }
}
