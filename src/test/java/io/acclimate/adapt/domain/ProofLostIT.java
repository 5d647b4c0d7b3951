package io.acclimate.adapt.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.adapt.samples.Shelf;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.worker.AdaptFixture;
import io.acclimate.core.Activation;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.DomainId;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.VersionId;
import io.acclimate.dataset.Bundled;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.dataset.Shift;
import io.acclimate.gate.GateSettings;
import io.acclimate.image.ImageDecoder;
import io.acclimate.image.ImageLimits;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.wire.v1.Checkpoint;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a version serves, when the source model does again, and that a restart changes nothing of it. Without a broker. */
class ProofLostIT {
    private static final DomainId CAMERA = new DomainId("camera-1");
    private static final int SIZE = 32;
    private static final LabelledImages INVERTED = Bundled.targetTest().shifted(Shift.INVERT, 1);

    private final SplitMix64 random = new SplitMix64(7);
    private final BaseModel models =
            new BaseModel(AdaptFixture.sourceModel(), AdaptSettings.defaults().train());
    private final SourceSet sourceSet =
            new SourceSet(Optional.of(AdaptFixture.samples(AdaptFixture.sourceModel())), 256, models.source());
    private DomainWorker worker = fresh(AdaptSettings.defaults());

    private DomainWorker fresh(AdaptSettings settings) {
        return new DomainWorker(
                CAMERA,
                settings,
                models,
                sourceSet,
                new SampleDecoder(models, new ImageDecoder(ImageLimits.defaults())),
                Clock.fixed(AdaptFixture.TIME, ZoneOffset.UTC));
    }

    @AfterEach
    void close() {
        worker.close();
        models.close();
    }

    @Test
    void theSourceModelServesUntilACandidateIsProvenBetterAndTheEventSaysWhatIsMissing() {
        List<AdaptationEvent.Judged> judged = new ArrayList<>();
        int batch = 0;
        while (worker.lineage().active() == VersionId.SOURCE) {
            judged.addAll(judged(learn(worker, batch++, IntUnaryOperator.identity())));
        }

        assertThat(judged.size()).isBetween(2, 8);
        assertThat(judged.get(0).decision().kind()).isEqualTo("defer");
        assertThat(judged.get(1).decision().toString()).contains("not proven better than the source model");
        assertThat(judged.get(judged.size() - 1).decision().kind()).isEqualTo("promote");
    }

    @Test
    void nothingServesByLabelsThatSayNothing() {
        for (int batch = 0; batch < 24; batch++) {
            learn(worker, batch, this::anyClass);
        }

        assertThat(worker.lineage().active()).isEqualTo(VersionId.SOURCE);
    }

    @Test
    void theRuleOfBeforeServesWhatIsNotWorse() {
        worker.close();
        worker = fresh(
                AdaptSettings.defaults().withGate(GateSettings.defaults().withRule(GateSettings.Rule.NON_INFERIOR)));

        learn(worker, 0, IntUnaryOperator.identity());
        learn(worker, 1, IntUnaryOperator.identity());

        assertThat(worker.lineage().active()).isNotEqualTo(VersionId.SOURCE);
        assertThat(worker.checkpoints().whole().hasProof()).isFalse();
    }

    @Test
    void imagesThatWereTrainedOnAreNoEvidenceWhateverTheirId() {
        for (int batch = 0; batch < 16; batch++) {
            Round round = worker.learn(batch(batch, 0, label -> (label * 3 + 1) % 10), batch);
            assertThat(round.published()).isEmpty();
        }

        assertThat(worker.checkpoints().whole().getProof().getRecentCount()).isLessThanOrEqualTo(2 * SIZE);
    }

