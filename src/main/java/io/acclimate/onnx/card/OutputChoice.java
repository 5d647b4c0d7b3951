package io.acclimate.onnx.card;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.acclimate.onnx.node.InvalidModelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Finds the output that holds the scores. A name that the card or the command line gives decides. Otherwise the outputs that cannot be
 * scores are left out, and of several that remain one must stand out: by its probabilities, by having as many columns as the file names
 * classes, or by its name. If none does, the model is refused with the list of its outputs.
 */
final class OutputChoice {
    private static final Set<String> NAMES = Set.of(
            "logits",
            "logit",
            "scores",
            "score",
            "probabilities",
            "probability",
            "output_probability",
            "probs",
            "prob",
            "predictions",
            "prediction",
            "softmax",
            "classlabelprobs");

    private static final Set<Integer> FLOATS = Set.of(
            DataType.FLOAT.getNumber(),
            DataType.FLOAT16.getNumber(),
            DataType.DOUBLE.getNumber(),
            DataType.BFLOAT16.getNumber());

    private static final Set<Integer> BYTES = Set.of(DataType.UINT8.getNumber(), DataType.INT8.getNumber());

    private final String file;
    private final GraphProto graph;
    private final OutputTrace trace;
    private final ClassCount counts;

    OutputChoice(String file, GraphProto graph, OutputTrace trace, ClassCount counts) {
        this.file = file;
        this.graph = graph;
        this.trace = trace;
        this.counts = counts;
    }

    /**
     * The output of the scores.
     *
     * @param why it was chosen; empty when the name was given or there is only one output
     */
    record Chosen(String name, Optional<String> why) {}

    Chosen choose(Optional<String> asked, Optional<FileMetadata.Names> classes) throws InvalidModelException {
        List<ValueInfoProto> outputs = graph.getOutputList();
        if (asked.isPresent()) {
            if (outputs.stream().noneMatch(each -> each.getName().equals(asked.get()))) {
                throw new InvalidModelException(
                        file, "the card names output '" + asked.get() + "', the graph has " + described(outputs));
            }
            return new Chosen(asked.get(), Optional.empty());
        }
        if (outputs.size() == 1
                && !isSorted(outputs.get(0))
                && (isNumber(outputs.get(0)) || isMapOfScores(outputs.get(0)))) {
            return new Chosen(outputs.get(0).getName(), Optional.empty());
        }
        List<ValueInfoProto> possible =
                outputs.stream().filter(this::canBeScores).toList();
        return only(possible, each -> true, "no other output can hold scores")
                .or(() ->
                        only(possible, each -> trace.isProbabilities(each.getName()), "it alone ends in probabilities"))
                .or(() -> only(
                        possible,
                        each -> classes.isPresent()
                                && counts.of(each.getName()).orElse(0)
                                        == classes.get().names().size(),
                        "it alone has as many columns as the file names classes"))
                .or(() -> only(
                        possible,
                        each -> NAMES.contains(each.getName().toLowerCase(Locale.ROOT)),
                        "it alone is named like scores"))
                .orElseThrow(() -> new InvalidModelException(
                        file,
                        "it does not say which of its outputs holds the scores: " + described(outputs)
                                + ". Name it by --output or by the key 'output' of its card"));
    }

    private static Optional<Chosen> only(List<ValueInfoProto> all, Predicate<ValueInfoProto> test, String why) {
        List<ValueInfoProto> found = all.stream().filter(test).toList();
        return found.size() == 1 ? Optional.of(new Chosen(found.get(0).getName(), Optional.of(why))) : Optional.empty();
    }

    private boolean canBeScores(ValueInfoProto output) {
        if (isMapOfScores(output)) {
            return true;
        }
        TensorShapeProto shape = output.getType().getTensorType().getShape();
        return isNumber(output)
                && !isSorted(output)
                && (shape.getDimCount() <= 2 || ClassCount.declared(shape).isPresent());
    }

    /** The columns of a TopK are the best scores, whatever classes they belong to. */
    private boolean isSorted(ValueInfoProto output) {
        return trace.maker(output.getName())
                .filter(node -> node.getOpType().equals("TopK"))
                .isPresent();
    }

    /** Whole numbers are scores where the graph says by a QuantizeLinear what they stand for; others are labels. */
    private boolean isNumber(ValueInfoProto output) {
        int type = output.getType().getTensorType().getElemType();
        return output.getType().getValueCase() != TypeProto.ValueCase.SEQUENCE_TYPE
                && (type == 0
                        || FLOATS.contains(type)
                        || (BYTES.contains(type) && trace.isQuantised(output.getName())));
    }

    /** Whether it is scikit-learn's list of dictionaries, which is made of a tensor of scores. */
    private boolean isMapOfScores(ValueInfoProto output) {
        return trace.producer(output.getName())
                .filter(OutputTrace::isMachineLearning)
                .filter(node -> node.getOpType().equals("ZipMap"))
                .isPresent();
    }

    private String described(List<ValueInfoProto> outputs) {
        return outputs.stream().map(this::described).collect(Collectors.joining(", ", "[", "]"));
    }

    private String described(ValueInfoProto output) {
        String name = "'" + output.getName() + "' ";
        String made = trace.maker(output.getName())
                .map(NodeProto::getOpType)
                .map(type -> " by " + type)
                .orElse("");
        if (isMapOfScores(output)) {
            return name + "map of scores" + made;
        }
        List<String> extents = new ArrayList<>();
        output.getType()
                .getTensorType()
                .getShape()
                .getDimList()
                .forEach(dim -> extents.add(
                        dim.getDimValue() > 0
                                ? String.valueOf(dim.getDimValue())
                                : dim.getDimParam().isEmpty() ? "?" : dim.getDimParam()));
        DataType type = DataType.forNumber(output.getType().getTensorType().getElemType());
        return name + (type == null ? "of no tensor type" : type.name().toLowerCase(Locale.ROOT)) + extents + made;
    }
}
