package io.acclimate.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.Bytes;
import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.ModelInput.TextInput;
import io.acclimate.core.ModelInput.TextInput.Column;
import io.acclimate.core.ModelInput.TokenizerFile;
import io.acclimate.core.Outcome;
import io.acclimate.core.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextEncoderTest {
    private static final String WORDS = """
            {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": {"type": "Lowercase"},
             "pre_tokenizer": {"type": "Whitespace"}, "post_processor": null, "decoder": null,
             "model": {"type": "WordLevel", "unk_token": "[UNK]",
                       "vocab": {"[PAD]": 0, "[UNK]": 1, "a": 2, "b": 3, "c": 4, "far": 70000}}}
            """;

    private static TextInput input(int tokens, int vocabulary, Column... columns) {
        return new TextInput(tokens, List.of(columns), vocabulary, new TokenizerFile("words.json", Bytes.utf8(WORDS)));
    }

    private static Outcome<FloatTensor> row(TextInput input, String text) {
        return TextEncoder.open(input).row(Bytes.utf8(text));
    }

    private static DeadLetterReason reason(Outcome<FloatTensor> row) {
        return ((Outcome.Refused<FloatTensor>) row).refusal().reason();
    }

    @Test
    void aShortTextIsFilledUpAndALongOneIsCutInTheOrderOfTheColumns() {
        TextInput input = input(4, 0, Column.MASK, Column.IDS, Column.SEGMENTS);

        assertThat(row(input, "A far x"))
                .isEqualTo(Outcome.ok(
                        FloatTensor.wrap(Shape.of(3, 4), new float[] {1, 1, 1, 0, 2, 70000, 1, 0, 0, 0, 0, 0})));
        assertThat(row(input, "a b c a b c"))
                .isEqualTo(
                        Outcome.ok(FloatTensor.wrap(Shape.of(3, 4), new float[] {1, 1, 1, 1, 2, 3, 4, 2, 0, 0, 0, 0})));
    }

    @Test
    void aTokenThatTheModelHasNoEmbeddingForIsRefusedWithTheWayOut() {
        Outcome<FloatTensor> row = row(input(4, 5, Column.IDS), "a far b");

        assertThat(row)
                .isEqualTo(Outcome.refused(
                        DeadLetterReason.UNDECODABLE_IMAGE,
                        "the tokenizer 'words.json' gives the token 70000, and the model has embeddings for 5:"
                                + " it is not the model's tokenizer"));
    }

    @Test
    void whatIsNoTextOrHasNoWordIsRefused() {
        TextEncoder encoder = TextEncoder.open(input(4, 0, Column.IDS));

        assertThat(reason(encoder.row(Bytes.wrap(new byte[] {(byte) 0x89, 'P', 'N', 'G'}))))
                .isEqualTo(DeadLetterReason.UNDECODABLE_IMAGE);
        assertThat(reason(encoder.row(Bytes.utf8(" \n")))).isEqualTo(DeadLetterReason.EMPTY_VALUE);
        assertThat(reason(encoder.row(Bytes.wrap(new byte[TextEncoder.MAX_BYTES + 1]))))
                .isEqualTo(DeadLetterReason.IMAGE_TOO_LARGE);
    }

    @Test
    void aTokenizerThatCannotBeReadIsNamed() {
        TextInput broken = new TextInput(4, List.of(Column.IDS), 0, new TokenizerFile("broken.json", Bytes.utf8("{}")));

        assertThatThrownBy(() -> TextEncoder.open(broken))
                .hasMessageStartingWith("tokenizer 'broken.json' cannot be read: ");
    }
}
