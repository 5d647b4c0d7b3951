package io.acclimate.adapt.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.Digest;
import io.acclimate.train.LossTerms;
import io.acclimate.train.OptimizerSettings;
import io.acclimate.train.TrainSettings;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RecordedSettingsTest {
    private static final AdaptSettings UNUSUAL = AdaptSettings.defaults()
            .withTrain(TrainSettings.defaults()
                    .withTrainable("last:2")
                    .withOptimizer(new OptimizerSettings(OptimizerSettings.Kind.ADAMW, 0.003, 0.8, 0.02, 5))
                    .withTerms(LossTerms.defaults().withSourceLoss(LossTerms.SourceLoss.LABELS))
                    .withAverageDecay(0.5))
            .withSteps(StepSettings.defaults().withReplay(2, 77))
            .withSeed(42);

    @Test
    void everySettingThatDecidesWhatIsLearntComesBackFromAProvenance() {
        TreeSet<String> missing = new TreeSet<>();
        AdaptSettings back = RecordedSettings.over(AdaptSettings.defaults(), RecordedSettings.of(UNUSUAL), missing);
        assertThat(back).isEqualTo(UNUSUAL);
        assertThat(missing).isEmpty();
        assertThat(RecordedSettings.of(UNUSUAL))
                .containsEntry("train.learningRate", "0.003")
                .containsEntry("seed", "42")
                .containsKey("gate.tolerance")
                .doesNotContainKeys("group", "instance", "events");
    }

    @Test
    void aVersionFromBeforeStepsWereBoundedWasTrainedWithoutABound() {
        Map<String, String> recorded = new TreeMap<>(RecordedSettings.of(UNUSUAL));
        recorded.remove("train.largestMove");
        TreeSet<String> missing = new TreeSet<>();

        AdaptSettings back = RecordedSettings.over(AdaptSettings.defaults(), recorded, missing);

        assertThat(back.train().optimizer().isAutomatic()).isFalse();
        assertThat(missing).isEmpty();
    }

    @Test
    void aVersionFromBeforeSourceRowsWentByAnswersWasTrainedByTheirLabels() {
        Map<String, String> recorded = new TreeMap<>(RecordedSettings.of(UNUSUAL));
        recorded.remove("train.terms.sourceLoss");
        TreeSet<String> missing = new TreeSet<>();

        AdaptSettings back = RecordedSettings.over(AdaptSettings.defaults(), recorded, missing);

        assertThat(back.train().terms().sourceLoss()).isEqualTo(LossTerms.SourceLoss.LABELS);
        assertThat(missing).isEmpty();
    }

    @Test
    void whatAProvenanceDoesNotSayIsNamedAndKept() {
        TreeSet<String> missing = new TreeSet<>();
        AdaptSettings back = RecordedSettings.over(UNUSUAL, Map.of("replaySteps", "5"), missing);
        assertThat(back.steps().replaySteps()).isEqualTo(5);
        assertThat(back.train()).isEqualTo(UNUSUAL.train());
        assertThat(missing).contains("seed", "train.clip").doesNotContain("replaySteps", "group");
    }

    @Test
    void theIdTellsSettingsBaseModelAndSourceSetApart() {
        Digest base = Digest.of(new byte[] {1});
        String id = RecordedSettings.id(UNUSUAL, base, "none");

        assertThat(id).matches("[0-9a-f]{16}").isEqualTo(RecordedSettings.id(UNUSUAL, base, "none"));
        assertThat(RecordedSettings.id(UNUSUAL.withSeed(43), base, "none")).isNotEqualTo(id);
        assertThat(RecordedSettings.id(UNUSUAL, Digest.of(new byte[] {2}), "none"))
                .isNotEqualTo(id);
        assertThat(RecordedSettings.id(UNUSUAL, base, "other")).isNotEqualTo(id);
    }

    @Test
    void onlyValuesThatBothKnowCanDiffer() {
        Map<String, String> one = Map.of("a", "1", "b", "2", "mine", "3");
        Map<String, String> other = Map.of("a", "1", "b", "9", "theirs", "3");

        assertThat(RecordedSettings.differing(one, other, Set.of("a", "b", "mine", "theirs")))
                .containsExactly("b");
        assertThat(RecordedSettings.differing(one, other, Set.of("a"))).isEmpty();
    }
}
