package io.acclimate.harness;

import io.acclimate.adapt.domain.BaseModel;
import io.acclimate.adapt.domain.DomainWorker;
import io.acclimate.adapt.domain.KeptSamples;
import io.acclimate.adapt.domain.Round;
import io.acclimate.adapt.domain.SampleDecoder;
import io.acclimate.adapt.domain.SourceSet;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.OutputSettings;
import io.acclimate.adapt.settings.PaceSettings;
import io.acclimate.adapt.settings.StepSettings;
import io.acclimate.core.Bytes;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DomainId;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.ImageId;
import io.acclimate.core.InputSpec;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.Payload;
import io.acclimate.core.Shape;
import io.acclimate.gate.GateSettings;
import io.acclimate.image.ImageDecoder;
import io.acclimate.image.ImageLimits;
import io.acclimate.onnx.GraphBuilder;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.train.Networks;
import io.acclimate.wire.Encoding;
import io.acclimate.wire.StateCodec;
import io.acclimate.wire.v1.Checkpoint;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Trains all weights of a network that has many of them, publishes each candidate, writes checkpoints, and continues from one of them, in
 * a heap that its JVM was given. The exit code is 1 when the successor is not where its predecessor was.
 */
final class LargeModel {
    private static final int WIDTH = 1200;
    private static final int LAYERS = 6;
    private static final int CLASSES = 4;
    private static final int SIDE = 8;
    private static final int SIZE = 32;
    private static final int ROUNDS = 6;
    private static final DomainId DOMAIN = new DomainId("camera");

    private LargeModel() {}

    public static void main(String[] args) throws Exception {
        try (BaseModel model = new BaseModel(network(), settings().train())) {
            SampleDecoder decoder = new SampleDecoder(model, new ImageDecoder(ImageLimits.defaults()));
            int published = 0;
            long fingerprint = 0;
            StateCodec.Assembly topic = new StateCodec.Assembly();
            WeightDelta[] active = {WeightDelta.EMPTY};
            try (DomainWorker worker = worker(model, decoder)) {
                for (int i = 0; i < ROUNDS; i++) {
                    Round round = worker.learn(batch(i), i);
                    published += round.published().isPresent() ? 1 : 0;
                    // As RoundWriter does, which has the bytes of one version and those of a checkpoint one after the
                    // other.
                    fingerprint += round.published()
                            .map(version -> version.weights().toBytes().length)
                            .orElse(0);
                    topic = written(round);
                }
                active[0] = worker.activeWeights();
            }
            Checkpoint last = topic.complete().get(0).snapshot().orElseThrow();
            try (DomainWorker successor = worker(model, decoder)) {
                restore(successor, last, active[0], decoder);
                boolean equal = successor.checkpoints().whole().equals(last);
                var unused = successor.learn(batch(ROUNDS), ROUNDS);
                System.out.println(published + " versions of " + fingerprint + " bytes, the successor "
                        + (equal ? "continues" : "is elsewhere"));
                System.exit(equal ? 0 : 1);
            }
        }
    }

    static AdaptSettings settings() {
        AdaptSettings settings = AdaptSettings.defaults();
        StepSettings steps = settings.steps().withReplay(1, 256);
        return settings.withSteps(new StepSettings(
                        steps.batchSize(),
                        steps.replaySteps(),
                        new StepSettings.Early(0, 1, steps.batchSize()),
                        steps.replayCapacity(),
                        steps.replayBytes(),
                        steps.standIns(),
                        steps.changes()))
                // Each candidate is promoted, so that the active version has weights of its own.
                .withGate(new GateSettings(1, 1, 1, 1, GateSettings.Rule.NON_INFERIOR, GateSettings.Proven.defaults()))
                .withPace(PaceSettings.NONE)
                .withOutput(new OutputSettings(1, Encoding.JSON));
    }

    private static StateCodec.Assembly written(Round round) {
        StateCodec.Assembly topic = new StateCodec.Assembly();
        if (round.saved() instanceof Round.Saved.Snapshot snapshot) {
            // What the broker has is no heap of the worker's, so that only the last one is kept.
            new StateCodec().parts(snapshot.whole(), snapshot.generation(), part -> {
                if (snapshot.generation() == ROUNDS) {
                    topic.add(part);
                }
            });
        }
        return topic;
    }

    private static DomainWorker worker(BaseModel model, SampleDecoder decoder) {
        return new DomainWorker(
                DOMAIN,
                settings(),
                model,
                new SourceSet(Optional.empty(), 0, model.source()),
                decoder,
                Clock.systemUTC());
    }

    private static void restore(DomainWorker worker, Checkpoint checkpoint, WeightDelta active, SampleDecoder decoder) {
        KeptSamples kept = new KeptSamples(checkpoint, decoder, worker);
        kept.offsets().stream().sorted().forEach(offset -> kept.add(batch(offset), offset));
        worker.checkpoints()
                .restore(
                        checkpoint,
                        ROUNDS,
                        active,
                        kept.of(checkpoint.getHoldoutList()),
                        kept.of(checkpoint.getReplayList()),
                        List.of());
    }

    private static MiniBatch batch(long sequence) {
        Random random = new Random(sequence);
        List<LabelledSample> samples = new ArrayList<>();
        for (int i = 0; i < SIZE; i++) {
            ByteBuffer row = ByteBuffer.allocate(Float.BYTES * 3 * SIDE * SIDE).order(ByteOrder.LITTLE_ENDIAN);
            while (row.hasRemaining()) {
                row.putFloat((float) random.nextGaussian());
            }
            samples.add(new LabelledSample(
                    new ImageId(sequence + "-" + i),
                    i % CLASSES,
                    "",
                    new Payload(Bytes.wrap(row.array()), Optional.of(Payload.TENSOR_F32)),
                    new Coordinates("labels", 0, sequence),
                    Instant.EPOCH));
        }
        return new MiniBatch(DOMAIN, sequence, MiniBatch.FlushCause.COUNT, samples, Instant.EPOCH, Instant.EPOCH);
    }

    static ModelGraph network() throws Exception {
        Random random = new Random(1);
        GraphBuilder graph = new GraphBuilder("large", 17)
                .input("image", Shape.of(3, SIDE, SIDE))
                .node("GlobalAveragePool", List.of("image"), List.of("means"), Map.of())
                .node("Flatten", List.of("means"), List.of("layer-0"), Map.of("axis", 1L));
        for (int i = 0; i <= LAYERS; i++) {
            int from = i == 0 ? 3 : WIDTH;
            int to = i == LAYERS ? CLASSES : WIDTH;
            graph.weight("weight-" + i, weights(random, from, to))
                    .node("MatMul", List.of("layer-" + i, "weight-" + i), List.of("layer-" + (i + 1)), Map.of());
        }
        graph.output("layer-" + (LAYERS + 1), Shape.of(CLASSES));
        List<Float> half = List.of(0.5f, 0.5f, 0.5f);
        return ModelGraph.of(
                graph.toOnnx(),
                new ModelCard(
                        "large",
                        "image",
                        new InputSpec(
                                3,
                                SIDE,
                                SIDE,
                                InputSpec.Layout.NCHW,
                                InputSpec.Colour.RGB,
                                InputSpec.Resize.STRETCH,
                                half,
                                half),
                        "layer-" + (LAYERS + 1),
                        ModelCard.OutputKind.LOGITS,
                        Networks.classes(CLASSES),
                        Map.of()));
    }

    private static FloatTensor weights(Random random, int from, int to) {
        float[] values = new float[from * to];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() / Math.sqrt(from));
        }
        return FloatTensor.wrap(Shape.of(from, to), values);
    }
}
