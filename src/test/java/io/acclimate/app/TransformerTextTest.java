package io.acclimate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.acclimate.app.offline.OnnxRuntimeReference;
import io.acclimate.core.Bytes;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.ModelInput.TextInput;
import io.acclimate.core.ModelInput.TextInput.Column;
import io.acclimate.core.Outcome;
import io.acclimate.core.Payload;
import io.acclimate.core.Shape;
import io.acclimate.image.ImageDecoder;
import io.acclimate.image.ImageLimits;
import io.acclimate.infer.ModelSession;
import io.acclimate.infer.Scores;
import io.acclimate.infer.SessionSettings;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.train.LabelledBatch;
import io.acclimate.train.TrainSettings;
import io.acclimate.train.Trainer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A small BERT as PyTorch exports it, behind a WordPiece tokenizer in Hugging Face's format. {@code make_transformer.py} trains it and
 * writes the tokens and probabilities that Python gives.
 */
class TransformerTextTest {
    private static final ImageDecoder DECODER = new ImageDecoder(ImageLimits.defaults());

    @TempDir
    static Path folder;

    private static ModelGraph model;
    private static List<Expected> sentences;

    private record Expected(String text, FloatTensor tokens, FloatTensor probabilities) {
        static Expected of(String line) {
            String[] parts = line.split("\\|", -1);
            return new Expected(parts[0], numbers(parts[1]), numbers(parts[2]));
        }

        private static FloatTensor numbers(String text) {
            String[] parts = text.split(" ", -1);
            float[] numbers = new float[parts.length];
            IntStream.range(0, parts.length).forEach(i -> numbers[i] = Float.parseFloat(parts[i]));
            return FloatTensor.wrap(Shape.of(numbers.length), numbers);
        }
    }

    @BeforeAll
    static void load() throws Exception {
        for (String end : List.of(".onnx", ".yaml", "-tokenizer.json", ".txt")) {
            try (var in = TransformerTextTest.class.getResourceAsStream("transformer" + end)) {
                Files.write(folder.resolve("transformer" + end), in.readAllBytes());
            }
        }
        model = ModelGraph.read(folder.resolve("transformer.onnx"));
        sentences = Files.readString(folder.resolve("transformer.txt"), StandardCharsets.UTF_8)
                .lines()
                .map(Expected::of)
                .toList();
    }

    private static FloatTensor row(String text) {
        Outcome<FloatTensor> row = DECODER.toTensor(
                new Payload(Bytes.utf8(text), Optional.of("text/plain")),
                model.card().input());
        return ((Outcome.Ok<FloatTensor>) row).value();
    }

    private static FloatTensor rows() {
        return FloatTensor.stack(
                sentences.stream().map(each -> row(each.text())).toList());
    }

    @Test
    void theInputsTellByTheirNamesWhichTakesIdsAMaskAndSegments() {
        TextInput input = (TextInput) model.card().input();

        assertThat(input.columns()).containsExactly(Column.IDS, Column.MASK, Column.SEGMENTS);
        assertThat(input.vocabulary()).isEqualTo(99);
        assertThat(input.tokens()).isEqualTo(16);
    }

    @Test
    void sentencesGetTheTokensAndTheProbabilitiesOfPython() throws Exception {
        try (ModelSession session = ModelSession.open(model, WeightDelta.EMPTY, SessionSettings.defaults())) {
            FloatTensor scores = session.run(rows());

            for (int i = 0; i < sentences.size(); i++) {
                Expected expected = sentences.get(i);
                float[] columns = row(expected.text()).values();
                for (int token = 0; token < 16; token++) {
                    assertThat(columns[token])
                            .as(expected.text())
                            .isEqualTo(expected.tokens().values()[token]);
                    assertThat(columns[16 + token]).isEqualTo(expected.tokens().values()[token] == 0 ? 0f : 1f);
                    assertThat(columns[32 + token]).isZero();
                }
                assertThat(new Scores(model.card(), 1).probabilities(scores, i))
                        .as(expected.text())
                        .containsExactly(expected.probabilities().values(), within(1e-4f));
            }
        }
    }

    @Test
    void attentionEmbeddingsAndHeadAreTrained() throws Exception {
        TrainSettings all = TrainSettings.defaults().withTrainable("all");
        List<Integer> other =
                IntStream.range(0, sentences.size()).mapToObj(i -> (i + 1) % 3).toList();
        LabelledBatch batch = new LabelledBatch(rows(), other);
        try (Trainer trainer = Trainer.open(model, WeightDelta.EMPTY, all)) {
            assertThat(trainer.prove(OnnxRuntimeReference.reference(model, WeightDelta.EMPTY)))
                    .isLessThan(1e-4);
            double before = trainer.step(batch, Optional.empty()).target();

            double after = Stream.generate(() -> trainer.step(batch, Optional.empty()))
                    .limit(30)
                    .reduce((first, last) -> last)
                    .orElseThrow()
                    .target();

            assertThat(after).isLessThan(0.7 * before);
            assertThat(trainer.weights().tensors().keySet())
                    .contains("word.weight", "position.weight", "classifier.weight")
                    .allSatisfy(name -> assertThat(trainer.weights().tensors().get(name))
                            .as(name)
                            .isNotEqualTo(model.weights().get(name)));
        }
    }
}
