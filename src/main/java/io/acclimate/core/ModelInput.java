package io.acclimate.core;

import java.util.Collections;
import java.util.List;

/**
 * What a model takes for one record: a picture, numbers or a text. Each becomes one row of float32 values, so that everything between
 * the decoder and the model is the same for all of them.
 */
public sealed interface ModelInput permits InputSpec, ModelInput.TensorInput, ModelInput.TextInput {

    /** What the value of a record is. The names are those of the card. */
    enum Content {
        IMAGE,
        TENSOR,
        TEXT
    }

    /** The shape of one row, without the batch. */
    Shape row();

    Content content();

    /**
     * The pixels that the model takes.
     *
     * @throws IllegalArgumentException when it takes something else
     */
    default InputSpec picture() {
        throw new IllegalArgumentException(
                "this needs a model of pictures, and the content that the model's card names is " + content());
    }

    /**
     * One row on its way into a model. A picture's row is a quarter of its size while it waits, because its values are made where they
     * are read. Immutable.
     */
    interface Row {
        /** The shape of the row, without the batch. */
        Shape shape();

        /**
         * The values in row-major order.
         *
         * @param room where they may be made, as long as the row at least
         * @return the array that has them from its beginning, {@code room} or one that must not be written to; it may be longer than the
         *     row
         */
        float[] values(float[] room);
    }

    /** The input of a model that takes numbers as its producers computed them: {@code application/x-tensor-f32} of this row. */
    record TensorInput(Shape row) implements ModelInput {
        public TensorInput {
            if (row.rank() == 0 || row.extents().contains(0)) {
                throw new IllegalArgumentException("a row needs extents that are positive, got " + row);
            }
            if (row.elements() > InputSpec.MAX_VALUES) {
                throw new IllegalArgumentException(
                        "a row holds at most " + InputSpec.MAX_VALUES + " values, got " + row);
            }
        }

        @Override
        public Content content() {
            return Content.TENSOR;
        }
    }

    /**
     * The input of a model that takes text. A tokenizer makes numbers of a text, and one row is {@code [columns, tokens] float32} of whole
     * numbers, which float32 holds exactly up to 16,777,216. Longer texts are cut, shorter ones are filled up.
     *
     * @param tokens how many tokens of a text the model sees
     * @param columns what the model takes of each token, in the order of its inputs
     * @param vocabulary how many tokens the model has embeddings for; 0 if its graph does not tell
     */
    record TextInput(int tokens, List<Column> columns, int vocabulary, TokenizerFile tokenizer) implements ModelInput {

        private static final int MOST_TOKENS = 8192;
        private static final int LARGEST_EXACT = 1 << 24;

        /** One of the numbers of a token. */
        public enum Column {
            /** Which token it is. */
            IDS,
            /** 1 for a token of the text and 0 for what fills the row up. */
            MASK,
            /** Which of two texts it belongs to. A record has one, so it is 0. */
            SEGMENTS
        }

        public TextInput {
            columns = List.copyOf(columns);
            Setting.inRange("the tokens of a text", tokens, 1, MOST_TOKENS);
            Setting.inRange("the vocabulary of a text model", vocabulary, 0, LARGEST_EXACT);
            if (Collections.frequency(columns, Column.IDS) != 1
                    || columns.stream().distinct().count() != columns.size()) {
                throw new IllegalArgumentException("columns need IDS once and nothing twice, got " + columns);
            }
        }

        @Override
        public Shape row() {
            return Shape.of(columns.size(), tokens);
        }

        @Override
        public Content content() {
            return Content.TEXT;
        }

        public TextInput withVocabulary(int size) {
            return new TextInput(tokens, columns, size, tokenizer);
        }
    }

    /**
     * A tokenizer in the format {@code tokenizer.json} of Hugging Face.
     *
     * @param name of the file beside the model's card
     */
    record TokenizerFile(String name, Bytes json) {
        public TokenizerFile {
            if (name.isBlank()) {
                throw new IllegalArgumentException("the file of a tokenizer needs a name");
            }
        }
    }
}
