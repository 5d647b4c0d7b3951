package io.acclimate.train;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.Digest;
import io.acclimate.core.FloatTensor;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When source rows go by the source model's answers, and when by their labels. */
class SourceLossTest {
    private static Digest trained(
            ModelGraph model, WeightDelta start, String trainable, LossTerms.SourceLoss sourceLoss) throws Exception {
        TrainSettings settings = TrainSettings.defaults()
                .withTrainable(trainable)
                .withTerms(LossTerms.defaults().withSourceLoss(sourceLoss));
        try (Trainer trainer = Trainer.open(model, start, settings)) {
            trainer.step(Networks.batch(model, 8, 1), Optional.of(Networks.batch(model, 4, 2)));
            return trainer.weights().digest();
        }
    }

    private static WeightDelta halved(ModelGraph model, String name) {
        FloatTensor tensor = requireNonNull(model.weights().get(name));
        float[] values = tensor.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] /= 2;
        }
        return WeightDelta.of(Map.of(name, FloatTensor.wrap(tensor.shape(), values)));
    }

    @Test
    void sourceRowsGoByAnswersOfATrainedModel() throws Exception {
        ModelGraph model = Networks.residual("Relu");

        Digest byAnswers = trained(model, WeightDelta.EMPTY, "head", LossTerms.SourceLoss.ANSWERS);

        assertThat(byAnswers).isNotEqualTo(trained(model, WeightDelta.EMPTY, "head", LossTerms.SourceLoss.LABELS));
    }

    @Test
    void sourceRowsGoByLabelsWhenTheFrozenPartIsThatOfAnEarlierVersion() throws Exception {
        ModelGraph model = Networks.residual("Relu");
        WeightDelta start = halved(model, "stem");

        Digest byAnswers = trained(model, start, "head", LossTerms.SourceLoss.ANSWERS);

        assertThat(byAnswers).isEqualTo(trained(model, start, "head", LossTerms.SourceLoss.LABELS));
    }

    @Test
    void sourceRowsGoByLabelsWhenNobodyHasTrainedTheLastLayer() throws Exception {
        ModelGraph model = Networks.leNet();

        Digest byAnswers = trained(model, WeightDelta.EMPTY, "all", LossTerms.SourceLoss.ANSWERS);

        assertThat(byAnswers).isEqualTo(trained(model, WeightDelta.EMPTY, "all", LossTerms.SourceLoss.LABELS));
    }

    @Test
    void answersThatAreKnownMakeTheStepThatAskingForThemMakes() throws Exception {
        ModelGraph model = Networks.residual("Relu");
        TrainSettings settings = TrainSettings.defaults()
                .withTrainable("all")
                .withTerms(LossTerms.defaults().withSourceLoss(LossTerms.SourceLoss.ANSWERS));
        LabelledBatch source = Networks.batch(model, 4, 2);
        try (Trainer asking = Trainer.open(model, WeightDelta.EMPTY, settings);
                Trainer knowing = Trainer.open(model, WeightDelta.EMPTY, settings)) {
            LabelledBatch known =
                    new LabelledBatch(source.inputs(), source.classes(), Optional.of(knowing.logits(source.inputs())));

            asking.step(Networks.batch(model, 8, 1), Optional.of(source));
            knowing.step(Networks.batch(model, 8, 1), Optional.of(known));

            assertThat(knowing.weights()).isEqualTo(asking.weights());
        }
    }
}
