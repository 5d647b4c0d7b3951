package io.acclimate.app.memory;

import io.acclimate.adapt.samples.TrainingHeap;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.StepSettings;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.minibatch.StreamsSettings;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.RowMemory;
import io.acclimate.serve.ServeSettings;
import io.acclimate.train.LossTerms;
import io.acclimate.train.Samples;
import io.acclimate.train.Trainer;
import java.util.Optional;

/**
 * Estimates what {@code serve}, {@code minibatch} and {@code adapt} need for a model. The constants were measured with the bundled network and with a
 * ResNet-18 at 224 x 224 (see {@code findings/measurements.md}); what is taken beyond them is garbage that the JVM has not collected yet.
 *
 * <p>Of a single role the estimate is what the role cannot do without, so that none is refused where it would have worked. Of
 * {@code up} it is what all roles take when they take most at once, because a process that was told to keep to a limit has to keep to it.
 */
public final class MemoryEstimate {
    private static final long MIB = 1L << 20;
    /** The JVM, Kafka's clients, and ONNX Runtime without a model. */
    private static final long SERVE_NATIVE = 190 * MIB;
    /** The JVM, Kafka's clients, Kafka Streams and RocksDB without what fills its stores. Measured: 167 to 176 MiB, with a heap of 44 MiB. */
    private static final long MINIBATCH_NATIVE = 170 * MIB;
    /** PyTorch besides. */
    private static final long ADAPT_NATIVE = 380 * MIB;

    private static final long SERVE_HEAP = 48 * MIB;
    /** Measured with 400 labels a second: 32 MiB are too few, 44 suffice. */
    private static final long MINIBATCH_HEAP = 40 * MIB;
    /** Its weights as numbers. */
    private static final int MODEL_ON_HEAP = 1;
    /** A version as it is read: a part of it as weights, the rest in pieces. One tensor of it is there twice. */
    private static final int VERSION_ON_HEAP = 1;
    /** What {@code up} has besides, and shares among its roles: classes, code and threads of the broker, Kafka Streams and the web server. */
    private static final long UP_NATIVE = 110 * MIB;
    /** For each trained weight beside the heap, while a step is made: what PyTorch reads, and its gradient. */
    private static final int TRAINED_NATIVE = 2;
    /** A session has the weights once more where it packs them for its kernels. */
    private static final double SESSION = 1.3;
    /** A version that is warmed up, beside the one that serves. */
    private static final int SERVE_SESSIONS = 2;
    /** Source model, active version and candidate. */
    private static final int ADAPT_SESSIONS = 3;

    private static final long JUDGED_BYTES = 16 * MIB;

    private MemoryEstimate() {}

    public static MemoryNeed serve(ModelGraph graph, ServeSettings settings) {
        long weights = bytes(graph);
        long row = rowBytes(graph);
        long rows =
                (long) settings.workers() * settings.batches().rows(graph.card().input());
        long heap = SERVE_HEAP + (MODEL_ON_HEAP + VERSION_ON_HEAP) * weights + largest(graph) + 3 * rows * row;
        // A session is opened from one more copy of the weights.
        long beside = SERVE_NATIVE
                + (long) (SERVE_SESSIONS * SESSION * weights)
                + weights
                + rows * (row + graph.rowMemory().peakBytes());
        return new MemoryNeed(
                "serve with " + settings.workers() + " workers",
                heap,
                beside,
                settings.workers() > 1 ? "; or start it with --workers 1" : "");
    }

    /**
     * Estimates what mini-batches take when their stores have been written for a while, however small the labels are. Labels on their way through the
     * heap are not counted: how many these are follows from how fast they come.
     */
    public static MemoryNeed minibatch(ModelGraph graph, StreamsSettings streams) {
        // Its file is read whole before it is a graph.
        long model = 2 * MODEL_ON_HEAP * bytes(graph);
        return new MemoryNeed("minibatch", MINIBATCH_HEAP + model, MINIBATCH_NATIVE + streams.storeBytes(), "");
    }

    /**
     * Estimates what a worker cannot do without. Steps that ask the source model take no more: it is asked before the step's own run, and nothing of it
     * stays but its answers.
     */
    public static MemoryNeed adapt(ModelGraph graph, AdaptSettings settings) {
        return adapt(graph, settings, SourceModelRuns.NONE);
    }

