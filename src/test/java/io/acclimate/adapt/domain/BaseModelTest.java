package io.acclimate.adapt.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.ClassNames;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.infer.ModelSession;
import io.acclimate.infer.SessionSettings;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.train.LabelledBatch;
import io.acclimate.train.TrainSettings;
import io.acclimate.train.Trainer;
import io.acclimate.train.offline.SmallCnn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BaseModelTest {
    private static final TrainSettings HEAD = TrainSettings.defaults().withTrainable("head");

    private final ModelGraph graph = SmallCnn.fresh("small", new ClassNames(List.of("a", "b", "c")), 1);

    private static LabelledBatch batch(long seed) {
        Random random = new Random(seed);
        float[] values = new float[8 * 3 * 32 * 32];
        List<Integer> classes = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        for (int i = 0; i < 8; i++) {
            classes.add(random.nextInt(3));
        }
        return new LabelledBatch(FloatTensor.wrap(Shape.of(8, 3, 32, 32), values), classes);
    }

    @Test
    void domainsShareOneFrozenPrefixAndTheirVersionsFitTheWholeModel() throws Exception {
        try (BaseModel models = new BaseModel(graph, HEAD);
                Trainer camera = models.trainer(WeightDelta.EMPTY);
                Trainer other = models.trainer(WeightDelta.EMPTY)) {
            camera.step(batch(1), Optional.empty());
            other.step(batch(2), Optional.empty());
            Trainer later = models.trainer(camera.weights());
            later.close();

            assertThat(models.openPrefixes()).isEqualTo(1);
            assertThat(camera.weights().tensors()).containsOnlyKeys("fc3.bias", "fc3.weight");
            try (ModelSession served = models.session(camera.weights());
                    ModelSession exported = ModelSession.open(
                            ModelGraph.of(graph.export(camera.weights()), graph.card()),
                            WeightDelta.EMPTY,
                            SessionSettings.defaults())) {
                FloatTensor rows = batch(3).inputs();
                assertThat(exported.run(rows)).isEqualTo(served.run(rows));
                camera.prove(served::run);
            }
        }
    }

    @Test
    void timingAStepChangesNothingOfWhatTrainersLearn() {
        try (BaseModel models = new BaseModel(graph, HEAD);
                Trainer before = models.trainer(WeightDelta.EMPTY)) {
            assertThat(models.timeOfAStep(32, 16)).isPositive();

            try (Trainer after = models.trainer(WeightDelta.EMPTY)) {
                before.step(batch(1), Optional.of(batch(2)));
                after.step(batch(1), Optional.of(batch(2)));
                assertThat(after.weights()).isEqualTo(before.weights());
            }
            assertThat(models.openPrefixes()).isOne();
        }
    }

    @Test
    void aWorkerRestoredInAnotherProcessGoesOnWithTheSameBitsBehindAPrefix() {
        WeightDelta straight;
        WeightDelta weights;
        WeightDelta average;
        WeightDelta state;
        try (BaseModel models = new BaseModel(graph, HEAD);
                Trainer trainer = models.trainer(WeightDelta.EMPTY)) {
            trainer.step(batch(1), Optional.of(batch(2)));
            weights = trainer.weights();
            average = trainer.average();
            state = trainer.optimizerState();
            trainer.step(batch(3), Optional.of(batch(4)));
            straight = trainer.weights();
        }
        try (BaseModel models = new BaseModel(graph, HEAD);
                Trainer trainer = models.trainer(average)) {
            trainer.restore(weights, average, state, 1);
            trainer.step(batch(3), Optional.of(batch(4)));

            assertThat(trainer.weights().digest()).isEqualTo(straight.digest());
        }
    }
}
