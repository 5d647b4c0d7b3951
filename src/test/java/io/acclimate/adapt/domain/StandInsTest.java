package io.acclimate.adapt.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.adapt.worker.AdaptFixture;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.ImageId;
import io.acclimate.dataset.Bundled;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.dataset.Shift;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.train.LabelledBatch;
import io.acclimate.train.TrainSettings;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StandInsTest {
    private static final ModelGraph MODEL = AdaptFixture.sourceModel();
    private static final LabelledImages INVERTED = Bundled.targetTest().shifted(Shift.INVERT, 1);

    @Test
    void theSourceModelIsRightOnEachOfThem() {
        try (BaseModel models = new BaseModel(MODEL, TrainSettings.defaults())) {
            LabelledBatch drawn = new StandIns(models.source())
                    .draw(32, 2, replay(64), new SplitMix64(1))
                    .orElseThrow();

            assertThat(BaseModel.count(
                            BaseModel.predict(models.source(), drawn.inputs()).hits(drawn.classes())))
                    .isEqualTo(drawn.size());
            assertThat(drawn.size()).as("of 32 wanted").isGreaterThan(8);
        }
    }

    @Test
    void theSameRandomStateDrawsTheSame() {
        try (BaseModel models = new BaseModel(MODEL, TrainSettings.defaults())) {
            StandIns standIns = new StandIns(models.source());
            Optional<LabelledBatch> first = standIns.draw(16, 2, replay(64), new SplitMix64(1));

            Optional<LabelledBatch> second = standIns.draw(16, 2, replay(64), new SplitMix64(1));

            assertThat(second.orElseThrow().inputs())
                    .isEqualTo(first.orElseThrow().inputs());
        }
    }

    @Test
    void nothingStandsInWhereNothingWasReplayed() {
        try (BaseModel models = new BaseModel(MODEL, TrainSettings.defaults())) {
            assertThat(new StandIns(models.source()).draw(16, 2, new ReplayBuffer(8), new SplitMix64(1)))
                    .isEmpty();
        }
    }

    @Test
    void withoutTriesNothingIsDrawnAndTheRandomStateStays() {
        try (BaseModel models = new BaseModel(MODEL, TrainSettings.defaults())) {
            SplitMix64 random = new SplitMix64(1);

            assertThat(new StandIns(models.source()).draw(16, 0, replay(64), random))
                    .isEmpty();
            assertThat(random.state()).as("as builds without stand-ins left it").isEqualTo(1);
        }
    }

    private static ReplayBuffer replay(int count) {
        ReplayBuffer replay = new ReplayBuffer(count);
        IntStream.range(0, count).forEach(i -> {
            FloatTensor row = AdaptFixture.row(INVERTED, i, MODEL);
            replay.add(
                    new ReplaySample(0, i, new ImageId("image-" + i), INVERTED.label(i), new HeapRow(row)),
                    new SplitMix64(1));
        });
        return replay;
    }
}