    private static MemoryNeed adapt(ModelGraph graph, AdaptSettings settings, SourceModelRuns asked) {
        Trainer.Part part = Trainer.Part.of(graph, settings.train());
        boolean head = part.weights()
                .equals(Trainer.Part.of(graph, settings.train().withTrainable("head"))
                        .weights());
        long weights = bytes(graph);
        long trained = graph.weights().entrySet().stream()
                .filter(each -> part.weights().contains(each.getKey()))
                .mapToLong(each -> bytes(each.getValue()))
                .sum();
        long row = rowBytes(graph);
        int batch = steps(graph, settings).batchSize();
        long samples = batch * 3L / 2;
        RowMemory memory = graph.rowMemory();
        long judging = judgedAtOnce(row, settings.judgedRows()) * (memory.peakBytes() + row);
        // What a frozen part leaves of the values to be kept is not counted: this is what a step takes at least.
        long training = (samples + asked.rows()) * (part.afterFrozen() ? memory.peakBytes() + row : memory.allBytes())
                + (TRAINED_NATIVE + asked.count()) * trained;
        long heap = TrainingHeap.least(graph, settings.train()) + 2 * samples * row;
        long beside = ADAPT_NATIVE + (long) (ADAPT_SESSIONS * SESSION * weights) + Math.max(judging, training);
        return new MemoryNeed(
                "adapt --trainable " + settings.train().trainable(),
                heap,
                beside,
                head ? "" : "; or train less, with --trainable head");
    }

    /** Rows are judged as many at once as fit in {@value #JUDGED_BYTES} bytes, and there are no more than the settings keep. */
    private static long judgedAtOnce(long row, int kept) {
        return Math.min(Math.max(1, JUDGED_BYTES / row), kept);
    }

    /** Whether {@code adapt} will train at all, as far as the graph tells. A model that it cannot train takes no memory for training. */
    public static boolean trains(ModelGraph graph, AdaptSettings settings) {
        return Trainer.Part.of(graph, settings.train()).isTrainable();
    }

    /**
     * How often a step runs the source model in the engine that trains. It is asked first, and its tensors and what its layers give are gone when
     * the step's own come, so that this is more than a step takes: {@code up} has it as a reserve.
     *
     * @param count of runs
     * @param rows of all of them
     */
    private record SourceModelRuns(int count, long rows) {
        static final SourceModelRuns NONE = new SourceModelRuns(0, 0);

        /**
         * It is asked about source rows where they come without its answers: where rows are mixed, where the answers of the set are too many to
         * be kept, and where changed target rows stand in for a set. And it is asked about all rows when the loss holds the model to it.
         */
        static SourceModelRuns of(ModelGraph graph, LossTerms terms, Optional<Samples> source, int batch) {
            boolean replays = source.isPresent() || graph.card().input() instanceof InputSpec;
            boolean replayed = replays && terms.sourceLoss() == LossTerms.SourceLoss.ANSWERS;
            boolean held = terms.kappa() > 0;
            return new SourceModelRuns(
                    (replayed ? 1 : 0) + (held ? 1 : 0), (replayed ? batch / 2 : 0) + (held ? batch * 3L / 2 : 0));
        }
    }

    /**
     * All roles in one process, with a broker: what they share is counted once. What the broker has on the heap is in what a worker and
     * {@code serve} count for clients of a broker elsewhere. A model that cannot be trained is not trained.
     *
     * @param source the source set, if there is one
     */
    public static MemoryNeed up(
            ModelGraph graph,
            ServeSettings serve,
            StreamsSettings streams,
            AdaptSettings adapt,
            Optional<Samples> source) {
        MemoryNeed serving = serve(graph, serve);
        long besides = UP_NATIVE + streams.storeBytes();
        if (!trains(graph, adapt)) {
            return new MemoryNeed("up", serving.heapBytes(), serving.nativeBytes() + besides, serving.wayOut());
        }
        int batch = steps(graph, adapt).batchSize();
        MemoryNeed adapting =
                adapt(graph, adapt, SourceModelRuns.of(graph, adapt.train().terms(), source, batch));
        return new MemoryNeed(
                "up --trainable " + adapt.train().trainable(),
                serving.heapBytes() + adapting.heapBytes() - MODEL_ON_HEAP * bytes(graph),
                serving.nativeBytes() + adapting.nativeBytes() - SERVE_NATIVE + besides,
                adapting.wayOut());
    }

    /** The steps that {@code adapt} makes of the settings: of fewer samples where their memory demands it. */
    public static StepSettings steps(ModelGraph graph, AdaptSettings settings) {
        return isHead(settings)
                ? settings.steps()
                : settings.steps().within(graph.rowMemory().allBytes());
    }

    private static boolean isHead(AdaptSettings settings) {
        return settings.train().trainable().equals("head");
    }

    private static long rowBytes(ModelGraph graph) {
        return Float.BYTES * graph.card().input().row().elements();
    }

    private static long bytes(ModelGraph graph) {
        return graph.weights().values().stream()
                .mapToLong(MemoryEstimate::bytes)
                .sum();
    }

    private static long largest(ModelGraph graph) {
        return graph.weights().values().stream()
                .mapToLong(MemoryEstimate::bytes)
                .max()
                .orElse(0);
    }

    private static long bytes(FloatTensor tensor) {
        return (long) Float.BYTES * tensor.values().length;
    }
}
