package io.acclimate.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.acclimate.core.ClassNames;
import io.acclimate.core.Digest;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.ModelInput.TextInput;
import io.acclimate.onnx.card.CardCheck;
import io.acclimate.onnx.card.CardDraft;
import io.acclimate.onnx.card.CardYaml;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.onnx.node.Attributes;
import io.acclimate.onnx.node.ConstantTensor;
import io.acclimate.onnx.node.GraphNode;
import io.acclimate.onnx.node.InvalidModelException;
import io.acclimate.onnx.node.Tensors;
import io.acclimate.onnx.rewrite.ClassifierForm;
import io.acclimate.onnx.rewrite.FixedBatch;
import io.acclimate.onnx.rewrite.FreshRows;
import io.acclimate.onnx.rewrite.PrefixCut;
import io.acclimate.onnx.rewrite.Relabelling;
import io.acclimate.onnx.rewrite.Skeleton;
import io.acclimate.onnx.rewrite.TextForm;
import io.acclimate.onnx.rewrite.UntrainedRows;
import io.acclimate.onnx.shape.OperatorFacts;
import io.acclimate.onnx.shape.StandardOperators;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A normalised ONNX classifier with its card. Weights are its float initializers of rank 1 and more, except those that an
 * operator reads as a setting (bounds, scales, pads): these stay in the skeleton, because ONNX Runtime infers shapes from them.
 */
public final class ModelGraph {
    private final String file;
    /** Without the values of its weights. */
    private final ModelProto model;

    private final ModelCard card;
    private final SortedMap<String, FloatTensor> weights;
    private final Digest digest;
    /** The graph that this one was made from by giving it another head. */
    private final Optional<ModelGraph> origin;
    /** What was guessed about it, for a person to read. */
    private final List<String> remarks;

    private ModelGraph(
            String file,
            ModelProto model,
            ModelCard card,
            SortedMap<String, FloatTensor> weights,
            List<String> remarks) {
        this(file, model, card, weights, Digest.ofWritten(model::writeTo), Optional.empty(), remarks);
    }

    private ModelGraph(
            String file,
            ModelProto model,
            ModelCard card,
            SortedMap<String, FloatTensor> weights,
            Digest digest,
            Optional<ModelGraph> origin,
            List<String> remarks) {
        this.file = file;
        this.model = Skeleton.emptied(model, weights.keySet());
        this.card = card;
        this.weights = Collections.unmodifiableSortedMap(weights);
        this.digest = digest;
        this.origin = origin;
        this.remarks = List.copyOf(remarks);
    }

    /** Reads {@code NAME.onnx}; its card is {@code NAME.yaml} beside it, or guessed where that is missing. */
    public static ModelGraph read(Path file) throws InvalidModelException {
        return read(file, ModelCard.beside(file));
    }

    /** Reads an ONNX file with its {@code card}, which is guessed where that file is missing. */
    public static ModelGraph read(Path file, Path card) throws InvalidModelException {
        return read(file, card, Optional.empty());
    }

    /** Reads an ONNX file with its {@code card}. Keys that it leaves open are guessed. An {@code output} replaces the card's. */
    public static ModelGraph read(Path file, Path card, Optional<String> output) throws InvalidModelException {
        return load(file.toString(), bytes(file), draft(card, output), folder(file));
    }

    /**
     * A card for the file to fill in, also if the file cannot be used without one: what is known, what is guessed and why, and
     * what must be said. What the {@code card} says already is kept.
     */
    public static String cardTemplate(Path file, Path card, Optional<String> output) throws InvalidModelException {
        return ParsedModel.of(file.toString(), bytes(file), draft(card, output), folder(file))
                .guess()
                .template();
    }

    private static byte[] bytes(Path file) throws InvalidModelException {
        // Files.readAllBytes reads into direct memory of the file's size, which stays with the thread for as long as it
        // lives.
        try (InputStream in = new FileInputStream(file.toFile())) {
            return in.readAllBytes();
        } catch (IOException | OutOfMemoryError e) {
            throw new InvalidModelException(file.toString(), "cannot be read: " + e, e);
        }
    }

