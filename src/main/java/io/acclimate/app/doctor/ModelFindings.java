package io.acclimate.app.doctor;

import io.acclimate.app.memory.MemoryEstimate;
import io.acclimate.app.memory.MemoryLimits;
import io.acclimate.app.memory.MemoryNeed;
import io.acclimate.app.offline.OnnxRuntimePrefix;
import io.acclimate.app.offline.OnnxRuntimeReference;
import io.acclimate.app.options.ModelOptions;
import io.acclimate.app.role.RoleSettings;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.node.InvalidModelException;
import io.acclimate.train.TrainSettings;
import io.acclimate.train.Trainer;
import io.acclimate.train.UntrainableModelException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Findings about the model and its card. It opens the model in ONNX Runtime and in PyTorch, so both native libraries are tried, too. */
final class ModelFindings {
    private ModelFindings() {}

    static List<Finding> of(ModelOptions options) {
        ModelGraph graph;
        try {
            graph = options.graph();
        } catch (IOException | InvalidModelException e) {
            return List.of(
                    Finding.fail(
                            "model",
                            String.valueOf(e.getMessage()),
                            "inspect --model FILE --write-card writes a card to fill in; schemas/card.schema.json lists its keys."));
        }
        List<Finding> all = new ArrayList<>();
        all.add(Finding.ok(
                "model",
                "'" + graph.card().name() + "' has "
                        + graph.card().classes().names().size() + " classes and " + parameters(graph) + " parameters"));
        graph.remarks()
                .forEach(guess -> all.add(
                        Finding.warn("card", "guessed: " + guess, "Set the key in the card if the guess is wrong.")));
        all.add(training(graph));
        all.addAll(memory(graph, MemoryLimits.ofThisProcess()));
        return all;
    }

    /** What the roles need for this model, as their own starts judge it. */
    static List<Finding> memory(ModelGraph graph, MemoryLimits limits) {
        RoleSettings settings = RoleSettings.defaults();
        List<MemoryNeed> needs = new ArrayList<>();
        needs.add(MemoryEstimate.serve(graph, settings.serve()));
        needs.add(MemoryEstimate.minibatch(graph, settings.miniBatch().streams()));
        if (MemoryEstimate.trains(graph, settings.adapt())) {
            needs.add(MemoryEstimate.adapt(graph, settings.adapt()));
        }
        return needs.stream()
                .map(need -> need.refusal(limits)
                        .or(() -> need.warning(limits))
                        .map(text -> Finding.warn("memory", text, "inspect --model FILE lists the needs of each role."))
                        .orElseGet(() -> Finding.ok("memory", need.toString())))
                .toList();
    }

    private static String parameters(ModelGraph graph) {
        long count = graph.weights().values().stream()
                .mapToLong(tensor -> tensor.values().length)
                .sum();
        return String.format(Locale.ROOT, "%,d", count);
    }

    private static Finding training(ModelGraph graph) {
        try (Trainer trainer = Trainer.open(
                graph, WeightDelta.EMPTY, TrainSettings.defaults(), Optional.of(new OnnxRuntimePrefix()))) {
            double difference = trainer.prove(OnnxRuntimeReference.reference(graph, WeightDelta.EMPTY));
            return Finding.ok(
                    "training",
                    String.format(
                            Locale.ROOT,
                            "%d tensors can be trained; the trainable graph differs from ONNX Runtime by %.1e",
                            trainer.trainable().size(),
                            difference));
        } catch (UntrainableModelException | IllegalStateException e) {
            return Finding.warn(
                    "training",
                    "serving works, adaptation does not: " + e.getMessage(),
                    "inspect --model FILE shows what can be trained.");
        } catch (UnsatisfiedLinkError e) {
            return Finding.fail(
                    "libraries",
                    "a native library does not load: " + e.getMessage(),
                    "Use Linux (x86-64, arm64, glibc), macOS (arm64) or Windows (x86-64), and keep target/lib beside the jar.");
        }
    }
}
