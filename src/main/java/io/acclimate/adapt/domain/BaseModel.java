package io.acclimate.adapt.domain;

import io.acclimate.adapt.prefix.Prefixes;
import io.acclimate.adapt.rest.Awake;
import io.acclimate.adapt.samples.ReplaySample;
import io.acclimate.adapt.samples.SampleMemory;
import io.acclimate.adapt.samples.TrainingHeap;
import io.acclimate.core.ClassNames;
import io.acclimate.core.Digest;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.Shape;
import io.acclimate.image.CompactRows;
import io.acclimate.infer.InputBuffers;
import io.acclimate.infer.ModelSession;
import io.acclimate.infer.Scores;
import io.acclimate.infer.SessionSettings;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.node.InvalidModelException;
import io.acclimate.onnx.rewrite.FreshRows;
import io.acclimate.train.LabelledBatch;
import io.acclimate.train.TrainSettings;
import io.acclimate.train.Trainer;
import io.acclimate.train.UntrainableModelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Opens sessions and trainers of one base model. All domains share its source session. The worker's thread only. */
public final class BaseModel implements AutoCloseable {
    private static final int RUN_BYTES = 16 << 20;
    /** Steps that are timed at most. */
    private static final int TIMED = 10;

    private static final long TIMED_NANOS = 250_000_000;

    private final ModelGraph graph;
    private final TrainSettings settings;
    private final Prefixes prefixes = new Prefixes();
    /** Shared by the sessions, since each round opens one and runs the holdout. */
    private final InputBuffers inputs = new InputBuffers();

    private final ModelSession source;
    private final SampleMemory samples;
    private final Awake awake;
    /** A row that the source model has run. */
    private final FloatTensor proven;
    /** The source model as training has it; null until it is asked. */
    private @Nullable Trainer untrained;

    private int trainersOpened;
    private int sessionsOpened;

