package io.acclimate.adapt.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.random.ChangeOdds;
import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.adapt.worker.AdaptFixture;
import io.acclimate.core.ImageId;
import io.acclimate.dataset.Bundled;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.dataset.Shift;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.train.LabelledBatch;
import io.acclimate.train.TrainSettings;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class StandInsTest {
    private static final ModelGraph MODEL = AdaptFixture.sourceModel();
    private static final LabelledImages INVERTED = Bundled.targetTest().shifted(Shift.INVERT, 1);

    @Test
    void theSourceModelIsRightOnEachOfThem() {
        try (BaseModel models = new BaseModel(MODEL, TrainSettings.defaults())) {
            LabelledBatch drawn = new StandIns(models.source())
                    .draw(32, replayed(64), new SplitMix64(1))
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
            Optional<LabelledBatch> first = standIns.draw(16, replayed(32), new SplitMix64(1));

            Optional<LabelledBatch> second = standIns.draw(16, replayed(32), new SplitMix64(1));

            assertThat(second.orElseThrow().inputs())
                    .isEqualTo(first.orElseThrow().inputs());
        }
    }

    @Test
    void nothingStandsInWhereNothingWasReplayed() {
        try (BaseModel models = new BaseModel(MODEL, TrainSettings.defaults())) {
            assertThat(new StandIns(models.source()).draw(16, List.of(), new SplitMix64(1)))
                    .isEmpty();
        }
    }

    @Test
    void changesThatMadeTheSourceModelRightAreDrawnMoreOften() {
        try (BaseModel models = new BaseModel(MODEL, TrainSettings.defaults())) {
            StandIns standIns = new StandIns(models.source());
            ChangeOdds odds = new ChangeOdds(10);
            SplitMix64 random = new SplitMix64(1);
            IntStream.range(0, 20).forEach(i -> standIns.draw(64, replayed(64), random, odds));

            long inverted = IntStream.range(0, 1_000)
                    .filter(i -> odds.draw(random).inverted())
                    .count();
            assertThat(inverted).as("of 1000 changes of inverted images").isGreaterThan(600);
        }
    }

    @Test
    void withoutTriesNothingIsDrawnAndTheRandomStateStays() {
        try (BaseModel models = new BaseModel(MODEL, TrainSettings.defaults())) {
            SplitMix64 random = new SplitMix64(1);

            assertThat(new StandIns(models.source()).draw(16, List.of(), random))
                    .isEmpty();
            assertThat(random.state()).as("as builds without stand-ins left it").isEqualTo(1);
        }
    }

    private static List<ReplaySample> replayed(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new ReplaySample(
                        0,
                        i,
                        new ImageId("image-" + i),
                        INVERTED.label(i),
                        new HeapRow(AdaptFixture.row(INVERTED, i, MODEL))))
                .toList();
    }
}
