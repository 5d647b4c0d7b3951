package io.acclimate.harness;

import io.acclimate.adapt.domain.BaseModel;
import io.acclimate.adapt.domain.DomainWorker;
import io.acclimate.adapt.domain.KeptSamples;
import io.acclimate.adapt.domain.SampleDecoder;
import io.acclimate.adapt.domain.SourceSet;
import io.acclimate.adapt.settings.AdaptSettings;
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
import io.acclimate.dataset.Png;
import io.acclimate.image.ImageDecoder;
import io.acclimate.image.ImageLimits;
import io.acclimate.image.RgbImage;
import io.acclimate.onnx.GraphBuilder;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.train.Networks;
import io.acclimate.wire.v1.Checkpoint;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Trains domains on noise of 224 × 224 pixels and restores each from its checkpoint, in a heap that its JVM was given. Prints the most
 * that the heap held. The exit code is 1 when a restored domain is not where its predecessor was.
 */
final class ManyDomains {
    private static final int SIDE = 224;
    private static final int CLASSES = 10;
    private static final int SIZE = 32;

    private ManyDomains() {}

    /**
     * Trains, and restores.
     *
     * @param args the number of domains, and of labels for each
     */
    public static void main(String[] args) throws Exception {
        int domains = Integer.parseInt(args[0]);
        int batches = Integer.parseInt(args[1]) / SIZE;
        AdaptSettings settings = AdaptSettings.defaults();
        // One step for each mini-batch: what is looked at is memory, and slices would only make it take four times as
        // long.
        StepSettings steps = settings.steps().withReplay(0, 8192);
        settings = settings.withSteps(new StepSettings(
                steps.batchSize(),
                steps.replaySteps(),
                new StepSettings.Early(0, 1, steps.batchSize()),
                steps.replayCapacity(),
                steps.replayBytes(),
                steps.standIns(),
                steps.changes()));
        List<DomainWorker> workers = new ArrayList<>();
        List<Checkpoint> checkpoints = new ArrayList<>();
        boolean equal = true;
        try (BaseModel model = new BaseModel(network(), settings.train())) {
            SourceSet none = new SourceSet(Optional.empty(), 0, model.source());
            SampleDecoder decoder = new SampleDecoder(model, new ImageDecoder(ImageLimits.defaults()));
            for (int domain = 0; domain < domains; domain++) {
                workers.add(new DomainWorker(id(domain), settings, model, none, decoder, Clock.systemUTC()));
            }
            for (int i = 0; i < batches; i++) {
                for (int domain = 0; domain < domains; domain++) {
                    var unused = workers.get(domain).learn(batch(domain, i), i);
                }
            }
            for (DomainWorker worker : workers) {
                checkpoints.add(worker.checkpoints().whole());
                worker.close();
            }
            for (int domain = 0; domain < domains; domain++) {
                DomainWorker worker = new DomainWorker(id(domain), settings, model, none, decoder, Clock.systemUTC());
                restore(worker, checkpoints.get(domain), domain, decoder);
                equal &= worker.checkpoints().whole().equals(checkpoints.get(domain));
            }
        }
        System.out.println("peak heap " + (peakHeap() >> 20) + " MB");
        System.exit(equal ? 0 : 1);
    }

    private static void restore(DomainWorker worker, Checkpoint checkpoint, int domain, SampleDecoder decoder) {
        KeptSamples kept = new KeptSamples(checkpoint, decoder, worker);
        kept.offsets().stream().sorted().forEach(offset -> kept.add(batch(domain, offset), offset));
        worker.checkpoints()
                .restore(
                        checkpoint,
                        1,
                        WeightDelta.EMPTY,
                        kept.of(checkpoint.getHoldoutList()),
                        kept.of(checkpoint.getReplayList()),
                        List.of());
    }

    private static DomainId id(int domain) {
        return new DomainId("camera-" + domain);
    }

    private static MiniBatch batch(int domain, long sequence) {
        Random random = new Random(domain * 1_000_003L + sequence);
        List<LabelledSample> samples = new ArrayList<>();
        for (int i = 0; i < SIZE; i++) {
            byte[] rgb = new byte[3 * SIDE * SIDE];
            random.nextBytes(rgb);
            samples.add(new LabelledSample(
                    new ImageId(domain + "-" + sequence + "-" + i),
                    i % CLASSES,
                    "",
                    new Payload(Bytes.wrap(Png.encode(RgbImage.wrap(SIDE, SIDE, rgb))), Optional.empty()),
                    new Coordinates("labels", 0, sequence),
                    Instant.EPOCH));
        }
        return new MiniBatch(id(domain), sequence, MiniBatch.FlushCause.COUNT, samples, Instant.EPOCH, Instant.EPOCH);
    }

    private static ModelGraph network() throws Exception {
        Random random = new Random(1);
        GraphBuilder graph = new GraphBuilder("wide", 17)
                .input("image", Shape.of(3, SIDE, SIDE))
                .weight("patches.weight", weights(random, 4, 3, 16, 16))
                .weight("patches.bias", weights(random, 4))
                .weight("head.weight", weights(random, CLASSES, 4))
                .weight("head.bias", weights(random, CLASSES))
                .node(
                        "Conv",
                        List.of("image", "patches.weight", "patches.bias"),
                        List.of("patches"),
                        Map.of("kernel_shape", new long[] {16, 16}, "strides", new long[] {16, 16}))
                .node("Relu", List.of("patches"), List.of("active"), Map.of())
                .node("GlobalAveragePool", List.of("active"), List.of("means"), Map.of())
                .node("Flatten", List.of("means"), List.of("features"), Map.of("axis", 1L))
                .node("Gemm", List.of("features", "head.weight", "head.bias"), List.of("logits"), Map.of("transB", 1L))
                .output("logits", Shape.of(CLASSES));
        return ModelGraph.of(
                graph.toOnnx(),
                new ModelCard(
                        "wide",
                        "image",
                        new InputSpec(
                                3,
                                SIDE,
                                SIDE,
                                InputSpec.Layout.NCHW,
                                InputSpec.Colour.RGB,
                                InputSpec.Resize.PAD,
                                List.of(0.5f, 0.5f, 0.5f),
                                List.of(0.5f, 0.5f, 0.5f)),
                        "logits",
                        ModelCard.OutputKind.LOGITS,
                        Networks.classes(CLASSES),
                        Map.of()));
    }

    private static FloatTensor weights(Random random, int... extents) {
        Shape shape = Shape.of(extents);
        float[] values = new float[(int) shape.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (random.nextFloat() - 0.5f) / 8;
        }
        return FloatTensor.wrap(shape, values);
    }

    private static long peakHeap() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .mapToLong(pool -> pool.getPeakUsage().getUsed())
                .sum();
    }
}
