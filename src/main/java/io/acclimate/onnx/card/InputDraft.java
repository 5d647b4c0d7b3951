package io.acclimate.onnx.card;

import io.acclimate.core.Bytes;
import io.acclimate.core.InputSpec;
import io.acclimate.core.InputSpec.Colour;
import io.acclimate.core.InputSpec.Layout;
import io.acclimate.core.InputSpec.Resize;
import io.acclimate.core.ModelInput;
import io.acclimate.core.ModelInput.Content;
import io.acclimate.core.ModelInput.TensorInput;
import io.acclimate.core.ModelInput.TextInput;
import io.acclimate.core.ModelInput.TextInput.Column;
import io.acclimate.core.ModelInput.TokenizerFile;
import io.acclimate.core.Shape;
import java.util.List;
import java.util.Optional;

/** What a card says of a record. Each kind of content has keys of its own, and each key may be missing. */
sealed interface InputDraft permits InputDraft.Picture, InputDraft.Numbers, InputDraft.Text {

    Content content();

    /** The extents of one row without the batch, as the card gives them. */
    Optional<List<Integer>> shape();

    /** The input, once each key has its value. */
    ModelInput complete();

    /** What a complete card says of its input. */
    static InputDraft of(ModelInput input) {
        if (input instanceof InputSpec picture) {
            return new Picture(
                    Optional.of(picture.row().extents()),
                    Optional.of(picture.layout()),
                    Optional.of(picture.colour()),
                    Optional.of(picture.resize()),
                    Optional.of(picture.mean()),
                    Optional.of(picture.std()));
        }
        return input instanceof TextInput text
                ? new Text(
                        Optional.of(List.of(text.tokens())), Optional.of(text.columns()), Optional.of(text.tokenizer()))
                : new Numbers(Optional.of(input.row().extents()));
    }

    /**
     * The pixels of a picture.
     *
     * @param shape in the order of the layout
     */
    record Picture(
            Optional<List<Integer>> shape,
            Optional<Layout> layout,
            Optional<Colour> colour,
            Optional<Resize> resize,
            Optional<List<Float>> mean,
            Optional<List<Float>> std)
            implements InputDraft {

        static final Picture EMPTY = new Picture(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());

        public Picture {
            shape = shape.map(List::copyOf);
            mean = mean.map(List::copyOf);
            std = std.map(List::copyOf);
        }

        @Override
        public Content content() {
            return Content.IMAGE;
        }

        @Override
        public InputSpec complete() {
            List<Integer> extents = shape.orElseThrow();
            Layout order = layout.orElseThrow();
            boolean first = order == Layout.NCHW;
            return new InputSpec(
                    extents.get(first ? 0 : 2),
                    extents.get(first ? 1 : 0),
                    extents.get(first ? 2 : 1),
                    order,
                    colour.orElseThrow(),
                    resize.orElseThrow(),
                    mean.orElseThrow(),
                    std.orElseThrow());
        }
    }

    /** Numbers as their producers computed them. */
    record Numbers(Optional<List<Integer>> shape) implements InputDraft {
        public Numbers {
            shape = shape.map(List::copyOf);
        }

        @Override
        public Content content() {
            return Content.TENSOR;
        }

        @Override
        public TensorInput complete() {
            return new TensorInput(new Shape(shape.orElseThrow()));
        }
    }

    /**
     * The tokens of a text.
     *
     * @param shape one extent, which is the number of tokens
     */
    record Text(Optional<List<Integer>> shape, Optional<List<Column>> columns, Optional<TokenizerFile> tokenizer)
            implements InputDraft {

        static final Text EMPTY = new Text(Optional.empty(), Optional.empty(), Optional.empty());

        public Text {
            shape = shape.map(List::copyOf);
            columns = columns.map(List::copyOf);
        }

        @Override
        public Content content() {
            return Content.TEXT;
        }

        @Override
        public TextInput complete() {
            return new TextInput(shape.orElseThrow().get(0), columns.orElseThrow(), 0, tokenizer.orElseThrow());
        }

        /** The same with the text of the tokenizer that it names. */
        Text withTokenizer(Bytes json) {
            return new Text(shape, columns, tokenizer.map(each -> new TokenizerFile(each.name(), json)));
        }
    }
}