    @Test
    void whenTheProofIsLostTheSourceModelServesAndTheDomainBeginsAfresh() {
        int batch = 0;
        for (; batch < 12; batch++) {
            learn(worker, batch, IntUnaryOperator.identity());
        }
        long before = worker.lineage().active();
        assertThat(before).isNotEqualTo(VersionId.SOURCE);
        Optional<Round> back = Optional.empty();
        for (; back.isEmpty() && batch < 140; batch++) {
            learn(worker, batch, this::anyClass);
            back = guard(batch(batch + 1, batch + 1, this::anyClass));
        }

        AdaptationEvent.Reset reset =
                (AdaptationEvent.Reset) back.orElseThrow().events().get(0);
        assertThat(reset.reason()).contains("the source model");
        assertThat(reset.previous()).isNotEqualTo(VersionId.SOURCE);
        assertThat(back.orElseThrow().activation().orElseThrow().cause()).isEqualTo(Activation.Cause.ROLLBACK);
        assertThat(worker.lineage().active()).isEqualTo(VersionId.SOURCE);
        FloatTensor rows = FloatTensor.stack(List.of(AdaptFixture.row(INVERTED, 1, models.graph())));
        assertThat(worker.served(rows)).isEqualTo(worker.frozen(rows));
        Checkpoint checkpoint = worker.checkpoints().whole();
        assertThat(checkpoint.getReplayList()).isEmpty();
        assertThat(checkpoint.getHoldoutList()).isEmpty();
        assertThat(checkpoint.getOptimizerSteps()).isZero();
        assertThat(checkpoint.getProof().getClassesMap()).isEmpty();
        assertThat(checkpoint.getProof().getStarts()).isGreaterThan(3);
    }

    @Test
    void aRestoredWorkerGoesOnWithTheSameBits() {
        List<MiniBatch> batches = new ArrayList<>();
        for (int batch = 0; batch < 7; batch++) {
            batches.add(batch(batch, batch, IntUnaryOperator.identity()));
        }
        for (int batch = 0; batch < 3; batch++) {
            worker.learn(batches.get(batch), batch);
        }
        Checkpoint saved = worker.checkpoints().whole();
        KeptSamples kept =
                new KeptSamples(saved, new SampleDecoder(models, new ImageDecoder(ImageLimits.defaults())), Shelf.HEAP);
        for (int batch = 0; batch < 3; batch++) {
            kept.add(batches.get(batch), batch);
        }
        try (DomainWorker restored = fresh(AdaptSettings.defaults())) {
            restored.checkpoints()
                    .restore(
                            saved,
                            3,
                            worker.activeWeights(),
                            kept.of(saved.getHoldoutList()),
                            kept.of(saved.getReplayList()),
                            List.of());

            for (int batch = 3; batch < 7; batch++) {
                worker.learn(batches.get(batch), batch);
                restored.learn(batches.get(batch), batch);
            }

            assertThat(worker.lineage().active()).isNotEqualTo(VersionId.SOURCE);
            assertThat(restored.checkpoints().whole())
                    .isEqualTo(worker.checkpoints().whole());
            assertThat(restored.activeWeights().digest())
                    .isEqualTo(worker.activeWeights().digest());
        }
    }

    @Test
    void theGuardGoesToNoVersionThatItsOwnNumbersCallWorse() {
        for (int batch = 0; batch < 12; batch++) {
            learn(worker, batch, IntUnaryOperator.identity());
        }

        assertThat(worker.guard().couldServe(WeightDelta.EMPTY))
                .as("the source model, which has fewer right")
                .isFalse();
        assertThat(worker.guard().couldServe(worker.activeWeights())).isTrue();
    }

    private int anyClass(int truth) {
        return random.below(10);
    }

    private Optional<Round> guard(MiniBatch next) {
        return worker.guard().proofLost().map(why -> worker.afresh(next, why));
    }

    private Round learn(DomainWorker by, int batch, IntUnaryOperator labels) {
        return by.learn(batch(batch, batch, labels), batch);
    }

    private static List<AdaptationEvent.Judged> judged(Round round) {
        return round.events().stream()
                .filter(AdaptationEvent.Judged.class::isInstance)
                .map(AdaptationEvent.Judged.class::cast)
                .toList();
    }

    /** @param images the mini-batch whose images it has, under ids of its own */
    private static MiniBatch batch(int sequence, int images, IntUnaryOperator labels) {
        List<LabelledSample> samples = new ArrayList<>();
        for (int i = 0; i < SIZE; i++) {
            LabelledSample clean = AdaptFixture.sample(INVERTED, images * SIZE + i);
            samples.add(new LabelledSample(
                    AdaptFixture.sample(INVERTED, sequence * SIZE + i).imageId(),
                    labels.applyAsInt(clean.classIndex()),
                    "",
                    clean.image(),
                    clean.label(),
                    clean.labelTime()));
        }
        return new MiniBatch(
                CAMERA,
                sequence,
                MiniBatch.FlushCause.COUNT,
                samples,
                AdaptFixture.TIME,
                AdaptFixture.TIME.plusSeconds(sequence));
    }
}
