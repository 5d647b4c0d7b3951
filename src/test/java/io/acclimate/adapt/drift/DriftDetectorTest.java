package io.acclimate.adapt.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.settings.DriftSettings;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.Bytes;
import io.acclimate.core.ClassNames;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DomainId;
import io.acclimate.core.ImageId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.Payload;
import io.acclimate.wire.v1.Checkpoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DriftDetectorTest {
    private static final DomainId SITE = new DomainId("site-1");
    private static final List<Integer> FIRST = Collections.nCopies(32, 0);

    /** No sample's picture had a label before. */
    private static final boolean[] ALL = all();

    private static boolean[] all() {
        boolean[] all = new boolean[32];
        Arrays.fill(all, true);
        return all;
    }

    private final Random random = new Random(7);
    private DriftDetector drift = detector(DriftSettings.Use.FOLLOW);

    private static DriftDetector detector(DriftSettings.Use use) {
        return new DriftDetector(
                new DriftSettings(use, 0.002, 3, DriftSettings.LabelShift.REPORT),
                new ClassNames(List.of("cat", "dog", "fox")));
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
            drift.see(hits, FIRST, FIRST, ALL, batch(sequence), 10L * sequence, 4, Instant.EPOCH)
                    .ifPresent(events::add);
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

    /** Mini-batches of two classes; the source model has three of four cats right, and all dogs. */
    private List<AdaptationEvent> pets(int from, int count, double cats) {
        List<AdaptationEvent> events = new ArrayList<>();
        for (int sequence = from; sequence < from + count; sequence++) {
            boolean[] hits = new boolean[32];
            List<Integer> labels = new ArrayList<>();
            List<Integer> source = new ArrayList<>();
            for (int i = 0; i < hits.length; i++) {
                boolean cat = random.nextDouble() < cats;
                labels.add(cat ? 0 : 1);
                source.add(cat && random.nextDouble() < 0.5 ? 0 : 1);
                hits[i] = labels.get(i).equals(source.get(i));
            }
            drift.see(hits, labels, source, ALL, batch(sequence), 10L * sequence, 4, Instant.EPOCH)
                    .ifPresent(events::add);
        }
        return events;
    }

    @Test
    void aChangeThatComesOfOtherSharesOfClassesAloneIsALabelShiftWithTheShares() {
        List<AdaptationEvent> steady = pets(0, 16, 0.2);
        List<AdaptationEvent> changed = pets(16, 8, 0.9);

        assertThat(steady).isEmpty();
        AdaptationEvent.Drifted.Change change =
                ((AdaptationEvent.Drifted) changed.get(0)).change().orElseThrow();
        assertThat(change.kind()).isEqualTo(AdaptationEvent.Drifted.Change.Kind.LABEL_SHIFT);
        assertThat(change.shares())
                .extracting(AdaptationEvent.Drifted.Change.Share::label)
                .containsExactly("cat", "dog");
        assertThat(change.shares().get(0).before()).isBetween(0.1, 0.35);
        assertThat(change.shares().get(0).after()).isBetween(0.7, 1.0);
        assertThat(change.shares().get(0).estimated()).isBetween(0.6, 1.0);
    }

    @Test
    void aLabelShiftLeavesTrainingAsItIsUnlessTheSettingsSayOtherwise() {
        assertThat(pets(0, 16, 0.2)).isEmpty();
        assertThat(pets(16, 8, 0.9))
                .isNotEmpty()
                .allMatch(each -> drift.leavesTraining((AdaptationEvent.Drifted) each));
        assertThat(drift.isFollowed()).isFalse();
        assertThat(drift.isOutdated(0)).isFalse();
        assertThat(drift.current(5_000)).isEqualTo(5_000);

        drift = new DriftDetector(
                new DriftSettings(DriftSettings.Use.FOLLOW, 0.002, 3, DriftSettings.LabelShift.FOLLOW),
                new ClassNames(List.of("cat", "dog", "fox")));
        assertThat(pets(0, 16, 0.2)).isEmpty();
        assertThat(pets(16, 8, 0.9))
                .isNotEmpty()
                .noneMatch(each -> drift.leavesTraining((AdaptationEvent.Drifted) each));
        assertThat(drift.isFollowed()).isTrue();
        assertThat(drift.isOutdated(0)).isTrue();
        assertThat(drift.current(5_000)).isLessThan(300);
    }

    @Test
    void aRestoredDetectorTellsTheSameOfTheNextChange() {
        var steady = pets(0, 16, 0.2);
        Checkpoint checkpoint = saved();
        DriftDetector undisturbed = drift;
        List<AdaptationEvent> expected = new ArrayList<>();
        List<AdaptationEvent> found = new ArrayList<>();
        DriftDetector successor = detector(DriftSettings.Use.FOLLOW);
        successor.restore(checkpoint);
        for (int sequence = 16; sequence < 20; sequence++) {
            List<Integer> cats = Collections.nCopies(32, 0);
            boolean[] missed = new boolean[32];
            undisturbed
                    .see(
                            missed,
                            cats,
                            Collections.nCopies(32, 1),
                            ALL,
                            batch(sequence),
                            10L * sequence,
                            4,
                            Instant.EPOCH)
                    .ifPresent(expected::add);
            successor
                    .see(
                            missed,
                            cats,
                            Collections.nCopies(32, 1),
                            ALL,
                            batch(sequence),
                            10L * sequence,
                            4,
                            Instant.EPOCH)
                    .ifPresent(found::add);
        }

        assertThat(found).isNotEmpty().isEqualTo(expected);
        assertThat(steady).isEmpty();
    }

    @Test
    void samplesWhosePictureHadALabelBeforeShowNoChange() {
        var steady = see(0, 16, 0.9);
        List<AdaptationEvent> found = new ArrayList<>();
        for (int sequence = 16; sequence < 32; sequence++) {
            drift.see(new boolean[32], FIRST, FIRST, new boolean[32], batch(sequence), 10L * sequence, 4, Instant.EPOCH)
                    .ifPresent(found::add);
        }

        assertThat(steady).isEmpty();
        assertThat(found).isEmpty();
    }

    @Test
    void classesWithOtherIndexesLeaveNoAnswers() {
        var steady = pets(0, 4, 0.5);
        assertThat(saved().getDrift().getAnswersCount()).isEqualTo(128);

        drift.relabelled();

        assertThat(saved().getDrift().getAnswersCount()).isZero();
        assertThat(steady).isEmpty();
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
