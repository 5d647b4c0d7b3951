package io.acclimate.onnx.card;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.acclimate.core.InputSpec.Colour;
import io.acclimate.core.InputSpec.Layout;
import io.acclimate.core.InputSpec.Resize;
import io.acclimate.core.ModelInput.Content;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Completes what a card says of the input. Layout and size follow from the graph's input; how pixels are scaled follows from its
 * element type and its first operators. The rest are the usual choices: RGB, stretched, ImageNet's mean and std from 128 pixels up
 * and 0.5 below. Each choice is noted.
 */
final class InputGuess {
    private static final List<Float> IMAGENET_MEAN = List.of(0.485f, 0.456f, 0.406f);
    private static final List<Float> IMAGENET_STD = List.of(0.229f, 0.224f, 0.225f);
    private static final int IMAGENET_HEIGHT = 128;
    private static final String OTHER_CONTENT = "; one that takes no images says content TENSOR or TEXT";

    private static final Set<Integer> WHOLE_NUMBERS = Set.of(
            DataType.UINT8.getNumber(),
            DataType.INT8.getNumber(),
            DataType.UINT16.getNumber(),
            DataType.INT16.getNumber(),
            DataType.INT32.getNumber(),
            DataType.INT64.getNumber());

    private final GraphProto graph;
    private final ValueInfoProto input;
    private final CardDraft card;
    private final InputDraft.Picture given;
    private final FileMetadata metadata;
    private final CardFacts facts;
    private final Optional<FirstConvolution> first;

    InputGuess(GraphProto graph, CardDraft card, FileMetadata metadata, CardFacts facts) {
        this.graph = graph;
        this.input = graph.getInput(0);
        this.card = card;
        this.given = card.picture();
        this.metadata = metadata;
        this.facts = facts;
        this.first = FirstConvolution.of(graph, input.getName());
    }

    String name() {
        return card.input().orElse(input.getName());
    }

    /** All that is known of the input; a key that stays empty is noted as missing. */
    InputDraft complete() {
        boolean text = card.row().isEmpty() && TextGuess.looksLikeText(graph);
        return switch (text ? Content.TEXT : card.content()) {
            case IMAGE -> picture();
            case TENSOR -> new InputDraft.Numbers(tensor());
            case TEXT -> text();
        };
    }

    /** The extents that the graph declares, where it leaves none open but the batch. */
    private Optional<List<Integer>> tensor() {
        Optional<List<Integer>> said = card.row().flatMap(InputDraft::shape);
        if (said.isPresent()) {
            return said;
        }
        List<Integer> extents = new ArrayList<>();
        for (int axis = 1; axis < rank(); axis++) {
            extents.add(ClassCount.clamp(extent(axis)));
        }
        if (extents.isEmpty() || extents.stream().anyMatch(each -> each < 1)) {
            facts.missing("shape", "its input '" + name() + "' leaves the extents of a row open");
            return Optional.empty();
        }
        return Optional.of(extents);
    }

    private InputDraft text() {
        if (card.row().isEmpty()) {
            facts.guessed("content", Content.TEXT, "its inputs are named like those of a text model");
        }
        TextGuess guess = new TextGuess(graph, card.text(), facts);
        return new InputDraft.Text(guess.tokens(), guess.columns(), guess.tokenizer());
    }

    private InputDraft picture() {
        Optional<Layout> layout = layout();
        Optional<List<Integer>> shape = layout.flatMap(this::shape);
        if (layout.isEmpty()) {
            undecided();
        }
        Optional<Integer> channels = shape.map(each -> each.get(layout.orElseThrow() == Layout.NCHW ? 0 : 2))
                .or(() -> layout.map(this::channels).filter(InputGuess::isColours));
        Optional<Integer> height = shape.map(each -> each.get(layout.orElseThrow() == Layout.NCHW ? 1 : 0));
        return new InputDraft.Picture(
                shape,
                layout,
                given.colour().or(() -> channels.map(this::colour)),
                given.resize().or(() -> Optional.of(resize())),
                given.mean().or(() -> height.map(each -> mean(channels.orElseThrow(), each))),
                given.std().or(() -> height.map(each -> std(channels.orElseThrow(), each))));
    }

    /** As the graph's input declares them, or as its first convolution takes them; 0 when neither says. */
    private int channels(Layout layout) {
        int declared = ClassCount.clamp(extent(layout == Layout.NCHW ? 1 : 3));
        return declared < 1 ? first.map(FirstConvolution::channels).orElse(0) : declared;
    }

    private long extent(int axis) {
        TensorShapeProto shape = input.getType().getTensorType().getShape();
        return axis < shape.getDimCount() ? shape.getDim(axis).getDimValue() : 0;
    }

    private int rank() {
        return input.getType().getTensorType().getShape().getDimCount();
    }

    private static boolean isColours(long extent) {
        return extent == 1 || extent == 3;
    }

    private Optional<Layout> layout() {
        if (given.layout().isPresent()) {
            return given.layout();
        }
        boolean declared = rank() == 4;
        if (first.isPresent() && (declared || rank() == 0)) {
            return Optional.of(first.get().layout());
        }
        long second =
                declared ? extent(1) : given.shape().map(each -> each.get(0)).orElse(0);
        long last =
                declared ? extent(3) : given.shape().map(each -> each.get(2)).orElse(0);
        if (second == 3 || (second == 1 && last != 3)) {
            if (isColours(last)) {
                facts.guessed(
                        "layout",
                        Layout.NCHW,
                        "both the second and the last extent may be channels, and no convolution tells; the other is NHWC");
            }
            return Optional.of(Layout.NCHW);
        }
        if (isColours(last)) {
            return Optional.of(Layout.NHWC);
        }
        return Optional.empty();
    }

