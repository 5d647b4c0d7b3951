package io.acclimate.adapt.versions;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.settings.RetentionSettings;
import io.acclimate.registry.ListedVersion;
import io.acclimate.wire.v1.Checkpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeptVersionsTest {
    private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");

    private final KeptVersions kept = new KeptVersions(new RetentionSettings(2, 3, 2));

    /** Versions 1 to {@code count}, one each {@code apart}. */
    private void published(int count, Duration apart) {
        for (int i = 1; i <= count; i++) {
            kept.published(i, TIME.plus(apart.multipliedBy(i)), 1, "one");
        }
    }

    @Test
    void newestAndOneForEachHourAndDayAreKept() {
        // TIME is midnight: version n is published n * 20 minutes later.
        published(100, Duration.ofMinutes(20));

        List<RemovedVersion> removed = kept.expire(Set.of(100L, 99L));

        // 71 is the newest of the day before, 98 and 95 are the newest of the two hours before.
        assertThat(kept.numbers()).containsExactly(71L, 95L, 98L, 99L, 100L);
        assertThat(removed).hasSize(95).contains(new RemovedVersion(1, 1), new RemovedVersion(97, 1));
    }

    @Test
    void whatServesAndWhatServedBeforeAreKeptHoweverOld() {
        published(9, Duration.ofSeconds(1));

        kept.expire(Set.of(3L, 1L));

        assertThat(kept.numbers()).containsExactly(1L, 3L, 8L, 9L);
    }

    @Test
    void pinnedVersionIsKeptUntilItIsUnpinned() {
        published(9, Duration.ofSeconds(1));
        kept.pin(4, true);
        kept.expire(Set.of(9L));
        assertThat(kept.keeps(4)).isTrue();
        kept.pin(4, false);

        List<RemovedVersion> removed = kept.expire(Set.of(9L));

        assertThat(removed).containsExactly(new RemovedVersion(4, 1));
        assertThat(kept.keeps(4)).isFalse();
    }

    @Test
    void eachConfigurationKeepsItsNewestVersionSoThatARebuildKnowsItsSettings() {
        published(5, Duration.ofSeconds(1));
        for (int i = 6; i < 10; i++) {
            kept.published(i, TIME.plusSeconds(i), 1, "two");
        }

        kept.expire(Set.of(9L));

        assertThat(kept.numbers()).containsExactly(5L, 8L, 9L);
    }

    @Test
    void domainThatRestsKeepsItsHoursAndDays() {
        published(3, Duration.ofDays(400));

        assertThat(kept.expire(Set.of(3L))).isEmpty();
    }

    @Test
    void restoredVersionsAreTheSame() {
        published(9, Duration.ofHours(7));
        kept.pin(2, true);
        kept.expire(Set.of(9L));
        Checkpoint.Builder saved = Checkpoint.newBuilder();
        kept.save(saved);
        KeptVersions restored = new KeptVersions(new RetentionSettings(2, 3, 2));

        restored.restore(saved.build());

        Checkpoint.Builder again = Checkpoint.newBuilder();
        restored.save(again);
        assertThat(again.build()).isEqualTo(saved.build());
        assertThat(restored.numbers()).contains(2L);
    }

    @Test
    void domainFromBeforeRetentionTakesItsVersionsOverAndRemovesTheRestLater() {
        boolean changed = kept.reconcile(List.of(version(1), version(2), version(3), version(4)), Set.of(4L, 1L));

        assertThat(changed).isTrue();
        assertThat(kept.numbers()).containsExactly(1L, 3L, 4L);
        assertThat(kept.nextLeftOver()).containsExactly(new RemovedVersion(2, 3));
        assertThat(kept.nextLeftOver()).isEmpty();
    }

    @Test
    void whatTheTopicHasTooManyIsRemovedAfterARestart() {
        published(9, Duration.ofSeconds(1));
        kept.expire(Set.of(9L, 8L));

        boolean changed = kept.reconcile(List.of(version(5), version(8), version(9)), Set.of(9L, 8L));

        assertThat(changed).as("the checkpoint knows which are kept").isFalse();
        assertThat(kept.nextLeftOver()).containsExactly(new RemovedVersion(5, 3));
    }

    private static ListedVersion version(long number) {
        return new ListedVersion(number, TIME.plusSeconds(number), 3, "one", false);
    }

    @Test
    void settingThatKeepsAllRemovesAndRemembersNothing() {
        KeptVersions all = new KeptVersions(RetentionSettings.ALL);
        all.published(1, TIME, 1, "one");

        assertThat(all.expire(Set.of())).isEmpty();
        assertThat(all.keeps(1)).isTrue();
        assertThat(all.numbers()).isEmpty();
    }
}
