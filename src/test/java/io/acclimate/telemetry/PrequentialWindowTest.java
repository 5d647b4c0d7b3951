package io.acclimate.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.DomainId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PrequentialWindowTest {
    private final PrequentialWindow window = new PrequentialWindow();

    @Test
    void hasNoAccuracyBeforeTheFirstSample() {
        assertThat(window.active()).isNaN();
        assertThat(window.source()).isNaN();

        window.add(trained(0, 0, 0));

        assertThat(window.active()).as("of a mini-batch without samples").isNaN();
    }

    @Test
    void tellsTheActiveVersionFromTheSourceModel() {
        window.add(trained(32, 24, 8));

        assertThat(window.active()).isEqualTo(0.75);
        assertThat(window.source()).isEqualTo(0.25);
    }

    @Test
    void aMiniBatchLeavesOnceTheOthersFillTheWindow() {
        window.add(trained(32, 0, 0));
        for (int i = 0; i < 15; i++) {
            window.add(trained(32, 32, 32));
        }
        assertThat(window.active()).as("512 samples, the first 32 among them").isEqualTo(480 / 512.0);

        window.add(trained(32, 32, 32));

        assertThat(window.active()).isEqualTo(1);
    }

    @Test
    void aMiniBatchLargerThanTheWindowCountsAsAWhole() {
        window.add(trained(32, 32, 32));

        window.add(trained(1_000, 500, 0));

        assertThat(window.active()).isEqualTo(0.5);
    }

    /** The model is the definition: the shortest run of the newest mini-batches that holds the window's samples. */
    @Property(tries = 200)
    void countsTheNewestMiniBatchesThatFillTheWindow(
            @ForAll @Size(min = 1, max = 60) List<@IntRange(min = 1, max = 700) Integer> sizes) {
        PrequentialWindow any = new PrequentialWindow();
        int samples = 0;
        int correct = 0;
        for (int i = sizes.size() - 1; i >= 0 && samples < PrequentialWindow.SAMPLES; i--) {
            samples += sizes.get(i);
            correct += sizes.get(i) / 3;
        }

        sizes.forEach(size -> any.add(trained(size, size / 3, size)));

        assertThat(any.active()).isEqualTo(correct / (double) samples, within(1e-12));
        assertThat(any.source()).isEqualTo(1);
    }

    private static AdaptationEvent.Trained trained(int samples, int activeCorrect, int sourceCorrect) {
        return new AdaptationEvent.Trained(
                DomainId.DEFAULT, Instant.EPOCH, 1, samples, 0, 1, activeCorrect, sourceCorrect, 1, 0, Map.of());
    }
}
