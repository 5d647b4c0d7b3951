package io.acclimate.adapt.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.random.Effort;
import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.adapt.samples.ReplayBuffer;
import io.acclimate.adapt.samples.ReplaySample;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.StepSettings;
import io.acclimate.adapt.settings.StepSettings.Translation.Look;
import io.acclimate.adapt.translation.PictureSample;
import io.acclimate.adapt.worker.AdaptFixture;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.ImageId;
import io.acclimate.dataset.Bundled;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.dataset.Shift;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.train.Samples;
import io.acclimate.train.Trainer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class RehearsalTest {
    private static final ModelGraph MODEL = AdaptFixture.sourceModel();
    private static final Samples SOURCE = AdaptFixture.samples(MODEL);
    private static final StepSettings SETTINGS = AdaptSettings.defaults().steps();
    private static final int LABELS = 96;

    private final BaseModel models =
            new BaseModel(MODEL, AdaptSettings.defaults().train());
    private final ReplayBuffer replay = new ReplayBuffer(1024);
    private final SplitMix64 random = new SplitMix64(1);

    @AfterEach
    void close() {
        models.close();
    }

    private Rehearsal rehearsal(StepSettings settings, Optional<Samples> source) {
        return new Rehearsal(settings, new SourceSet(source, 0, models.source()), replay, MODEL.card());
    }

    private static List<ReplaySample> samples(Shift shift) {
        LabelledImages images = Bundled.targetTest().shifted(shift, 1);
        return IntStream.range(0, LABELS)
                .mapToObj(i -> new ReplaySample(
                        0,
                        i,
                        new ImageId("image-" + i),
                        images.label(i),
                        new HeapRow(AdaptFixture.row(images, i, MODEL))))
                .toList();
    }

    private static List<ReplaySample> shifted(List<ReplaySample> right) {
        return right.stream()
                .map(sample -> new ReplaySample(
                        sample.offset(),
                        sample.index(),
                        sample.imageId(),
                        (sample.classIndex() + 1) % 10,
                        new HeapRow(sample.row())))
                .toList();
    }

    private void learn(Rehearsal rehearsal, List<ReplaySample> samples, Effort effort) {
        for (int from = 0; from < samples.size(); from += 8) {
            List<ReplaySample> some = samples.subList(from, from + 8);
            rehearsal.look(some, effort, random);
            some.forEach(sample -> replay.add(sample, random));
        }
    }

    /** How many rows of a batch are none of these samples. */
    private static long others(List<PictureSample> drawn, List<ReplaySample> samples) {
        Set<FloatTensor> own = samples.stream().map(ReplaySample::row).collect(Collectors.toSet());
        return drawn.stream().filter(each -> !own.contains(each.row())).count();
    }

    @Test
    void threeQuartersOfABatchAreSourcePicturesThatLookLikeTheDomainWhileLabelsAreFew() {
        Rehearsal rehearsal = rehearsal(SETTINGS, Optional.of(SOURCE));
        List<ReplaySample> inverted = samples(Shift.INVERT);
        learn(rehearsal, inverted, Effort.FULL);

        assertThat(rehearsal.newChange()).contains("inverted");
        assertThat(rehearsal.newChange()).as("told already").isEmpty();
        List<PictureSample> drawn = rehearsal.draw(32, false, random);

        assertThat(drawn).hasSize(32);
        assertThat(others(drawn, inverted)).isEqualTo(24);
        assertThat(others(rehearsal.draw(32, true, random), inverted))
                .as("of a light step")
                .isZero();
    }

    @Test
    void aDomainWhosePicturesNothingLeadsBackToTheSourceIsRehearsedAsIfNobodyHadLooked() {
        List<ReplaySample> blended = samples(Shift.BLEND);
        Rehearsal looking = rehearsal(SETTINGS, Optional.of(SOURCE));
        Rehearsal blind = rehearsal(SETTINGS.withTranslation(StepSettings.Translation.NONE), Optional.of(SOURCE));

        learn(looking, blended, Effort.FULL);

        SplitMix64 one = new SplitMix64(7);
        SplitMix64 two = new SplitMix64(7);
        assertThat(looking.draw(32, false, one)).isEqualTo(blind.draw(32, false, two));
        assertThat(one.state()).isEqualTo(two.state());
    }

    @Test
    void looksLeaveTheGeneratorOfTrainingAlone() {
        long before = random.state();

        rehearsal(SETTINGS, Optional.of(SOURCE)).look(samples(Shift.INVERT).subList(0, 8), Effort.FULL, random);

        assertThat(random.state()).isEqualTo(before);
    }

    @Test
    void withoutASourceSetAListOfClassesThatIsOffByOneIsFoundAllTheSame() {
        Rehearsal rehearsal = rehearsal(SETTINGS, Optional.empty());
        List<ReplaySample> shifted = shifted(samples(Shift.INVERT));

        learn(rehearsal, shifted, Effort.FULL);

        assertThat(rehearsal.listSigns().shifted().orElseThrow()).contains("shifted by 1");
        assertThat(others(rehearsal.draw(32, false, random), shifted)).isZero();
    }

    @Test
    void aListThatWasCorrectedIsBelievedAgainAlsoByAWorkerThatIsBehind() {
        Rehearsal rehearsal = rehearsal(SETTINGS, Optional.of(SOURCE));
        List<ReplaySample> right = samples(Shift.INVERT);
        learn(rehearsal, shifted(right), Effort.FULL);
        assertThat(rehearsal.listSigns().shifted()).isPresent();

        for (int i = 0; i < 5; i++) {
            learn(rehearsal, right, new Effort(3));
        }

        assertThat(rehearsal.listSigns().shifted()).isEmpty();
    }

    /** How many changes are tried on eight samples, while so many are in the replay buffer. */
    private int tried(Look look, int replayed, Effort effort) {
        Rehearsal rehearsal =
                rehearsal(SETTINGS.withTranslation(new StepSettings.Translation(16, 512, look)), Optional.of(SOURCE));
        HeapRow row = new HeapRow(samples(Shift.NONE).get(0).row());
        List<ReplaySample> all = IntStream.range(0, 512)
                .mapToObj(i -> new ReplaySample(0, i, new ImageId("image-" + i), 0, row))
                .toList();
        all.subList(replay.samples().size(), replayed).forEach(sample -> replay.add(sample, random));
        return rehearsal.tries(8, effort);
    }

    @Test
    void withLessEffortFewerChangesAreTried() {
        assertThat(tried(Look.THROUGH_NOISE, 0, Effort.FULL)).isEqualTo(128);
        assertThat(tried(Look.THROUGH_NOISE, 0, new Effort(2)))
                .as("while samples are few")
                .isEqualTo(64);
        assertThat(tried(Look.THROUGH_NOISE, 0, new Effort(9))).isEqualTo(8);
        assertThat(tried(Look.THROUGH_NOISE, 256, Effort.FULL)).isEqualTo(16);
        assertThat(tried(Look.THROUGH_NOISE, 256, new Effort(1)))
                .as("once there are some")
                .isEqualTo(8);
        assertThat(tried(Look.THROUGH_NOISE, 256, new Effort(9)))
                .as("what was found must be given up, too")
                .isEqualTo(4);
    }

    @Test
    void versionsFromBeforeTriedFewerChangesWithEachHalvingOfEffort() {
        assertThat(tried(Look.AT_ONCE, 0, new Effort(2))).isEqualTo(32);
        assertThat(tried(Look.AT_ONCE, 0, new Effort(9))).isEqualTo(4);
    }

    @Test
    void countsOfStandInsAndOfTranslationsAreRestoredTogether() {
        Rehearsal rehearsal = rehearsal(SETTINGS, Optional.empty());
        learn(rehearsal, samples(Shift.INVERT), Effort.FULL);
        try (Trainer trainer = models.trainer(WeightDelta.EMPTY)) {
            rehearsal.source(trainer, random);
        }
        List<Integer> counts = rehearsal.changeCounts();

        Rehearsal restored = rehearsal(SETTINGS, Optional.empty());
        restored.restoreChangeCounts(counts);

        assertThat(counts.size()).as("26 of stand-ins and the rest").isGreaterThan(26);
        assertThat(restored.changeCounts()).isEqualTo(counts);
    }
}
