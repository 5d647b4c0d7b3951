package io.acclimate.adapt.domain;

import static io.acclimate.adapt.domain.ProvingFixture.CLASSES;
import static io.acclimate.adapt.domain.ProvingFixture.classes;
import static io.acclimate.adapt.domain.ProvingFixture.seeWorse;
import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.random.Effort;
import io.acclimate.adapt.samples.ReplaySample;
import io.acclimate.gate.GateSettings;
import io.acclimate.gate.Paired;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which mini-batches {@link Proving} watches and judges, with all effort and with less. */
class ProvingEffortTest {
    private static final Effort HASTE = new Effort(5);

    private final ProvingFixture fixture = new ProvingFixture();
    private final Proving proving = fixture.proving(GateSettings.Rule.PROVEN);

    @AfterEach
    void close() {
        fixture.close();
    }

    private static long watchedOf64(Proving proving, Effort effort) {
        return LongStream.range(0, 64)
                .filter(sequence -> proving.watches(Linear.batch(sequence), effort))
                .count();
    }

    private static long judged(Proving proving, Effort effort, int trainedOf, LongStream sequences) {
        return sequences
                .filter(sequence -> proving.judges(Linear.batch(sequence), effort, trainedOf))
                .count();
    }

    private static long judgedOf64(Proving proving, Effort effort) {
        return judged(proving, effort, 2, LongStream.range(0, 64));
    }

    @Test
    void aWorkerThatIsBehindWatchesEveryMiniBatchUntilAVersionIsProven() {
        assertThat(watchedOf64(proving, HASTE)).isEqualTo(64);

        proving.promoted();

        assertThat(watchedOf64(proving, HASTE)).isBetween(8L, 24L);
        assertThat(watchedOf64(proving, Effort.FULL)).isEqualTo(64);
    }

    @Test
    void aWorkerThatIsBehindAsksTheHoldoutWhenNothingElseIsMissing() {
        seeWorse(proving, 64);
        assertThat(judged(proving, HASTE, 1, LongStream.range(0, 1024)))
                .as("one in 16 says how far it is")
                .isBetween(48L, 80L);
        assertThat(judgedOf64(proving, Effort.FULL)).isEqualTo(64);

        proving.afresh();
        seeBetter(proving, 200);

        assertThat(proving.missing(Paired.NONE)).isEmpty();
        assertThat(judgedOf64(proving, HASTE)).isEqualTo(64);
    }

    @Test
    void howFarTheProofIsIsToldAlsoWhereLabelsAlternateWithRecordsOfImages() {
        seeWorse(proving, 64);

        assertThat(judged(proving, HASTE, 1, LongStream.range(0, 1024).map(i -> 2 * i + 1)))
                .as("odd numbers")
                .isBetween(48L, 80L);
    }

    @Test
    void howFarTheProofIsIsToldAsOftenWhereStepsAreMadeForAShareOfTheMiniBatches() {
        seeWorse(proving, 64);

        assertThat(judged(proving, HASTE, 4, LongStream.range(0, 1024)))
                .as("of the fourth for which steps are made, a fourth")
                .isBetween(212L, 300L);
        assertThat(judged(proving, HASTE, 64, LongStream.range(0, 64)))
                .as("each where these are fewer than one in 16")
                .isEqualTo(64);
    }

    @Test
    void ofVersionsFromBeforeTheEffortSaysWhatIsWatchedAndJudged() {
        GateSettings.Proven now = GateSettings.Proven.defaults();
        GateSettings before = GateSettings.defaults()
                .withProven(new GateSettings.Proven(
                        now.level(),
                        now.classShare(),
                        now.suspicion(),
                        GateSettings.Watch.BY_EFFORT,
                        now.withdrawal()));
        Proving old = fixture.proving(before);

        assertThat(watchedOf64(old, HASTE)).isBetween(8L, 24L);
        assertThat(judgedOf64(old, HASTE)).isEqualTo(64);
    }

    /** So many samples of all classes in turn, on which what serves is right and the source model is wrong. */
    private static void seeBetter(Proving proving, int count) {
        List<ReplaySample> samples = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        List<Integer> wrong = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int label = i * 7 % 11 % CLASSES;
            samples.add(Linear.sample("image-" + i, label, label));
            labels.add(label);
            wrong.add((label + 1 + i % (CLASSES - 1)) % CLASSES);
        }
        proving.see(samples, classes(wrong), classes(labels));
    }
}
