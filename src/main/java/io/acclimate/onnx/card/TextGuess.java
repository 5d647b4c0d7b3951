package io.acclimate.onnx.card;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.acclimate.core.ModelInput.TextInput.Column;
import io.acclimate.core.ModelInput.TokenizerFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Completes what a card says of a text. What each input takes is told by its name, as exports of Hugging Face's models have it; the
 * tokenizer must be named, since no graph contains it.
 */
public final class TextGuess {
    private static final int USUAL_TOKENS = 128;
    private static final Set<String> CARRYING =
            Set.of("Cast", "Identity", "Round", "Gather", "Slice", "Split", "Squeeze", "Unsqueeze", "Reshape", "Clip");

    private final GraphProto graph;
    private final InputDraft.Text given;
    private final CardFacts facts;

    TextGuess(GraphProto graph, InputDraft.Text given, CardFacts facts) {
        this.graph = graph;
        this.given = given;
        this.facts = facts;
    }

    /** Whether the first input is one of whole numbers for each token. */
    static boolean looksLikeText(GraphProto graph) {
        ValueInfoProto first = graph.getInput(0);
        int type = first.getType().getTensorType().getElemType();
        return (type == DataType.INT64.getNumber() || type == DataType.INT32.getNumber())
                && first.getName().toLowerCase(Locale.ROOT).contains("input_ids");
    }

    Optional<List<Integer>> tokens() {
        if (given.shape().isPresent()) {
            return given.shape();
        }
        var shape = graph.getInput(0).getType().getTensorType().getShape();
        int last = shape.getDimCount() - 1;
        int declared = last < 1 ? 0 : ClassCount.clamp(shape.getDim(last).getDimValue());
        if (declared < 1) {
            facts.guessed("shape", List.of(USUAL_TOKENS), "its inputs take any number of tokens");
        }
        return Optional.of(List.of(declared < 1 ? USUAL_TOKENS : declared));
    }

    Optional<List<Column>> columns() {
        if (given.columns().isPresent()) {
            return given.columns();
        }
        List<Column> columns = new ArrayList<>();
        for (ValueInfoProto each : graph.getInputList()) {
            String name = each.getName().toLowerCase(Locale.ROOT);
            columns.add(
                    name.contains("mask")
                            ? Column.MASK
                            : name.contains("type") || name.contains("segment") ? Column.SEGMENTS : Column.IDS);
        }
        boolean known = columns.stream().distinct().count() == columns.size() && columns.contains(Column.IDS);
        if (!known) {
            facts.missing(
                    "columns",
                    "its inputs "
                            + graph.getInputList().stream()
                                    .map(ValueInfoProto::getName)
                                    .toList()
                            + " do not tell which takes token ids, an attention mask, and segments");
        }
        return known ? Optional.of(columns) : Optional.empty();
    }

    Optional<TokenizerFile> tokenizer() {
        if (given.tokenizer().isEmpty()) {
            facts.missing("tokenizer", "the file tokenizer.json that belongs to the model is not named");
        }
        return given.tokenizer();
    }

    /** How many tokens the model has embeddings for: the rows of the largest table that is read by an input's values. 0 if none is. */
    public static int vocabulary(GraphProto graph) {
        Map<String, TensorProto> tables = new HashMap<>();
        graph.getInitializerList().stream()
                .filter(tensor -> tensor.getDimsCount() == 2)
                .forEach(tensor -> tables.put(tensor.getName(), tensor));
        Set<String> whole = new HashSet<>();
        graph.getInputList().forEach(input -> whole.add(input.getName()));
        long largest = 0;
        for (NodeProto node : graph.getNodeList()) {
            if (node.getOpType().equals("Gather")
                    && tables.containsKey(node.getInput(0))
                    && whole.contains(node.getInput(1))) {
                largest = Math.max(largest, tables.get(node.getInput(0)).getDims(0));
            } else if (CARRYING.contains(node.getOpType())
                    && node.getInputCount() > 0
                    && whole.contains(node.getInput(0))) {
                whole.addAll(node.getOutputList());
            }
        }
        return ClassCount.clamp(largest);
    }
}
