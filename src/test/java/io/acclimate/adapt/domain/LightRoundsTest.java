package io.acclimate.adapt.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.random.Effort;
import io.acclimate.adapt.rest.Resting;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.StepSettings;
import io.acclimate.adapt.worker.AdaptFixture;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.Coordinates;
import io.acclimate.core.ImageId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.MiniBatch;
import io.acclimate.image.ImageDecoder;
import io.acclimate.image.ImageLimits;
import io.acclimate.train.LossTerms;
import io.acclimate.wire.v1.Checkpoint;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Light steps between others: the first layer that they go by is in no checkpoint, and nowhere while a domain rests. */
@Tag("slow")
class LightRoundsTest {
    private static final List<Effort> EFFORTS = List.of(
            Effort.FULL, new Effort(3), new Effort(3), Effort.FULL, new Effort(4), new Effort(3), new Effort(1));

    private static AdaptSettings settings(String trainable, double mu, LossTerms.Align align, double kappa) {
        AdaptSettings settings = AdaptSettings.defaults();
        StepSettings steps = settings.steps();
        LossTerms terms = settings.train().terms();
        return settings.withSteps(new StepSettings(
                        steps.batchSize(),
                        8,
                        new StepSettings.Early(0, 1, steps.batchSize()),
                        steps.replayCapacity(),
                        steps.replayBytes(),
                        steps.standIns(),
                        steps.changes()))
                .withTrain(settings.train()
                        .withTrainable(trainable)
                        .withTerms(
                                new LossTerms(terms.lambda(), mu, align, "", terms.rho(), kappa, terms.sourceLoss())));
    }

    private static DomainWorker worker(BaseModel model, AdaptSettings settings) {
        return new DomainWorker(
                Linear.CAMERA,
                settings,
                model,
                new SourceSet(Optional.of(FlatImages.source()), 0, model.source()),
                decoder(model),
                Clock.fixed(AdaptFixture.TIME, ZoneOffset.UTC));
    }

    private static SampleDecoder decoder(BaseModel model) {
        return new SampleDecoder(model, new ImageDecoder(ImageLimits.defaults()));
    }

    private static MiniBatch batch(int sequence) {
        return Linear.batch(
                sequence,
                IntStream.range(32 * sequence, 32 * sequence + 32)
                        .mapToObj(i -> new LabelledSample(
                                new ImageId("image-" + i),
                                i % 10,
                                "",
                                FlatImages.payload(FlatImages.target(i)),
                                new Coordinates("labels", 0, i),
                                AdaptFixture.TIME))
                        .toList());
    }

    private static void othersAreUsed(BaseModel model) {
        for (int i = 0; i < 100; i++) {
            model.awake().used(new Resting() {
                @Override
                public void rest() {}
            });
        }
    }

    private static void restore(DomainWorker successor, BaseModel model, DomainWorker from, int rounds) {
        Checkpoint checkpoint = from.checkpoints().whole();
        KeptSamples kept = new KeptSamples(checkpoint, decoder(model), successor);
        for (int sequence = 0; sequence < rounds; sequence++) {
            kept.add(batch(sequence), sequence);
        }
        successor
                .checkpoints()
                .restore(
                        checkpoint,
                        from.checkpoints().generation(),
                        from.activeWeights(),
                        kept.of(checkpoint.getHoldoutList()),
                        kept.of(checkpoint.getReplayList()),
                        kept.of(checkpoint.getUnlabelledList()));
    }

    @ParameterizedTest
    @CsvSource({"all,1,DANN,0", "last:2,0.5,MMD,0", "head,0,CORAL,0.5"})
    void aRestartAndARestLeadToTheSameBits(String trainable, double mu, LossTerms.Align align, double kappa) {
        AdaptSettings settings = settings(trainable, mu, align, kappa);
        try (BaseModel model = new BaseModel(AdaptFixture.sourceModel(), settings.train());
                BaseModel shared = new BaseModel(AdaptFixture.sourceModel(), settings.train());
                DomainWorker undisturbed = worker(model, settings);
                DomainWorker resting = worker(shared, settings)) {
            int light = 0;
            for (int sequence = 0; sequence < EFFORTS.size(); sequence++) {
                Effort effort = EFFORTS.get(sequence);
                try (BaseModel another = new BaseModel(AdaptFixture.sourceModel(), settings.train());
                        DomainWorker successor = worker(another, settings)) {
                    restore(successor, another, undisturbed, sequence);
                    Round round = undisturbed.learn(batch(sequence), sequence, effort);
                    Round again = successor.learn(batch(sequence), sequence, effort);
                    Round rested = resting.learn(batch(sequence), sequence, effort);
                    othersAreUsed(shared);

                    assertThat(again.events()).isEqualTo(round.events());
                    assertThat(rested.events()).isEqualTo(round.events());
                    assertThat(successor.checkpoints().whole())
                            .isEqualTo(undisturbed.checkpoints().whole());
                    assertThat(resting.checkpoints().whole())
                            .isEqualTo(undisturbed.checkpoints().whole());
                    int steps =
                            Linear.event(round, AdaptationEvent.Trained.class).steps();
                    light += settings.steps().isLight(effort.halvings()) ? steps : 0;
                }
            }
            assertThat(light).isPositive();
        }
    }
}
