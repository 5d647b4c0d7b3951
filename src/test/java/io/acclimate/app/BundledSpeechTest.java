package io.acclimate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.app.data.RecordRows;
import io.acclimate.app.offline.OnnxRuntimeReference;
import io.acclimate.app.options.ModelOptions;
import io.acclimate.core.FloatTensor;
import io.acclimate.dataset.Bundled;
import io.acclimate.dataset.LabelledRecords;
import io.acclimate.dataset.Speech;
import io.acclimate.image.ImageDecoder;
import io.acclimate.image.ImageLimits;
import io.acclimate.infer.ModelSession;
import io.acclimate.infer.SessionSettings;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.train.TrainSettings;
import io.acclimate.train.Trainer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The bundled network of speech: convolutions over time, whose channels are the bands of a log-mel spectrogram. */
class BundledSpeechTest {
    private static final ImageDecoder DECODER = new ImageDecoder(ImageLimits.defaults());

    private static ModelGraph model;

    @BeforeAll
    static void load() throws Exception {
        model = ModelOptions.bundled("speech");
    }

    @Test
    void theNetworkKnowsTheSourceVoiceAndIsLostOnTheOther() throws Exception {
        assertThat(accuracy(Speech.sourceReplay(), 400)).isGreaterThan(0.97);
        assertThat(accuracy(Speech.targetTest(), 400)).isLessThan(0.5);
        assertThat(Speech.targetTest().size()).isEqualTo(3000);
        assertThat(Speech.targetTest().classNames()).isEqualTo(model.card().classes());
    }

    @Test
    void allOfItCanBeTrained() throws Exception {
        try (Trainer trainer = Trainer.open(model, WeightDelta.EMPTY, TrainSettings.defaults())) {
            assertThat(trainer.prove(OnnxRuntimeReference.reference(model, WeightDelta.EMPTY)))
                    .isLessThan(1e-4);
        }
    }

    @Test
    void recordsThatTheModelDoesNotTakeAreNamed() {
        assertThatThrownBy(() ->
                        new RecordRows(Bundled.sourceReplay(), model.card().input(), DECODER))
                .hasMessageContaining("record 0: content type 'image/png' is not what the model takes");
    }

    private static double accuracy(LabelledRecords records, int count) throws Exception {
        RecordRows rows = new RecordRows(records, model.card().input(), DECODER);
        List<FloatTensor> batch = IntStream.range(0, count).mapToObj(rows::row).toList();
        try (ModelSession session = ModelSession.open(model, WeightDelta.EMPTY, SessionSettings.defaults())) {
            FloatTensor scores = session.run(FloatTensor.stack(batch));
            return IntStream.range(0, count)
                            .filter(i -> best(scores.row(i).values()) == rows.label(i))
                            .count()
                    / (double) count;
        }
    }

    private static int best(float[] scores) {
        return IntStream.range(0, scores.length)
                .reduce((a, b) -> scores[b] > scores[a] ? b : a)
                .orElseThrow();
    }
}