    /**
     * Opens the source model's session and proves that the model can be trained.
     *
     * @throws IllegalStateException when it cannot be opened or trained; the cause says why
     */
    public BaseModel(ModelGraph graph, TrainSettings settings) {
        this.graph = graph;
        this.settings = settings;
        this.samples = SampleMemory.ofHeap(CompactRows.of(graph.card().input()), TrainingHeap.of(graph, settings));
        this.awake = Awake.ofHeap(graph.weights().values().stream()
                .mapToLong(each -> Float.BYTES * each.shape().elements())
                .sum());
        this.source = session(WeightDelta.EMPTY);
        try (Trainer trainer = Trainer.open(graph, WeightDelta.EMPTY, settings, Optional.of(prefixes))) {
            trainer.prove(source::run);
            this.proven = trainer.probe().row(0);
        } catch (UntrainableModelException e) {
            close();
            throw new IllegalStateException(e.getMessage(), e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** The pixels that all domains keep. */
    public SampleMemory samples() {
        return samples;
    }

    /** The domains whose weights and sessions are in memory. */
    Awake awake() {
        return awake;
    }

    public ModelSession source() {
        return source;
    }

    /** Whether the source model runs the row that it ran when it was opened. If it does, then a failure on another row is that row's. */
    boolean stillRuns() {
        try {
            var unused = source.run(List.of(proven));
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    public Digest base() {
        return graph.digest();
    }

    /** The sample's class in the model's label set: by its name, else by its index; empty when the model lacks it. */
    OptionalInt classOf(LabelledSample sample) {
        ClassNames classes = graph.card().classes();
        if (!sample.className().isEmpty()) {
            return classes.index(sample.className());
        }
        return sample.classIndex() < classes.count() ? OptionalInt.of(sample.classIndex()) : OptionalInt.empty();
    }

    public ModelGraph graph() {
        return graph;
    }

    /**
     * The weights {@code trained} in this label set. Classes that both sets have keep their rows of the last layer; new classes get rows
     * with which they win no image.
     *
     * @throws InvalidModelException when the version was made from another source model
     */
    public WeightDelta carried(ModelVersion version, WeightDelta trained) throws InvalidModelException {
        if (version.base().equals(base())) {
            return trained;
        }
        SortedMap<String, FloatTensor> changed = new TreeMap<>(graph.basedOn(version.base(), version.classes())
                .with(trained)
                .withClasses(graph.card().classes(), new FreshRows.MeanOfKept())
                .weights());
        changed.entrySet().removeAll(graph.weights().entrySet());
        return WeightDelta.of(changed);
    }

    /** @throws IllegalStateException when the weights do not fit the base model */
    ModelSession session(WeightDelta weights) {
        try {
            sessionsOpened++;
            return ModelSession.open(graph, weights, SessionSettings.defaults().givingBack(), inputs);
        } catch (InvalidModelException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** Opens a trainer. That the model can be trained was proven when this base model was opened. */
    Trainer trainer(WeightDelta start) {
        try {
            trainersOpened++;
            return Trainer.openKnown(graph, start, settings, Optional.of(prefixes));
        } catch (UntrainableModelException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /**
     * How long a step takes here and now: the fastest of two, or of as many as {@value #TIMED_NANOS} ns have room for, on rows of zeros. The steps
     * are made by a trainer of their own, and lead to nothing.
     *
     * @param targets rows of the target domain
     * @param sources rows of the source domain
     */
    public Duration timeOfAStep(int targets, int sources) {
        LabelledBatch target = zeros(targets);
        Optional<LabelledBatch> source = Optional.of(zeros(sources));
        long fastest = Long.MAX_VALUE;
        try (Trainer trainer = trainer(WeightDelta.EMPTY)) {
            long began = System.nanoTime();
            for (int i = 0; i < 2 || (i < TIMED && System.nanoTime() - began < TIMED_NANOS); i++) {
                long before = System.nanoTime();
                trainer.step(target, source);
                fastest = Math.min(fastest, System.nanoTime() - before);
            }
        }
        return Duration.ofNanos(fastest);
    }

    private LabelledBatch zeros(int rows) {
        Shape shape = graph.card().input().row();
        FloatTensor row = FloatTensor.wrap(shape, new float[(int) shape.elements()]);
        int classes = graph.card().classes().count();
        return new LabelledBatch(
                FloatTensor.stack(Collections.nCopies(rows, row)),
                Collections.nCopies(rows, 0),
                Optional.of(FloatTensor.wrap(Shape.of(rows, classes), new float[rows * classes])));
    }

    /** What the source model gives for rows, {@code [rows, classes]}, of which a loss is taken. */
    FloatTensor sourceLogits(FloatTensor rows) {
        Trainer open = untrained;
        if (open == null) {
            open = trainer(WeightDelta.EMPTY);
            untrained = open;
        }
        return open.logits(rows);
    }

    /** How many trainers were opened so far. */
    int trainersOpened() {
        return trainersOpened;
    }

    /** How many sessions were opened so far. */
    int sessionsOpened() {
        return sessionsOpened;
    }

    /** How many sessions of frozen parts are open, in use or kept for the next trainer. */
    int openPrefixes() {
        return prefixes.open();
    }

    /**
     * What a model predicts for rows.
     *
     * @param classes of each row
     * @param notFinite the rows whose scores are not all finite
     * @param scores the raw output for each row, {@code [classes] float32}
     */
    record Predicted(List<Integer> classes, List<Integer> notFinite, List<FloatTensor> scores) {
        static final Predicted NONE = new Predicted(List.of(), List.of(), List.of());

        Predicted {
            classes = List.copyOf(classes);
            notFinite = List.copyOf(notFinite);
            scores = List.copyOf(scores);
        }

        /** The rows {@code from} to {@code to}. */
        Predicted part(int from, int to) {
            return new Predicted(
                    classes.subList(from, to),
                    notFinite.stream()
                            .filter(row -> row >= from && row < to)
                            .map(row -> row - from)
                            .toList(),
                    scores.subList(from, to));
        }

        boolean finite() {
            return notFinite.isEmpty();
        }

        boolean[] hits(List<Integer> labels) {
            boolean[] hits = new boolean[classes.size()];
            for (int i = 0; i < hits.length; i++) {
                hits[i] = classes.get(i).equals(labels.get(i));
            }
            return hits;
        }
    }

    static Predicted predict(ModelSession session, List<ReplaySample> samples) {
        return predict(session, samples.size(), i -> samples.get(i).row());
    }

    /**
     * Predicts rows that are made when they are needed, at most {@value #RUN_BYTES} bytes of them at once. How many depends only on the
     * size of a row, because the last bits of a score may depend on the number of rows, and a rebuild must find the same.
     */
    static Predicted predict(ModelSession session, int count, IntFunction<FloatTensor> row) {
        int size = rowsOfRun(session);
        List<Integer> classes = new ArrayList<>(count);
        List<Integer> notFinite = new ArrayList<>();
        List<FloatTensor> scores = new ArrayList<>(count);
        for (int from = 0; from < count; from += size) {
            List<FloatTensor> rows = IntStream.range(from, Math.min(count, from + size))
                    .mapToObj(row)
                    .toList();
            Predicted part = predict(session, FloatTensor.stack(rows));
            classes.addAll(part.classes());
            for (int each : part.notFinite()) {
                notFinite.add(from + each);
            }
            scores.addAll(part.scores());
        }
        return new Predicted(classes, notFinite, scores);
    }

    /** The raw output {@code [samples, classes] float32}, from the same runs as {@link #predict}. */
    static FloatTensor output(ModelSession session, List<ReplaySample> samples) {
        int classes = session.card().classes().count();
        int size = rowsOfRun(session);
        float[] all = new float[Math.multiplyExact(samples.size(), classes)];
        for (int from = 0; from < samples.size(); from += size) {
            List<FloatTensor> rows = samples.subList(from, Math.min(samples.size(), from + size)).stream()
                    .map(ReplaySample::row)
                    .toList();
            float[] part = session.run(FloatTensor.stack(rows)).values();
            System.arraycopy(part, 0, all, from * classes, part.length);
        }
        return FloatTensor.wrap(Shape.of(samples.size(), classes), all);
    }

    private static int rowsOfRun(ModelSession session) {
        long rowBytes = Float.BYTES * session.card().input().row().elements();
        return (int) Math.max(1, RUN_BYTES / rowBytes);
    }

    static Predicted predict(ModelSession session, FloatTensor rows) {
        FloatTensor scores = session.run(rows);
        int rowLength = Math.toIntExact(scores.shape().tail().elements());
        List<Integer> classes = new ArrayList<>();
        List<Integer> notFinite = new ArrayList<>();
        List<FloatTensor> each = new ArrayList<>();
        for (int i = 0; i < rows.shape().extent(0); i++) {
            each.add(scores.row(i));
            classes.add(Scores.best(scores, i));
            for (int j = i * rowLength; j < (i + 1) * rowLength; j++) {
                if (!Float.isFinite(scores.values()[j])) {
                    notFinite.add(i);
                    break;
                }
            }
        }
        return new Predicted(classes, notFinite, each);
    }

    static int count(boolean[] hits) {
        int count = 0;
        for (boolean hit : hits) {
            count += hit ? 1 : 0;
        }
        return count;
    }

    @Override
    public void close() {
        if (untrained != null) {
            untrained.close();
        }
        prefixes.close();
        source.close();
        samples.close();
        awake.close();
    }
}
