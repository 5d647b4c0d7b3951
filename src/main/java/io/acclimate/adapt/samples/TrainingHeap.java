package io.acclimate.adapt.samples;

import io.acclimate.core.FloatTensor;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.train.TrainSettings;
import io.acclimate.train.Trainer;
import java.util.Map;
import java.util.Set;

/**
 * What a worker takes of the heap for a model at its worst moments: while a step is made, while a checkpoint is written, and while one is
 * read. Samples take what is left.
 */
public final class TrainingHeap {
    /** Kafka's clients, the mini-batch in work, and what no other figure has. */
    private static final long BASE = 64L << 20;
    /** For each trained weight: it, its average, its optimiser state, what is active, and the checkpoint of three while it is made. */
    private static final int TRAINED = 7;

    private TrainingHeap() {}

    /** Without samples. */
    public static long of(ModelGraph graph, TrainSettings settings) {
        Map<String, FloatTensor> weights = graph.weights();
        Set<String> trained = Trainer.Part.of(graph, settings).weights();
        return BASE + bytes(weights, weights.keySet()) + TRAINED * bytes(weights, trained);
    }

    /** With as few samples in memory as there can be. */
    public static long least(ModelGraph graph, TrainSettings settings) {
        return of(graph, settings) + SampleMemory.LEAST_BYTES;
    }

    private static long bytes(Map<String, FloatTensor> weights, Set<String> names) {
        return weights.entrySet().stream()
                .filter(each -> names.contains(each.getKey()))
                .mapToLong(each -> (long) Float.BYTES * each.getValue().values().length)
                .sum();
    }
}
