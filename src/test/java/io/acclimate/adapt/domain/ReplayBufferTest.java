package io.acclimate.adapt.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.acclimate.adapt.drift.DriftDetector;
import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.adapt.samples.ReplayBuffer;
import io.acclimate.adapt.samples.ReplaySample;
import io.acclimate.adapt.samples.Shelf;
import io.acclimate.adapt.settings.DriftSettings;
import io.acclimate.core.ClassNames;
import io.acclimate.core.ImageId;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ReplayBufferTest {
    private static final ClassNames ANY = new ClassNames(List.of("any"));
    private static final List<Integer> FIRST = Collections.nCopies(32, 0);

    /** No sample's picture had a label before. */
    private static final boolean[] ALL = all();

    private static boolean[] all() {
        boolean[] all = new boolean[32];
        Arrays.fill(all, true);
        return all;
    }

    private final SplitMix64 random = new SplitMix64(1);

    private static Map<Integer, Long> sizes(ReplayBuffer buffer) {
        return buffer.samples().stream()
                .collect(Collectors.groupingBy(ReplaySample::classIndex, Collectors.counting()));
    }

    private static List<String> ids(List<ReplaySample> samples) {
        return samples.stream().map(each -> each.imageId().value()).toList();
    }

    private void add(ReplayBuffer buffer, int classIndex, int from, int to) {
        for (int i = from; i < to; i++) {
            buffer.add(Linear.sample(classIndex + "-" + i, 0, classIndex), random);
        }
    }

    @Test
    void everythingEntersUntilItIsFull() {
        ReplayBuffer buffer = new ReplayBuffer(3);

        add(buffer, 1, 0, 3);

        assertThat(ids(buffer.samples())).containsExactly("1-0", "1-1", "1-2");
        assertThat(random.state()).as("no number is drawn").isEqualTo(1);
    }

    @Test
    void aSmallerClassTakesPlacesOfTheLargestUntilAllAreEqual() {
        ReplayBuffer buffer = new ReplayBuffer(12);
        add(buffer, 4, 0, 8);
        add(buffer, 2, 0, 4);

        add(buffer, 3, 0, 4);

        assertThat(sizes(buffer)).isEqualTo(Map.of(4, 4L, 2, 4L, 3, 4L));
        assertThat(ids(buffer.samples())).contains("3-0", "3-1", "3-2", "3-3").doesNotHaveDuplicates();
        assertThat(buffer.seen()).isEqualTo(Map.of(2, 4L, 3, 4L, 4, 8L));
    }

    @Test
    void amongEquallyLargeClassesTheLowestGivesAPlace() {
        ReplayBuffer buffer = new ReplayBuffer(4);
        add(buffer, 4, 0, 2);
        add(buffer, 2, 0, 2);

        add(buffer, 3, 0, 1);

        assertThat(sizes(buffer)).isEqualTo(Map.of(4, 2L, 2, 1L, 3, 1L));
    }

    @Test
    void eachSampleOfTheLargestClassIsKeptWithTheSameProbability() {
        int kept = 0;
        for (int trial = 0; trial < 2000; trial++) {
            ReplayBuffer buffer = new ReplayBuffer(4);
            add(buffer, 1, 0, 40);
            kept += ids(buffer.samples()).contains("1-39") ? 1 : 0;
            assertThat(buffer.samples()).hasSize(4);
        }

        assertThat(kept).as("4 of 40 samples").isBetween(140, 260);
    }

    @Test
    void drawsEachClassAsOftenHoweverManySamplesItHas() {
        ReplayBuffer buffer = new ReplayBuffer(64);
        add(buffer, 0, 0, 40);
        add(buffer, 1, 0, 1);

        long ofTheRare = buffer.draw(4000, random).stream()
                .filter(sample -> sample.classIndex() == 1)
                .count();

        assertThat(ofTheRare).isBetween(1850L, 2150L);
    }

    @Test
    void drawsUniformlyAndMayDrawASampleTwice() {
        ReplayBuffer buffer = new ReplayBuffer(4);
        add(buffer, 1, 0, 4);

        Map<String, Long> drawn =
                ids(buffer.draw(4000, random)).stream().collect(Collectors.groupingBy(id -> id, Collectors.counting()));

        assertThat(drawn).hasSize(4);
        assertThat(drawn.values()).allMatch(count -> count > 900 && count < 1100);
    }

    @Test
    void anEmptyBufferGivesNothing() {
        assertThat(new ReplayBuffer(4).draw(3, random)).isEmpty();
    }

    @Test
    void aRestoredBufferChoosesAsTheOneThatWasSaved() {
        ReplayBuffer buffer = new ReplayBuffer(12);
        add(buffer, 1, 0, 20);
        add(buffer, 2, 0, 9);
        add(buffer, 3, 0, 9);
        ReplayBuffer restored = new ReplayBuffer(12);
        add(restored, 9, 0, 12);
        restored.restore(List.copyOf(buffer.samples()), Map.copyOf(buffer.seen()));

        SplitMix64 same = new SplitMix64(random.state());
        for (int i = 0; i < 60; i++) {
            buffer.add(Linear.sample("later-" + i, 0, i % 4), random);
            restored.add(Linear.sample("later-" + i, 0, i % 4), same);
        }

        assertThat(restored.samples()).isEqualTo(buffer.samples());
        assertThat(restored.seen()).isEqualTo(buffer.seen()).doesNotContainKey(9);
        assertThat(same.state()).isEqualTo(random.state());
    }

    @Test
    void aCapacityBelowOneIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ReplayBuffer(0))
                .withMessage("the replay buffer holds at least 1 sample, got 0");
    }

    /** All right until the mini-batch at offset 100, and all wrong from there on. */
    private static DriftDetector changedAt100() {
        DriftDetector drift = new DriftDetector(
                new DriftSettings(DriftSettings.Use.FOLLOW, 0.002, 3, DriftSettings.LabelShift.REPORT), ANY);
        boolean[] hits = new boolean[32];
        Arrays.fill(hits, true);
        for (int sequence = 0; sequence < 12; sequence++) {
            boolean[] seen = sequence < 10 ? hits : new boolean[32];
            var unused = drift.see(seen, FIRST, FIRST, ALL, Linear.batch(sequence), 10L * sequence, 1, Linear.TIME);
        }
        return drift;
    }

    private static ReplaySample at(long offset, int index) {
        return new ReplaySample(offset, index, new ImageId(offset + "-" + index), 1, new HeapRow(Linear.row(index)));
    }

    @Test
    void afterAChangeSamplesFromBeforeItAreDrawnLessOftenAndReplacedFirst() {
        ReplayBuffer buffer = new ReplayBuffer(32, Shelf.HEAP, changedAt100());
        SplitMix64 random = new SplitMix64(1);
        for (int i = 0; i < 16; i++) {
            buffer.add(at(50, i), random);
            buffer.add(at(100, i), random);
        }

        long old = buffer.draw(1000, random).stream()
                .filter(sample -> sample.offset() < 100)
                .count();
        for (int i = 16; i < 48; i++) {
            buffer.add(at(110, i), random);
        }

        assertThat(old).as("of 1000, as many being of each kind").isBetween(1L, 350L);
        long oldLeft = buffer.samples().stream()
                .filter(sample -> sample.offset() < 100)
                .count();
        long newLeft = buffer.samples().stream()
                .filter(sample -> sample.offset() == 100)
                .count();
        assertThat(oldLeft).isLessThan(8);
        assertThat(newLeft).isGreaterThan(oldLeft);
    }

    @Test
    void hasTheRowsOfItsSamplesOnTheShelfAndNoOthers() {
        CountingShelf shelf = new CountingShelf();
        ReplayBuffer buffer = new ReplayBuffer(
                1, shelf, new DriftDetector(DriftSettings.defaults().withUse(DriftSettings.Use.IGNORE), ANY));
        buffer.add(Linear.sample("a", 0, 0), random);

        // The second sample of the only class replaces the first in one case of two.
        for (int i = 1; ids(buffer.samples()).contains("a"); i++) {
            buffer.add(Linear.sample("later-" + i, i, 0), random);
        }
        assertThat(shelf.kept()).isEqualTo(Map.of(buffer.samples().get(0).pixels(), 1));

        buffer.restore(List.of(Linear.sample("b", 180, 1)), Map.of(1, 1L));
        assertThat(shelf.kept()).isEqualTo(Map.of(new HeapRow(Linear.row(180)), 1));

        buffer.clear();
        assertThat(shelf.kept()).isEmpty();
        assertThat(buffer.samples()).isEmpty();
        assertThat(buffer.seen()).isEmpty();
    }

    @Test
    void knowsPixelsUnderAnotherIdAsLongAsOneSampleHasThem() {
        ReplayBuffer buffer = new ReplayBuffer(2);
        buffer.add(Linear.sample("a", 0, 0), random);
        buffer.add(Linear.sample("b", 0, 0), random);
        assertThat(buffer.hasPixelsOf(Linear.sample("c", 0, 0))).isTrue();
        assertThat(buffer.hasPixelsOf(Linear.sample("a", 1, 0))).isFalse();

        buffer.add(Linear.sample("d", 1, 1), random);
        assertThat(buffer.hasPixelsOf(Linear.sample("c", 0, 0)))
                .as("one is left")
                .isTrue();
        assertThat(buffer.hasPixelsOf(Linear.sample("c", 1, 0))).isTrue();

        buffer.restore(List.of(Linear.sample("e", 2, 0)), Map.of(0, 1L));
        assertThat(buffer.hasPixelsOf(Linear.sample("c", 0, 0))).isFalse();
        assertThat(buffer.hasPixelsOf(Linear.sample("c", 2, 0))).isTrue();
    }

    @Test
    void forgetsPixelsWithTheLastSampleThatHasThem() {
        ReplayBuffer buffer = new ReplayBuffer(3);
        for (String id : List.of("a", "b", "c")) {
            buffer.add(Linear.sample(id, 0, 0), random);
        }

        for (int classIndex = 1; classIndex <= 2; classIndex++) {
            buffer.add(Linear.sample("of-" + classIndex, classIndex, classIndex), random);
        }
        assertThat(buffer.hasPixelsOf(Linear.sample("x", 0, 0)))
                .as("one of three is left")
                .isTrue();
        for (int i = 3;
                sizes(buffer).containsKey(0) && ids(buffer.samples()).stream().anyMatch("abc"::contains);
                i++) {
            buffer.add(Linear.sample("later-" + i, i, 0), random);
        }

        assertThat(buffer.hasPixelsOf(Linear.sample("x", 0, 0))).isFalse();
    }
}
