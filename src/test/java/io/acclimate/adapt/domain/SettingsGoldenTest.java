package io.acclimate.adapt.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.Golden;
import io.acclimate.adapt.random.Effort;
import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.AnswerSettings;
import io.acclimate.adapt.settings.DriftSettings;
import io.acclimate.adapt.settings.RecordedSettings;
import io.acclimate.adapt.settings.StepSettings;
import io.acclimate.adapt.settings.UnlabelledSettings;
import io.acclimate.adapt.versions.Provenance;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.Bytes;
import io.acclimate.core.Coordinates;
import io.acclimate.core.Digest;
import io.acclimate.core.DomainId;
import io.acclimate.core.GateDecision;
import io.acclimate.core.ImageId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.Payload;
import io.acclimate.gate.GateSettings;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SettingsGoldenTest {
    private static final DomainId SITE = new DomainId("site-1");
    private static final Digest BASE = Digest.of(new byte[] {1});

    /** The settings of a version that exists, by their keys; none has its default. */
    private final SortedMap<String, String> recorded = recorded();

    private static SortedMap<String, String> recorded() {
        SortedMap<String, String> all = new TreeMap<>();
        Golden.text(SettingsGoldenTest.class, "recorded-settings.txt").lines().forEach(line -> {
            String[] parts = line.split("=", 2);
            all.put(parts[0], parts[1]);
        });
        return all;
    }

    private AdaptSettings read() {
        TreeSet<String> missing = new TreeSet<>();
        AdaptSettings settings = RecordedSettings.over(AdaptSettings.defaults(), recorded, missing);
        assertThat(missing)
                .as("settings that no version on the topic records: a rebuild would take the operator's for them")
                .isEmpty();
        return settings;
    }

    @Test
    void settingsOfAnOldVersionAreReadAndRecordedAgainUnderTheirKeys() {
        assertThat(RecordedSettings.of(read()))
                .as("versions are immutable and name their settings by these keys: `rebuild` no longer finds them")
                .isEqualTo(recorded);
        assertThat(RecordedSettings.of(AdaptSettings.defaults())).containsOnlyKeys(recorded.keySet());
        assertThat(RecordedSettings.of(AdaptSettings.defaults()).entrySet())
                .as("each setting of the file differs from its default, else a setting that is not read is not noticed")
                .doesNotContainAnyElementsOf(recorded.entrySet());
    }

    @Test
    void aVersionFromBeforeTheProofIsReadAsOneThatAskedForNone() {
        recorded.keySet().removeAll(List.of("gate.rule", "gate.level", "gate.classShare"));

        assertThat(read().gate().rule()).isEqualTo(GateSettings.Rule.NON_INFERIOR);
    }

    @Test
    void aVersionFromBeforeTheProofWasMadeWithoutMoreStepsAtFirst() {
        recorded.keySet().removeAll(List.of("gate.rule", "gate.level", "gate.classShare"));
        recorded.keySet().removeAll(List.of("earlyFactor", "earlySamples", "restartShrink", "standInTries"));

        AdaptSettings settings = read();

        assertThat(settings.steps().replaySteps(10)).isEqualTo(settings.steps().replaySteps());
        assertThat(settings.steps().standIns().tries()).isZero();
        assertThat(settings.evaluation().restartShrink()).isEqualTo(1);
    }

    @Test
    void aVersionWithTheProofThatDoesNotSayHowManyStepsItsFirstSamplesGotHadThreeTimesAsMany() {
        recorded.keySet().removeAll(List.of("earlyFactor", "earlySamples"));

        StepSettings steps = read().steps();

        assertThat(steps.replaySteps(255)).isEqualTo(3 * steps.replaySteps());
        assertThat(steps.replaySteps(256)).isEqualTo(steps.replaySteps());
    }

    @Test
    void aVersionFromBeforeImagesWithoutLabelsWasMadeWithoutThem() {
        recorded.keySet().removeAll(List.of("unlabelled", "unlabelledCapacity"));

        assertThat(read().unlabelled()).isEqualTo(new UnlabelledSettings(UnlabelledSettings.Use.OFF, 512));
    }

    @Test
    void aVersionFromBeforeChangesWereLookedForWasMadeWithoutThem() {
        recorded.keySet().removeAll(List.of("drift", "drift.labelShift", "drift.level", "drift.redraws"));

        assertThat(read().evaluation().drift().use()).isEqualTo(DriftSettings.Use.IGNORE);
    }

    @Test
    void aVersionFromBeforeAnswersWereKeptWasMadeByModelsThatWereAskedAgain() {
        recorded.remove("asked");

        assertThat(read().evaluation().answers().asked()).isEqualTo(AnswerSettings.Asked.AGAIN);
    }

    @Test
    void aVersionFromBeforePicturesWereRememberedToldThemApartByTheirIds() {
        recorded.remove("repeats");

        assertThat(read().evaluation().answers().repeats()).isEqualTo(AnswerSettings.Repeats.BY_ID);
    }

    @Test
    void aVersionFromBeforeLightStepsWasMadeWithoutThemWhateverItsEffortWas() {
        recorded.remove("lightFrom");

        assertThat(read().steps().isLight(Effort.MOST_HALVINGS)).isFalse();
    }

    @Test
    void aVersionFromBeforeShadowModeServed() {
        recorded.remove("shadow");

        assertThat(read().delivery().shadow()).isFalse();
    }

    @Test
    void aVersionFromBeforeTemperaturesPublishesTheModelsOwnProbabilities() {
        recorded.remove("confidence");

        assertThat(read().evaluation().answers().confidence()).isEqualTo(AnswerSettings.Confidence.RAW);
    }

    @Test
    void aVersionFromBeforeAnswersWereWeighedWasMadeWithAHoldoutAloneAndTookEachLabelForRight() {
        recorded.keySet().removeAll(List.of("answers.memory", "answers.randomLabels"));

        AnswerSettings answers = read().evaluation().answers();

        assertThat(answers.memory()).isZero();
        assertThat(answers.randomLabels()).isEqualTo(AnswerSettings.RandomLabels.IGNORE);
    }

    @Test
    void aVersionFromBeforeNoiseWasSmoothedLookedForChangesWithoutThat() {
        recorded.remove("translateLook");

        assertThat(read().steps().changes().translation().look()).isEqualTo(StepSettings.Translation.Look.AT_ONCE);
    }

    @Test
    void aVersionFromBeforeTurnsWereLookedForKeptItsProofUntilItsLeadWasLost() {
        recorded.remove("gate.withdrawal");

        assertThat(read().gate().proven().withdrawal()).isEqualTo(GateSettings.Withdrawal.BY_LEAD);
    }

    @Test
    void theOtherNamesOfEnumSettingsAreReadToo() {
        recorded.put("answers.randomLabels", "EXPECT");
        recorded.put("confidence", "CALIBRATED");
        recorded.put("drift", "FOLLOW");
        recorded.put("drift.labelShift", "REPORT");
        recorded.put("gate.rule", "PROVEN");
        recorded.put("gate.suspicion", "KNOWN_CLASSES");
        recorded.put("gate.watch", "UNTIL_PROVEN");
        recorded.put("gate.withdrawal", "BY_TURN");
        recorded.put("repeats", "REPLAYED_LEFT_OUT");
        recorded.put("standInChanges", "LEARNT");
        recorded.put("train.optimizer", "SGD");
        recorded.put("train.terms.align", "CORAL");
        recorded.put("translateLook", "WITH_LISTS");
        recorded.put("unlabelled", "ALIGN");

        assertThat(RecordedSettings.of(read())).isEqualTo(recorded);
    }

    @Test
    void settingsHaveTheIdentifierThatEventsAndVersionsCarry() {
        assertThat(RecordedSettings.id(read(), BASE, "bundled"))
                .as("`configuration` of versions and ce_configuration of events: a rebuild groups what exists by it")
                .isEqualTo("17ecc8d336a2971b");
    }

    @Test
    void aVersionHasTheseKeysBesideItsSettings() {
        LabelledSample sample = new LabelledSample(
                new ImageId("img"),
                0,
                "cat",
                new Payload(Bytes.utf8("png"), Optional.empty()),
                new Coordinates("labels", 0, 0),
                Instant.EPOCH);
        MiniBatch batch =
                new MiniBatch(SITE, 17, MiniBatch.FlushCause.COUNT, List.of(sample), Instant.EPOCH, Instant.EPOCH);
        AdaptationEvent.Judged judged = new AdaptationEvent.Judged(
                SITE, Instant.EPOCH, 4, 3, new GateDecision.Promote(), 0.875, 0.75, 0.5, 128);

        Map<String, String> provenance =
                Provenance.of(read(), BASE, "bundled", batch, 44, 544, 0.25, OptionalLong.of(40), judged);

        provenance.keySet().removeAll(recorded.keySet());
        assertThat(provenance)
                .as("`rebuild`, `versions` and the HTTP API find the evidence of a version by these keys")
                .containsOnlyKeys(
                        "build",
                        "jvm",
                        "os",
                        "cpu",
                        "miniBatch",
                        "miniBatchOffset",
                        "miniBatchClosedAt",
                        "source",
                        "configuration",
                        "takenUpFrom",
                        "samplesSeen",
                        "stepScale",
                        "holdoutSize",
                        "candidateAccuracy",
                        "activeAccuracy",
                        "sourceAccuracy")
                .containsEntry("miniBatch", "17")
                .containsEntry("miniBatchOffset", "44")
                .containsEntry("source", "bundled")
                .containsEntry("takenUpFrom", "40")
                .containsEntry("samplesSeen", "544")
                .containsEntry("stepScale", "0.25")
                .containsEntry("holdoutSize", "128")
                .containsEntry("candidateAccuracy", "0.875")
                .containsEntry("activeAccuracy", "0.75")
                .containsEntry("sourceAccuracy", "0.5");
    }

    /** A checkpoint holds the generator's state, and what a restart draws must be what the first run drew. */
    @Test
    void randomNumbersAreThoseOfTheFirstRun() {
        SplitMix64 random = SplitMix64.of(1, SITE);

        assertThat(List.of(random.next(), random.next(), (long) random.below(1000), random.state()))
                .as("a restart or `rebuild` draws other samples and arrives at other weights")
                .containsExactly(-2374697458952182069L, -4185172546331514188L, 674L, 5033074540737617165L);
    }
}
