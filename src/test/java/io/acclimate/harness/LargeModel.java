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
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
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

    /**
     * Trains, or goes on after a restart.
     *
     * @param args the file in which the last checkpoint is kept
     */
    public static void main(String[] args) throws Exception {
        Path topic = Path.of(args[0]);
        try (BaseModel model = new BaseModel(network(), settings().train())) {
            SampleDecoder decoder = new SampleDecoder(model, new ImageDecoder(ImageLimits.defaults()));
            int published = 0;
            long bytes = 0;
            WeightDelta active;
            try (DomainWorker worker = worker(model, decoder)) {
                for (int i = 0; i < ROUNDS; i++) {
                    Round round = worker.learn(batch(i), i);
                    published += round.published().isPresent() ? 1 : 0;
                    // As RoundWriter does, which has the bytes of one version and those of a checkpoint one after the
                    // other.
                    bytes += round.published()
                            .map(version -> version.weights().toBytes().length)
                            .orElse(0);
                    if (round.saved() instanceof Round.Saved.Snapshot snapshot) {
                        write(snapshot.whole(), topic);
                    }
                }
                active = worker.activeWeights();
            }
            try (DomainWorker successor = worker(model, decoder)) {
                restore(successor, read(topic), active, decoder);
                Path again = topic.resolveSibling("again");
                write(successor.checkpoints().whole(), again);
                boolean equal = Files.mismatch(topic, again) < 0;
                var unused = successor.learn(batch(ROUNDS), ROUNDS);
                System.out.println(published + " versions of " + bytes + " bytes, the successor "
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

    /** In a file, since what the broker has is no heap of the worker's. */
    private static void write(Checkpoint whole, Path topic) throws IOException {
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(topic)))) {
            new StateCodec().parts(whole, ROUNDS, part -> write(part, out));
        }
    }

    private static void write(byte[] part, DataOutputStream out) {
        try {
            out.writeInt(part.length);
            out.write(part);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Checkpoint read(Path topic) throws IOException {
        StateCodec.Assembly assembly = new StateCodec.Assembly();
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(topic)))) {
            while (in.available() > 0) {
                assembly.add(in.readNBytes(in.readInt()));
            }
        }
        return assembly.complete().get(0).snapshot().orElseThrow();
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
