package io.acclimate.adapt.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChangeOddsTest {
    private final ChangeOdds odds = new ChangeOdds(10);
    private final SplitMix64 random = new SplitMix64(1);

    private void see(int count) {
        IntStream.range(0, count).forEach(i -> {
            ChangeOdds.Change change = odds.draw(random);
            odds.see(change, change.inverted() && change.turn() == 3);
        });
    }

    private double share(int of) {
        return IntStream.range(0, of)
                        .mapToObj(i -> odds.draw(random))
                        .filter(change -> change.inverted() && change.turn() == 3)
                        .count()
                / (double) of;
    }

    @Test
    void beginsWithAllChangesAlike() {
        assertThat(share(9_000)).isCloseTo(1 / 18.0, within(0.01));
    }

    @Test
    void drawsWhatSucceededMoreOftenAndStillTriesTheRest() {
        see(600);

        assertThat(share(1_000)).isGreaterThan(0.7).isLessThan(0.95);
    }

    @Test
    void turnsByEighthsOfACircleGiveOrTakeASixteenth() {
        ChangeOdds.Change third = new ChangeOdds.Change(false, false, 3);

        assertThat(IntStream.range(0, 1_000).mapToDouble(i -> Math.toDegrees(third.angle(random))))
                .allSatisfy(angle -> assertThat(angle).isBetween(67.5, 112.5))
                .anySatisfy(angle -> assertThat(angle).isLessThan(70))
                .anySatisfy(angle -> assertThat(angle).isGreaterThan(110));
        assertThat(new ChangeOdds.Change(false, false, 0).isTurned()).isFalse();
    }

    @Test
    void ofTwoClassesTwoThirdsMustBeRightAndOfTenLessThanAFifth() {
        ChangeOdds two = new ChangeOdds(2);
        ChangeOdds.Change change = new ChangeOdds.Change(true, false, 0);
        IntStream.range(0, 98).forEach(i -> {
            two.see(change, i < 65);
            odds.see(change, i < 17);
        });
        assertThat(two.isInformative(change)).as("66 of 100").isFalse();
        assertThat(odds.isInformative(change)).as("18 of 100").isFalse();

        two.see(change, true);
        odds.see(change, true);

        assertThat(two.isInformative(change)).as("67 of 101").isFalse();
        assertThat(odds.isInformative(change)).as("19 of 101").isTrue();
        two.see(change, true);
        two.see(change, true);
        assertThat(two.isInformative(change)).as("69 of 103").isTrue();
        assertThat(two.isInformative(new ChangeOdds.Change(false, false, 0)))
                .as("not tried")
                .isFalse();
    }

    @Test
    void goesOnFromWhatWasSavedAndFromNothingWithOtherChoices() {
        assertThat(odds.state()).isEmpty();
        see(5_000);
        ChangeOdds restored = new ChangeOdds(10);
        restored.restore(odds.state());

        assertThat(restored.state()).isEqualTo(odds.state());
        assertThat(restored.draw(new SplitMix64(7))).isEqualTo(odds.draw(new SplitMix64(7)));
        restored.restore(List.of(1, 2, 3));
        assertThat(restored.state()).isEmpty();
    }
}