    private void undecided() {
        String name = "its input '" + input.getName() + "'";
        if (given.shape().isEmpty() && rank() != 4 && rank() > 0) {
            facts.missing(
                    "shape",
                    "input '" + input.getName() + "' has " + rank() + " extents, an image model has 4"
                            + (rank() == 2 ? "; a row of it may also be a flat image of the card's shape" : "")
                            + OTHER_CONTENT);
        } else {
            facts.missing("layout", name + " does not say channels, height and width");
            if (given.shape().isEmpty()) {
                facts.missing("shape", name + " does not say channels, height and width");
            }
        }
    }

    private Optional<List<Integer>> shape(Layout layout) {
        if (given.shape().isPresent()) {
            return given.shape();
        }
        boolean channelsFirst = layout == Layout.NCHW;
        int channels = channels(layout);
        int height = ClassCount.clamp(extent(channelsFirst ? 2 : 1));
        int width = ClassCount.clamp(extent(channelsFirst ? 3 : 2));
        Optional<List<Integer>> size = metadata.size();
        if (isColours(channels) && (height < 1 || width < 1) && size.isPresent()) {
            height = size.get().get(0);
            width = size.get().get(1);
        }
        if (!isColours(channels) || height < 1 || width < 1) {
            facts.missing(
                    "shape",
                    rank() == 4 || rank() == 0
                            ? "its input '" + input.getName() + "' " + open(channels, height, width, channelsFirst)
                            : "input '" + input.getName() + "' has " + rank() + " extents, an image model has 4"
                                    + OTHER_CONTENT);
            return Optional.empty();
        }
        return Optional.of(channelsFirst ? List.of(channels, height, width) : List.of(height, width, channels));
    }

    /** What to say of an input of which a part is open. A network takes any size, and only its maker knows which one it was trained at. */
    private static String open(int channels, int height, int width, boolean channelsFirst) {
        if (!isColours(channels)) {
            return "does not say channels, height and width";
        }
        String size = (height < 1 ? "HEIGHT" : height) + ", " + (width < 1 ? "WIDTH" : width);
        return "takes " + channels
                + " channels and leaves open how large a picture is; say the size that it was trained at, as shape: ["
                + (channelsFirst ? channels + ", " + size : size + ", " + channels) + "]";
    }

    private Colour colour(int channels) {
        Colour colour = channels == 1 ? Colour.GREY : Colour.RGB;
        if (colour == Colour.RGB) {
            facts.guessed("colour", colour, "the usual choice, the file does not say; the other is BGR");
        }
        return colour;
    }

    private Resize resize() {
        Resize resize = metadata.isUltralytics() ? Resize.CROP : Resize.STRETCH;
        facts.guessed("resize", resize, "the usual choice, the file does not say; others are CROP and PAD");
        return resize;
    }

    private List<Float> mean(int channels, int height) {
        List<Float> mean = new ArrayList<>(scaling(channels, height, isSigned() ? 128 / 255f : 0f, 0f, IMAGENET_MEAN));
        facts.guessed("mean", mean, why(channels, height));
        return mean;
    }

    private List<Float> std(int channels, int height) {
        List<Float> std = new ArrayList<>(scaling(channels, height, 1 / 255f, 1f, IMAGENET_STD));
        facts.guessed("std", std, why(channels, height));
        return std;
    }

    private List<Float> scaling(int channels, int height, float ofBytes, float ofUnit, List<Float> imageNet) {
        return switch (rescaling()) {
            case FROM_BYTES -> Collections.nCopies(channels, ofBytes);
            case FROM_UNIT -> Collections.nCopies(channels, ofUnit);
            case NONE -> channels == 3 && height >= IMAGENET_HEIGHT ? imageNet : Collections.nCopies(channels, 0.5f);
        };
    }

    private String why(int channels, int height) {
        if (isWhole()) {
            return isSigned()
                    ? "its input takes signed bytes, so it takes -128 to 127"
                    : "its input takes whole numbers, so it takes 0 to 255";
        }
        return switch (rescaling()) {
            case FROM_BYTES -> "its first operators scale pixels, so it takes 0 to 255";
            case FROM_UNIT ->
                metadata.isUltralytics()
                        ? "Ultralytics' classifiers take 0 to 1"
                        : "its first operators normalise pixels, so it takes 0 to 1";
            case NONE ->
                channels == 3 && height >= IMAGENET_HEIGHT
                        ? "ImageNet's, the usual choice from 128 pixels up, the file does not say"
                        : "the usual choice below 128 pixels, the file does not say";
        };
    }

    private boolean isWhole() {
        return WHOLE_NUMBERS.contains(input.getType().getTensorType().getElemType());
    }

    /** 0 to 255 do not fit a signed byte. What quantises to one makes -128 of 0. */
    private boolean isSigned() {
        return input.getType().getTensorType().getElemType() == DataType.INT8.getNumber();
    }

    private Rescaling rescaling() {
        if (isWhole()) {
            return Rescaling.FROM_BYTES;
        }
        return metadata.isUltralytics() ? Rescaling.FROM_UNIT : Rescaling.of(graph, input.getName());
    }
}
