package io.acclimate.adapt.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AdwinTest {
    private static final double DELTA = 0.002;
    private static final int ROUND = 32;

    private final Adwin adwin = new Adwin(DELTA);

    /** Rounds of hits with this probability. Answers with the places of the changes that were found. */
    private static List<Long> changes(Adwin adwin, int from, int rounds, double accuracy, Random random) {
        List<Long> found = new ArrayList<>();
        for (int round = from; round < from + rounds; round++) {
            for (int i = 0; i < ROUND; i++) {
                adwin.see(random.nextDouble() < accuracy, round);
            }
            adwin.cut().map(Adwin.Cut::place).ifPresent(found::add);
        }
        return found;
    }

    @Property(tries = 100)
    void nothingIsFoundInAStationaryStream(
            @ForAll @IntRange(min = 1, max = 4) int seed,
            @ForAll @DoubleRange(min = 0.05, max = 0.95) double accuracy) {
        Adwin stationary = new Adwin(DELTA);

        List<Long> found = changes(stationary, 0, 125, accuracy, new Random(seed));

        assertThat(found).isEmpty();
        assertThat(stationary.samples()).isEqualTo(125 * ROUND);
    }

    /** Of 10,000 streams each loss was found, and all but 8 were dated within four rounds: the date is an estimate. */
    @Test
    void anAbruptLossOfAccuracyIsFoundWithinFewLabelsAndDated() {
        int dated = 0;
        for (int seed = 0; seed < 1_000; seed++) {
            Adwin abrupt = new Adwin(DELTA);
            Random random = new Random(seed);
            List<Long> before = changes(abrupt, 0, 40, 0.8, random);

            List<Long> found = changes(abrupt, 40, 5, 0.4, random);

            assertThat(before).as("seed %d", seed).isEmpty();
            assertThat(found).as("within 160 labels, seed %d", seed).isNotEmpty();
            // The round from which on misses became more.
            dated += found.get(0) >= 36 && found.get(0) <= 44 ? 1 : 0;
        }
        assertThat(dated).isGreaterThanOrEqualTo(998);
    }

    @Test
    void aModelThatLearnsIsNoChangeAndTheWindowFollowsIt() {
        Random random = new Random(1);

        List<Long> found = new ArrayList<>();
        for (int step = 0; step < 8; step++) {
            found.addAll(changes(adwin, 10 * step, 10, 0.2 + 0.1 * step, random));
        }

        assertThat(found).isEmpty();
        assertThat(adwin.samples()).isLessThan(80 * ROUND);
    }

    @Test
    void theWindowTakesFewBuckets() {
        var found = changes(adwin, 0, 1000, 0.7, new Random(3));

        assertThat(found).isEmpty();
        assertThat(adwin.buckets()).hasSizeLessThan(100);
        assertThat(adwin.buckets().stream().mapToInt(Adwin.Bucket::size).sum()).isEqualTo(32_000);
        assertThat(adwin.buckets().get(0).place()).isZero();
    }

    @Test
    void aRestoredWindowDecidesAsTheFirstOne() {
        var before = changes(adwin, 0, 40, 0.8, new Random(5));
        Adwin restored = new Adwin(DELTA);
        restored.restore(adwin.buckets());

        List<Long> found = changes(restored, 40, 8, 0.4, new Random(6));

        assertThat(found).isEqualTo(changes(adwin, 40, 8, 0.4, new Random(6))).isNotEmpty();
        assertThat(restored.buckets()).isEqualTo(adwin.buckets());
        assertThat(before).isEmpty();
    }

    @Test
    void aClearedWindowKnowsNothing() {
        var before = changes(adwin, 0, 40, 0.8, new Random(5));

        adwin.clear();

        assertThat(adwin.samples()).isZero();
        assertThat(adwin.cut()).isEmpty();
        assertThat(before).isEmpty();
    }
}
