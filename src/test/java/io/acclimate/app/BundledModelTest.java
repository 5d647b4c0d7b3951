package io.acclimate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.acclimate.app.data.ImageRows;
import io.acclimate.app.offline.OnnxRuntimeReference;
import io.acclimate.app.options.ModelOptions;
import io.acclimate.core.FloatTensor;
import io.acclimate.dataset.Bundled;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.train.TrainSettings;
import io.acclimate.train.Trainer;
import io.acclimate.train.offline.Augmentation;
import io.acclimate.train.offline.OfflineSettings;
import io.acclimate.train.offline.OfflineTraining;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class BundledModelTest {
    @Test
    void itsProvenanceIsTrueOfItsWeightsAndItEqualsOnnxRuntime() throws Exception {
        ModelGraph model = ModelOptions.bundled();
        Map<String, String> provenance = model.card().provenance();

        assertThat(provenance.getOrDefault("command", ""))
                .startsWith("acclimate pretrain --data idx:")
                .contains("--seed 1 ");
        assertThat(provenance).containsKeys("jvm", "os").containsEntry("seed", "1");
        assertThat(model.weights().keySet())
                .contains(
                        "conv1.weight",
                        "conv1.bias",
                        "conv2.weight",
                        "conv2.bias",
                        "fc1.weight",
                        "fc2.weight",
                        "fc3.bias");
        try (Trainer trainer = Trainer.open(model, WeightDelta.EMPTY, TrainSettings.defaults())) {
            assertThat(trainer.prove(OnnxRuntimeReference.reference(model, WeightDelta.EMPTY)))
                    .isLessThan(1e-5);
            LabelledImages test = Bundled.targetTest();
            double accuracy = new OfflineTraining(
                            trainer,
                            model.card().input().picture(),
                            new OfflineSettings(
                                    1,
                                    1,
                                    OfflineSettings.Order.AS_GIVEN,
                                    OfflineSettings.Schedule.CONSTANT,
                                    0,
                                    Augmentation.NONE,
                                    1))
                    .accuracy(new ImageRows(test, model.card().input()));

            assertThat(test.size()).isEqualTo(10_000);
            assertThat(accuracy).isGreaterThanOrEqualTo(0.89);
            assertThat(accuracy)
                    .isCloseTo(Double.parseDouble(provenance.getOrDefault("testAccuracy", "NaN")), within(0.001));
        }
    }

    @Test
    void servingAndTrainingSeeTheSameRow() throws Exception {
        ModelGraph model = ModelOptions.bundled();
        FloatTensor row = new ImageRows(Bundled.targetTest(), model.card().input()).row(0);

        assertThat(row.shape()).isEqualTo(model.card().input().row());
        assertThat(model.card().classes()).isEqualTo(Bundled.targetTest().classNames());
    }
}
