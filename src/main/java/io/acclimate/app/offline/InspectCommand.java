package io.acclimate.app.offline;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.app.memory.MemoryEstimate;
import io.acclimate.app.memory.MemoryNeed;
import io.acclimate.app.options.ModelOptions;
import io.acclimate.core.ClassNames;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.core.ModelInput.TextInput;
import io.acclimate.minibatch.StreamsSettings;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.onnx.node.GraphNode;
import io.acclimate.onnx.node.InvalidModelException;
import io.acclimate.onnx.rewrite.FreshRows;
import io.acclimate.serve.ServeSettings;
import io.acclimate.train.TrainSettings;
import io.acclimate.train.Trainer;
import io.acclimate.train.UntrainableModelException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code inspect}: shows a model, what of it can be trained, and that the trainable graph equals ONNX Runtime. */
@Command(
        name = "inspect",
        description = {
            "Shows a model's input, operators and parameters, and what of it can be trained.",
            "It also proves that the trainable graph equals ONNX Runtime. The exit code is 1 when the model cannot be trained."
        })
public final class InspectCommand implements Callable<Integer> {
    private static final List<String> SETS = List.of("all", "last:2", "head", "norm");

    @Mixin
    ModelOptions model = new ModelOptions();

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Option(
            names = "--write-card",
            description =
                    "Write a card as NAME.yaml beside a model that has none, also if the model cannot be used without one: what is"
                            + " known, what is guessed, and marked gaps to fill in.")
    boolean writeCard;

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        if (writeCard && model.model.isPresent()) {
            writeCard(model.cardFile());
        }
        ModelGraph graph = model.graph();
        Map<String, Object> facts = facts(graph);
        boolean provable = prove(graph, facts);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(new ObjectMapper()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .writeValueAsString(facts));
        } else {
            facts.forEach((key, value) -> print(out, key, value));
        }
        out.flush();
        return provable ? 0 : 1;
    }

    /** A card that exists was written by hand, perhaps, and stays as it is. */
    private void writeCard(Path card) throws IOException, InvalidModelException {
        PrintWriter err = spec.commandLine().getErr();
        if (Files.exists(card)) {
            err.println("the card " + card + " exists and is left as it is");
        } else {
            Files.writeString(card, model.cardTemplate());
            err.println("wrote the card " + card + "; read its lines that are marked GUESS or GAP");
        }
        err.flush();
    }

    private static Map<String, Object> facts(ModelGraph graph) {
        ModelCard card = graph.card();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("name", card.name());
        facts.put("digest", graph.digest().hex());
        facts.put("opset", graph.opset().orElse(0));
        facts.put(
                "input",
                card.inputName() + " "
                        + card.input().row().prepend(0).toString().replaceFirst("0", "batch"));
        if (card.input() instanceof InputSpec pixels) {
            facts.put(
                    "pixels",
                    pixels.colour() + " " + pixels.layout() + ", resize " + pixels.resize() + ", mean " + pixels.mean()
                            + ", std " + pixels.std());
        } else {
            facts.put("content", card.input().content());
        }
        if (card.input() instanceof TextInput text) {
            facts.put(
                    "tokens",
                    text.tokens() + " of a text by " + text.tokenizer().name() + ", columns " + text.columns() + ", "
                            + text.vocabulary() + " embeddings");
        }
        facts.put("output", card.outputName() + ", " + card.outputKind());
        facts.put("classes", card.classes().names());
        facts.put("guessed", graph.remarks());
        facts.put("otherClasses", otherClasses(graph));
        facts.put("provenance", card.provenance());
        Map<String, Integer> operators = new TreeMap<>();
        for (GraphNode node : graph.nodes()) {
            operators.merge(node.type(), 1, Integer::sum);
        }
        facts.put("operators", operators);
        Map<String, String> parameters = new LinkedHashMap<>();
        graph.weights()
                .forEach((name, tensor) -> parameters.put(name, tensor.shape().toString()));
        facts.put("parameters", parameters);
        facts.put(
                "parameterCount",
                graph.weights().values().stream()
                        .mapToLong(each -> each.values().length)
                        .sum());
        facts.put("memory", memory(graph));
        return facts;
    }

    /** What the roles need for it, with two processors and everything else as by default. */
    private static Map<String, Object> memory(ModelGraph graph) {
        AdaptSettings adapt = AdaptSettings.defaults();
        Map<String, Object> needs = new LinkedHashMap<>();
        needs.put("serve", sizes(MemoryEstimate.serve(graph, ServeSettings.forProcessors(2))));
        needs.put("minibatch", sizes(MemoryEstimate.minibatch(graph, StreamsSettings.defaults())));
        for (String set : List.of("head", "all")) {
            AdaptSettings settings = adapt.withTrain(adapt.train().withTrainable(set));
            needs.put("adapt --trainable " + set, sizes(MemoryEstimate.adapt(graph, settings)));
        }
        MemoryNeed up = MemoryEstimate.up(
                graph, ServeSettings.forProcessors(2), StreamsSettings.defaults(), adapt, Optional.empty());
        needs.put(up.role(), sizes(up));
        return needs;
    }

    private static Map<String, Long> sizes(MemoryNeed need) {
        Map<String, Long> sizes = new LinkedHashMap<>();
        sizes.put("heapMiB", need.heapBytes() >> 20);
        sizes.put("otherMiB", need.nativeBytes() >> 20);
        return sizes;
    }

    /** Adds what each specification would train and the parity of the largest one that opens. Returns false when none opens. */
    private static boolean prove(ModelGraph graph, Map<String, Object> facts) {
        Map<String, Object> trainable = new LinkedHashMap<>();
        boolean proven = false;
        for (String set : SETS) {
            TrainSettings settings = TrainSettings.defaults().withTrainable(set);
            try (Trainer trainer =
                    Trainer.open(graph, WeightDelta.EMPTY, settings, Optional.of(new OnnxRuntimePrefix()))) {
                trainable.put(set, trainer.trainable());
                if (!proven) {
                    facts.put("parity", trainer.prove(OnnxRuntimeReference.reference(graph, WeightDelta.EMPTY)));
                    facts.put("scale", scale(trainer.outputs(trainer.probe())));
                    proven = true;
                }
            } catch (UntrainableModelException | IllegalStateException e) {
                trainable.put(set, List.of());
                if (set.equals("all")) {
                    facts.put("untrainable", String.valueOf(e.getMessage()));
                }
            }
        }
        facts.put("trainable", trainable);
        return proven;
    }

    /** Says whether the head can be replaced, by trying it with one class more, or why it cannot. */
    private static String otherClasses(ModelGraph graph) {
        List<String> more = new ArrayList<>(graph.card().classes().names());
        more.add(graph.card().name() + " " + more.size());
        try {
            ModelGraph wider = graph.withClasses(new ClassNames(more), new FreshRows.MeanOfKept());
            return "yes: a new head changes " + changed(graph, wider);
        } catch (InvalidModelException e) {
            return "no: " + e.getMessage();
        }
    }

    private static List<String> changed(ModelGraph graph, ModelGraph wider) {
        SortedMap<String, FloatTensor> changed = new TreeMap<>(wider.weights());
        changed.entrySet().removeAll(graph.weights().entrySet());
        return List.copyOf(changed.keySet());
    }

    private static double scale(FloatTensor outputs) {
        double scale = 0;
        for (float value : outputs.values()) {
            scale = Math.max(scale, Math.abs(value));
        }
        return scale;
    }

    private static void print(PrintWriter out, String key, Object value) {
        if (value instanceof Map<?, ?> map) {
            out.println(key + ":");
            map.forEach((name, each) -> out.println("  " + name + ": " + each));
        } else {
            out.println(key + ": " + value);
        }
    }
}
