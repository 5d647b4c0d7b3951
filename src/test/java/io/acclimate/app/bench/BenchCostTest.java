package io.acclimate.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class BenchCostTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    @Test
    void countsTheImagesAndTheTimeAfterTheBeginning() throws InterruptedException {
        List<Long> asked = new CopyOnWriteArrayList<>();
        LongSupplier done = () -> {
            asked.add(System.nanoTime());
            return asked.size() == 1 ? 7 : asked.size() < 14 ? 90 : 100;
        };

        BenchCost cost = BenchCost.whileCounting(100, done, LONG);

        double longest = (System.nanoTime() - asked.get(1)) / 1e9;
        double shortest = (asked.get(13) - asked.get(2)) / 1e9;
        assertThat(cost.imagesPerSecond()).isBetween(10 / longest, 10 / shortest);
        assertThat(cost.cpuMicros()).isNotNegative();
    }

    @Test
    void aCountThatDoesNotGrowIsAnErrorThatSaysHowFarItIs() {
        assertThatThrownBy(() -> BenchCost.whileCounting(100, () -> 7, Duration.ZERO))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("stalled at 7 of 15 images");
    }

    @Test
    void aCountThatCannotBeReadIsAnErrorAtOnce() {
        UnsupportedOperationException cause = new UnsupportedOperationException("no count");

        assertThatThrownBy(() -> BenchCost.whileCounting(
                        100,
                        () -> {
                            throw cause;
                        },
                        LONG))
                .isInstanceOf(IllegalStateException.class)
                .hasCause(cause);
    }
}