    private static Optional<Path> folder(Path file) {
        return Optional.of(
                Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/")));
    }

    private static Optional<CardDraft> draft(Path card, Optional<String> output) throws InvalidModelException {
        Optional<CardDraft> read = Files.exists(card) ? Optional.of(CardYaml.draft(card)) : Optional.empty();
        return output.isEmpty()
                ? read
                : Optional.of(read.orElse(CardDraft.EMPTY).withOutput(output.get()));
    }

    public static ModelGraph of(byte[] onnx, ModelCard card) throws InvalidModelException {
        return load(card.name(), onnx, Optional.of(CardDraft.of(card)), Optional.empty());
    }

    private static ModelGraph load(String file, byte[] onnx, Optional<CardDraft> given, Optional<Path> folder)
            throws InvalidModelException {
        ParsedModel parsed = ParsedModel.of(file, onnx, given, folder);
        try {
            ModelCard card = parsed.guess().card();
            CardCheck.names(file, card, parsed.model().getGraph());
            ModelProto model = ClassifierForm.of(
                    TextForm.of(parsed.model(), card), card, parsed.guess().columns());
            GraphProto graph = model.getGraph();
            CardCheck.check(file, card, graph);
            return new ModelGraph(
                    file, model, card, weights(graph), parsed.guess().remarks());
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new InvalidModelException(file, String.valueOf(e.getMessage()), e);
        } catch (OutOfMemoryError e) {
            throw ParsedModel.tooLarge(file, e);
        }
    }

    private static SortedMap<String, FloatTensor> weights(GraphProto graph) {
        Set<String> settings = new HashSet<>();
        for (NodeProto node : graph.getNodeList()) {
            OperatorFacts facts = StandardOperators.facts(node.getOpType());
            for (int i = 0; i < node.getInputCount(); i++) {
                if (facts.isSetting(i)) {
                    settings.add(node.getInput(i));
                }
            }
        }
        TreeMap<String, FloatTensor> weights = new TreeMap<>();
        for (TensorProto tensor : graph.getInitializerList()) {
            if (Tensors.isFloat(tensor) && tensor.getDimsCount() > 0 && !settings.contains(tensor.getName())) {
                weights.put(tensor.getName(), Tensors.toFloats(tensor));
            }
        }
        return weights;
    }

    /** What messages call it: its file where it came from one, otherwise the card's name. */
    public String file() {
        return file;
    }

    public ModelCard card() {
        return card;
    }

    /** What was guessed about the model because neither its file nor its card says it, one line for each key of the card. */
    public List<String> remarks() {
        return remarks;
    }

    /** The digest of the normalised model with its weights: equal digests mean equal graphs and equal weights. */
    public Digest digest() {
        return digest;
    }

    /** The base weights by initializer name, in name order. */
    public SortedMap<String, FloatTensor> weights() {
        return weights;
    }

    /** The initializers that are no weights and that operators may read: shapes, axes, bounds. */
    public Map<String, ConstantTensor> constants() {
        Map<String, ConstantTensor> constants = new HashMap<>();
        for (TensorProto tensor : model.getGraph().getInitializerList()) {
            if (!weights.containsKey(tensor.getName())) {
                Tensors.toConstant(tensor).ifPresent(constant -> constants.put(tensor.getName(), constant));
            }
        }
        return constants;
    }

    /** The nodes in execution order. */
    public List<GraphNode> nodes() {
        Map<String, Integer> opsets = new HashMap<>();
        for (OperatorSetIdProto each : model.getOpsetImportList()) {
            opsets.put(each.getDomain().equals("ai.onnx") ? "" : each.getDomain(), (int) each.getVersion());
        }
        List<GraphNode> nodes = new ArrayList<>();
        for (NodeProto node : model.getGraph().getNodeList()) {
            String name = node.getName().isEmpty() ? node.getOpType() + "_" + nodes.size() : node.getName();
            String domain = node.getDomain().equals("ai.onnx") ? "" : node.getDomain();
            nodes.add(new GraphNode(
                    node.getOpType(),
                    domain,
                    opsets.getOrDefault(domain, 1),
                    name,
                    node.getInputList(),
                    node.getOutputList(),
                    new Attributes(node.getAttributeList())));
        }
        return nodes;
    }

    /** The rows that each run of the model takes, where it could not be made to take any; else 0. */
    public int fixedRows() {
        return Math.toIntExact(FixedBatch.rows(model.getGraph().getInputList()));
    }

    public OptionalInt opset() {
        return model.getOpsetImportList().stream()
                .filter(each -> each.getDomain().isEmpty() || each.getDomain().equals("ai.onnx"))
                .mapToInt(each -> (int) each.getVersion())
                .findFirst();
    }

    /** What a row takes while the model runs. */
    public RowMemory rowMemory() {
        return RowMemory.of(model.getGraph(), card, opset().orElse(1));
    }

    /** The ONNX model whose weights are references to external data, to be handed over in memory or in files. */
    public byte[] skeleton() {
        return Skeleton.of(model, weights.keySet());
    }

    /**
     * The part of the graph that none of the weights {@code changing} reaches, as far as it can be cut off at one value with the
     * values {@code needed} computed after it or at it. It is empty when a changing weight is at the input, and for a model that
     * fixes its batch: its runs are not those of the batches it is trained on.
     */
    public Optional<PrefixGraph> prefix(Set<String> changing, Set<String> needed) {
        return prefix(changing, needed, WeightDelta.EMPTY);
    }

    /** The same with the delta's tensors in place of the base's. Nothing is copied, as it would be {@link #with} them. */
    public Optional<PrefixGraph> prefix(Set<String> changing, Set<String> needed, WeightDelta delta) {
        check(delta);
        if (fixedRows() > 0) {
            return Optional.empty();
        }
        TreeMap<String, FloatTensor> merged = new TreeMap<>(weights);
        merged.putAll(delta.tensors());
        return new PrefixCut(model.getGraph(), card.inputName(), card.outputName(), needed)
                .last(model.getGraph(), changing)
                .map(frontier -> PrefixGraph.upTo(frontier, model, card, merged));
    }

    /** A plain ONNX model, with the delta's tensors in place of the base's. */
    public byte[] export(WeightDelta delta) {
        return patched(delta).toByteArray();
    }

    /** The same graph with the delta as its base weights. */
    public ModelGraph with(WeightDelta delta) {
        TreeMap<String, FloatTensor> merged = new TreeMap<>(weights);
        merged.putAll(delta.tensors());
        return new ModelGraph(file, patched(delta), card, merged, remarks);
    }

    /**
     * The model for another label set: a head of its width, the rows of classes that both have kept by name, the others
     * {@code fresh}. Its card names the classes. The same model for the classes it has.
     *
     * @throws InvalidModelException when the last linear layer is not found or what follows it tells classes apart
     */
    public ModelGraph withClasses(ClassNames classes, FreshRows fresh) throws InvalidModelException {
        if (classes.equals(card.classes())) {
            return this;
        }
        try {
            ModelProto relabelled = new Relabelling(Skeleton.filled(model, weights), card, classes).apply(fresh);
            ModelCard renamed = card.withClasses(classes);
            CardCheck.check(card.name(), renamed, relabelled.getGraph());
            return new ModelGraph(
                    file,
                    relabelled,
                    renamed,
                    weights(relabelled.getGraph()),
                    Digest.ofWritten(relabelled::writeTo),
                    Optional.of(this),
                    remarks);
        } catch (IllegalArgumentException e) {
            throw new InvalidModelException(card.name(), "cannot take another label set: " + e.getMessage(), e);
        }
    }

    /**
     * What a version was made from, under the version's own class names: this graph, or the source model with a head for them.
     * So whoever has the source model can use the versions of a worker that learns new classes without being told of them.
     *
     * @param base the version's
     * @param names the version's; empty when it was recorded without them
     * @throws InvalidModelException when the version was made from another model
     */
    public ModelGraph basedOn(Digest base, List<String> names) throws InvalidModelException {
        ClassNames classes = names.isEmpty() ? card.classes() : new ClassNames(names);
        if (base.equals(digest) && classes.count() == card.classes().count()) {
            return new ModelGraph(file, model, card.withClasses(classes), weights, digest, origin, remarks);
        }
        if (origin.isPresent()) {
            return origin.get().basedOn(base, names);
        }
        ModelGraph made = withClasses(classes, new FreshRows.MeanOfKept());
        if (!made.digest.equals(base)) {
            throw new InvalidModelException(
                    card.name(),
                    "the version was made from the base model " + base + " with " + classes + ", this is "
                            + made.digest);
        }
        return made;
    }

    /** The rows of the last layer that nobody has trained yet. */
    public UntrainedRows untrainedRows() {
        return UntrainedRows.of(model, card, origin.map(known -> known.card.classes()), weights);
    }

    private void check(WeightDelta delta) {
        delta.tensors().forEach((name, tensor) -> {
            FloatTensor base = weights.get(name);
            if (base == null || !base.shape().equals(tensor.shape())) {
                throw new IllegalArgumentException("model '" + card.name() + "' has no weight '" + name + "' of shape "
                        + tensor.shape() + (base == null ? "" : ", its shape is " + base.shape()));
            }
        });
    }

    private ModelProto patched(WeightDelta delta) {
        check(delta);
        ModelProto.Builder patched = model.toBuilder();
        GraphProto.Builder graph = patched.getGraphBuilder();
        for (int i = 0; i < graph.getInitializerCount(); i++) {
            String name = graph.getInitializer(i).getName();
            FloatTensor changed = delta.tensors().get(name);
            if (changed != null) {
                graph.setInitializer(i, Tensors.toProto(name, changed));
            }
        }
        SortedMap<String, FloatTensor> unchanged = new TreeMap<>(weights);
        unchanged.keySet().removeAll(delta.tensors().keySet());
        return Skeleton.filled(patched.build(), unchanged);
    }

    /** Writes {@code NAME.onnx} with the delta, and beside it its card and the tokenizer that the card names. */
    public void write(Path file, WeightDelta delta) throws IOException {
        write(file, delta, Lineage.NONE);
    }

    /** Writes these files, and to both the model and its card where the weights come from. */
    public void write(Path file, WeightDelta delta, Lineage lineage) throws IOException {
        Files.write(file, lineage.addTo(patched(delta)).toByteArray());
        Files.writeString(ModelCard.beside(file), CardYaml.write(lineage.addTo(card)));
        if (card.input() instanceof TextInput text) {
            Files.write(
                    file.resolveSibling(text.tokenizer().name()),
                    text.tokenizer().json().array());
        }
    }
}
