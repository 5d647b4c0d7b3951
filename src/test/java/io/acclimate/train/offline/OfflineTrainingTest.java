package io.acclimate.train.offline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.core.Shape;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.train.Networks;
import io.acclimate.train.Samples;
import io.acclimate.train.TrainSettings;
import io.acclimate.train.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class OfflineTrainingTest {
    /** Class k has a bright square at a place of its own, in noise. */
    private static Samples squares(int size, long seed) {
        return new Samples() {
            @Override
            public int size() {
                return size;
            }

            @Override
            public FloatTensor row(int index) {
                Random random = new Random(seed * 1000 + index);
                float[] values = new float[3 * 32 * 32];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) random.nextGaussian() * 0.3f - 1;
                }
                for (int c = 0; c < 3; c++) {
                    for (int y = 0; y < 8; y++) {
                        for (int x = 0; x < 8; x++) {
                            values[
                                    c * 1024
                                            + (4 + y + 12 * (label(index) / 2)) * 32
                                            + 4
                                            + x
                                            + 12 * (label(index) % 2)] = 1;
                        }
                    }
                }
                return FloatTensor.wrap(Shape.of(3, 32, 32), values);
            }

            @Override
            public int label(int index) {
                return index % 4;
            }
        };
    }

    private static OfflineSettings settings(Augmentation augmentation) {
        return new OfflineSettings(
                3, 32, OfflineSettings.Order.SHUFFLED, OfflineSettings.Schedule.COSINE, 0.05, augmentation, 9);
    }

    private static WeightDelta train(List<Double> accuracies) throws Exception {
        ModelGraph model = SmallCnn.fresh("squares", Networks.classes(4), 5);
        try (Trainer trainer =
                Trainer.open(model, WeightDelta.EMPTY, TrainSettings.defaults().withAverageDecay(0))) {
            new OfflineTraining(trainer, model.card().input().picture(), settings(new Augmentation(false, 2)))
                    .run(
                            squares(400, 1),
                            Optional.of(squares(40, 2)),
                            Optional.of(squares(80, 3)),
                            progress -> assertThat(progress.report().losses()).containsKeys("target", "source"),
                            epoch -> accuracies.add(epoch.testAccuracy().orElse(-1)));
            return trainer.weights();
        }
    }

    @Test
    void aFreshNetworkLearnsAndARunRepeatsBitForBit() throws Exception {
        List<Double> accuracies = new ArrayList<>();

        WeightDelta first = train(accuracies);

        assertThat(accuracies).hasSize(3);
        assertThat(accuracies.get(2)).isGreaterThan(0.95);
        assertThat(train(new ArrayList<>()).digest()).isEqualTo(first.digest());
    }

    @Test
    void augmentationMovesPixelsInEitherLayoutAndFillsWithBlack() {
        InputSpec planar = new InputSpec(
                3,
                2,
                4,
                InputSpec.Layout.NCHW,
                InputSpec.Colour.RGB,
                InputSpec.Resize.PAD,
                List.of(0.5f, 0.5f, 0.5f),
                List.of(0.5f, 0.5f, 0.5f));
        float[] values = new float[24];
        for (int i = 0; i < values.length; i++) {
            values[i] = i + 1;
        }
        FloatTensor row = FloatTensor.wrap(Shape.of(3, 2, 4), values);
        Random random = new Random(4);
        boolean flipped = false;
        boolean kept = false;
        for (int i = 0; i < 20; i++) {
            float[] out = new Augmentation(true, 0).apply(row, planar, random).values();
            flipped |= out[0] == 4 && out[3] == 1 && out[23] == 21;
            kept |= out[0] == 1 && out[23] == 24;
        }
        assertThat(flipped && kept).isTrue();
        float[] cropped =
                new Augmentation(false, 8).apply(row, planar, new Random(1)).values();
        assertThat(cropped).contains(-1f);
        assertThat(Augmentation.parse("flip,crop:4")).isEqualTo(new Augmentation(true, 4));
        assertThat(Augmentation.parse("none")).isEqualTo(Augmentation.NONE);
        assertThatThrownBy(() -> Augmentation.parse("rotate")).hasMessageContaining("'rotate'");
    }

    @Test
    void schedulesStartAtTheRateAndEndBelowIt() {
        assertThat(OfflineSettings.Schedule.COSINE.rate(0.1, 0, 100)).isEqualTo(0.1);
        assertThat(OfflineSettings.Schedule.COSINE.rate(0.1, 100, 100)).isCloseTo(0.001, within(1e-12));
        assertThat(OfflineSettings.Schedule.STEP.rate(0.1, 66, 100)).isEqualTo(0.1);
        assertThat(OfflineSettings.Schedule.STEP.rate(0.1, 67, 100)).isEqualTo(0.01);
    }
}
