package io.acclimate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.app.data.RecordRows;
import io.acclimate.app.offline.OnnxRuntimeReference;
import io.acclimate.app.options.ModelOptions;
import io.acclimate.core.Bytes;
import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.ModelInput.TextInput;
import io.acclimate.core.Outcome;
import io.acclimate.core.Payload;
import io.acclimate.dataset.Texts;
import io.acclimate.image.CompactRows;
import io.acclimate.image.ImageDecoder;
import io.acclimate.image.ImageLimits;
import io.acclimate.infer.ModelSession;
import io.acclimate.infer.SessionSettings;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.node.InvalidModelException;
import io.acclimate.train.LabelledBatch;
import io.acclimate.train.TrainSettings;
import io.acclimate.train.Trainer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bundled network of texts: embeddings, their mean over a mask, and two layers, behind the tokenizer that its card names. */
@Tag("slow")
class BundledTextTest {
    private static final ImageDecoder DECODER = new ImageDecoder(ImageLimits.defaults());

    private static ModelGraph model;
    private static RecordRows formal;

    @TempDir
    Path folder;

    @BeforeAll
    static void load() throws Exception {
        model = ModelOptions.bundled("text");
        formal = new RecordRows(Texts.sourceReplay(), model.card().input(), DECODER);
    }

    private static Outcome<FloatTensor> read(String type, byte[] bytes) {
        return DECODER.toTensor(
                new Payload(Bytes.wrap(bytes), Optional.of(type)), model.card().input());
    }

    @Test
    void theTokenizerMakesTheTokensThatTheNetworkWasTrainedOn() throws Exception {
        assertThat(accuracy(model)).isGreaterThan(0.99);
        assertThat(((TextInput) model.card().input()).vocabulary()).isEqualTo(985);
        assertThat(Texts.targetTest().classNames()).isEqualTo(model.card().classes());
    }

    @Test
    void embeddingsAndHeadAreTrained() throws Exception {
        try (Trainer trainer = Trainer.open(model, WeightDelta.EMPTY, TrainSettings.defaults())) {
            assertThat(trainer.prove(OnnxRuntimeReference.reference(model, WeightDelta.EMPTY)))
                    .isLessThan(1e-4);
            List<FloatTensor> rows =
                    IntStream.range(0, 16).mapToObj(formal::row).toList();
            List<Integer> other = IntStream.range(0, 16)
                    .mapToObj(i -> (formal.label(i) + 1) % 8)
                    .toList();

            trainer.step(new LabelledBatch(FloatTensor.stack(rows), other), Optional.empty());

            assertThat(model.weights()).hasSize(5);
            assertThat(trainer.weights().tensors()).hasSize(5).allSatisfy((name, tensor) -> assertThat(tensor)
                    .isNotEqualTo(model.weights().get(name)));
        }
    }

    @Test
    void aSampleIsKeptWithItsVeryTokens() {
        Payload text = new Payload(Bytes.utf8("Where is my kettle?"), Optional.of("text/plain; charset=UTF-8"));
        Outcome<Bytes> compact = DECODER.toCompact(text, model.card().input());

        FloatTensor row = CompactRows.of(model.card().input()).toRow(((Outcome.Ok<Bytes>) compact).value());

        assertThat(Outcome.ok(row))
                .isEqualTo(DECODER.toTensor(text, model.card().input()));
    }

    @Test
    void whatIsNoTextIsRefusedInWords() {
        assertThat(read("image/png", new byte[] {1}))
                .isEqualTo(Outcome.refused(
                        DeadLetterReason.UNSUPPORTED_CONTENT_TYPE,
                        "content type 'image/png' is not what the model takes: text/plain in UTF-8"));
        assertThat(read("text/plain; charset=\"ISO-8859-1\"", new byte[] {'a'}))
                .isEqualTo(Outcome.refused(
                        DeadLetterReason.UNSUPPORTED_CONTENT_TYPE,
                        "the charset 'iso-8859-1' is not read, a text is in UTF-8"));
    }

    @Test
    void anExportedModelReadsBackAsTheSameModelWithItsTokenizer() throws Exception {
        Path file = folder.resolve("again.onnx");
        model.write(file, WeightDelta.EMPTY);

        ModelGraph again = ModelGraph.read(file);

        assertThat(again.card().input()).isEqualTo(model.card().input());
        assertThat(again.digest()).isEqualTo(model.digest());
        assertThat(accuracy(again)).isGreaterThan(0.99);
        Files.writeString(folder.resolve("text-tokenizer.json"), "{ }");
        assertThat(ModelGraph.read(file).digest()).isNotEqualTo(model.digest());
        Files.delete(folder.resolve("text-tokenizer.json"));
        assertThatThrownBy(() -> ModelGraph.read(file))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("the tokenizer 'text-tokenizer.json', which is no file in its folder");
    }

    private static double accuracy(ModelGraph graph) throws Exception {
        List<FloatTensor> batch =
                IntStream.range(0, formal.size()).mapToObj(formal::row).toList();
        try (ModelSession session = ModelSession.open(graph, WeightDelta.EMPTY, SessionSettings.defaults())) {
            FloatTensor scores = session.run(FloatTensor.stack(batch));
            return IntStream.range(0, formal.size())
                            .filter(i -> best(scores.row(i).values()) == formal.label(i))
                            .count()
                    / (double) formal.size();
        }
    }

    private static int best(float[] scores) {
        return IntStream.range(0, scores.length)
                .reduce((a, b) -> scores[b] > scores[a] ? b : a)
                .orElseThrow();
    }
}
