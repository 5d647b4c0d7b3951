package io.acclimate.adapt.translation;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.random.ChangeOdds;
import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.dataset.Shift;
import io.acclimate.train.LabelledBatch;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class StandInsTest {
    @Test
    void theSourceModelIsRightOnEachOfThem() {
        try (TranslationFixture fixture = new TranslationFixture()) {
            LabelledBatch drawn = standIns(fixture)
                    .draw(32, fixture.samples(Shift.INVERT, 64), new SplitMix64(1))
                    .orElseThrow();

            assertThat(fixture.hits(drawn)).isEqualTo(drawn.size());
            assertThat(drawn.size()).as("of 32 wanted").isGreaterThan(8);
        }
    }

    @Test
    void theSameRandomStateDrawsTheSame() {
        try (TranslationFixture fixture = new TranslationFixture()) {
            List<PictureSample> replayed = fixture.samples(Shift.INVERT, 32);
            Optional<LabelledBatch> first = standIns(fixture).draw(16, replayed, new SplitMix64(1));

            Optional<LabelledBatch> second = standIns(fixture).draw(16, replayed, new SplitMix64(1));

            assertThat(second.orElseThrow().inputs())
                    .isEqualTo(first.orElseThrow().inputs());
        }
    }

    @Test
    void nothingStandsInWhereNothingWasReplayed() {
        try (TranslationFixture fixture = new TranslationFixture()) {
            assertThat(standIns(fixture).draw(16, List.of(), new SplitMix64(1))).isEmpty();
        }
    }

    @Test
    void changesThatMadeTheSourceModelRightAreDrawnMoreOften() {
        try (TranslationFixture fixture = new TranslationFixture()) {
            StandIns standIns = standIns(fixture);
            ChangeOdds odds = new ChangeOdds(10);
            SplitMix64 random = new SplitMix64(1);
            List<PictureSample> replayed = fixture.samples(Shift.INVERT, 64);
            IntStream.range(0, 20).forEach(i -> standIns.draw(64, replayed, random, odds));

            long inverted = IntStream.range(0, 1_000)
                    .filter(i -> odds.draw(random).inverted())
                    .count();
            assertThat(inverted).as("of 1000 changes of inverted images").isGreaterThan(600);
        }
    }

    @Test
    void withoutTriesNothingIsDrawnAndTheRandomStateStays() {
        try (TranslationFixture fixture = new TranslationFixture()) {
            SplitMix64 random = new SplitMix64(1);

            assertThat(standIns(fixture).draw(16, List.of(), random)).isEmpty();
            assertThat(random.state()).as("as builds without stand-ins left it").isEqualTo(1);
        }
    }

    private static StandIns standIns(TranslationFixture fixture) {
        return new StandIns(fixture.source(), fixture.input());
    }
}
