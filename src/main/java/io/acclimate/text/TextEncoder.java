package io.acclimate.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.acclimate.core.Bytes;
import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.ModelInput.TextInput;
import io.acclimate.core.Outcome;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Makes a model's row of a text, with the tokenizer that its card names. The first tokens are taken of a longer text, and a shorter one
 * is filled up with zeros or with what the tokenizer fills up with. Any thread may call it at once with others: a tokenizer that was
 * read does not change. It lives as long as its process, since the library frees it with the last reference.
 */
public final class TextEncoder {
    /** Far more than any model sees; the tokenizer reads all of a text before it is cut. */
    static final int MAX_BYTES = 1 << 20;

    private final TextInput input;
    private final HuggingFaceTokenizer tokenizer;

    private TextEncoder(TextInput input, HuggingFaceTokenizer tokenizer) {
        this.input = input;
        this.tokenizer = tokenizer;
    }

    /**
     * Reads the tokenizer.
     *
     * @throws IllegalArgumentException when it cannot be read; the message says why
     */
    public static TextEncoder open(TextInput input) {
        String name = "tokenizer '" + input.tokenizer().name() + "'";
        Map<String, String> options = Map.of(
                "truncation",
                "true",
                "padding",
                "max_length",
                "maxLength",
                String.valueOf(input.tokens()),
                "modelMaxLength",
                String.valueOf(input.tokens()));
        try {
            return new TextEncoder(
                    input,
                    HuggingFaceTokenizer.newInstance(
                            new ByteArrayInputStream(input.tokenizer().json().array()), options));
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException(name + " cannot be read: " + e.getMessage(), e);
        } catch (LinkageError e) {
            throw new IllegalArgumentException(
                    name + " needs a native library that does not load on this machine: " + e.getMessage(), e);
        }
    }

    public TextInput input() {
        return input;
    }

    /** The row of a text, or why the model cannot take it. */
    public Outcome<FloatTensor> row(Bytes utf8) {
        if (utf8.size() > MAX_BYTES) {
            return Outcome.refused(
                    DeadLetterReason.IMAGE_TOO_LARGE,
                    "the text has " + utf8.size() + " bytes, at most " + MAX_BYTES + " are taken");
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(utf8.array()))
                    .toString();
        } catch (CharacterCodingException e) {
            return Outcome.refused(
                    DeadLetterReason.UNDECODABLE_IMAGE,
                    "the model takes text, and the bytes are no text in UTF-8: " + e.getMessage());
        }
        return text.isBlank()
                ? Outcome.refused(DeadLetterReason.EMPTY_VALUE, "the text has no words")
                : row(tokenizer.encode(text));
    }

    private Outcome<FloatTensor> row(Encoding encoding) {
        long[] ids = encoding.getIds();
        long[] mask = encoding.getAttentionMask();
        long[] segments = encoding.getTypeIds();
        int tokens = input.tokens();
        float[] row = new float[input.columns().size() * tokens];
        int known = 0;
        for (int i = 0; i < Math.min(tokens, ids.length); i++) {
            known += (int) mask[i];
            if (input.vocabulary() > 0 && ids[i] >= input.vocabulary()) {
                return Outcome.refused(
                        DeadLetterReason.UNDECODABLE_IMAGE,
                        "the tokenizer '" + input.tokenizer().name() + "' gives the token " + ids[i]
                                + ", and the model has embeddings for " + input.vocabulary()
                                + ": it is not the model's tokenizer");
            }
            for (int c = 0; c < input.columns().size(); c++) {
                row[c * tokens + i] = switch (input.columns().get(c)) {
                    case IDS -> ids[i];
                    case MASK -> mask[i];
                    case SEGMENTS -> segments[i];
                };
            }
        }
        return known == 0
                ? Outcome.refused(DeadLetterReason.EMPTY_VALUE, "the tokenizer finds no token in the text")
                : Outcome.ok(FloatTensor.wrap(input.row(), row));
    }
}
