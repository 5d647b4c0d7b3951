package io.acclimate.adapt.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.acclimate.adapt.drift.DriftDetector;
import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.adapt.samples.Shelf;
import io.acclimate.adapt.settings.DriftSettings;
import io.acclimate.core.ImageId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ReplayBufferTest {
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
        DriftDetector drift = new DriftDetector(new DriftSettings(DriftSettings.Use.FOLLOW, 0.002, 3));
        boolean[] hits = new boolean[32];
        Arrays.fill(hits, true);
        for (int sequence = 0; sequence < 12; sequence++) {
            boolean[] seen = sequence < 10 ? hits : new boolean[32];
            var unused = drift.see(seen, Linear.batch(sequence), 10L * sequence, 1, Linear.TIME);
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
}
