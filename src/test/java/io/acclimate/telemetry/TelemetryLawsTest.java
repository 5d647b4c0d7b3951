package io.acclimate.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What holds for sums over series, whatever domains and threads recorded them. */
class TelemetryLawsTest {
    private final Telemetry telemetry = Telemetry.inMemory();

    @AfterEach
    void close() {
        telemetry.close();
    }

    /** Domains come from users: however many there are, nothing that was counted is lost, and the series stay bounded. */
    @Property(tries = 50)
    void theSumOverDomainsIsWhatWasCountedHoweverManyDomainsThereAre(
            @ForAll @Size(max = 300) List<@IntRange(max = 200) Integer> domains) {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (Telemetry any = new Telemetry(registry)) {
            domains.forEach(
                    domain -> any.counter(Meter.PREDICTIONS, "domain-" + domain).increment());

            assertThat(any.total(Meter.PREDICTIONS)).isEqualTo(domains.size());
            assertThat(registry.find(Meter.PREDICTIONS.title()).counters())
                    .hasSizeLessThanOrEqualTo(Telemetry.MAX_DOMAINS + 1);
        }
    }

    @Test
    void threadsThatCountAtOnceLoseNothingAndShareOneSeries() {
        IntStream.range(0, 20_000).parallel().forEach(i -> telemetry
                .counter(Meter.PREDICTIONS, "domain-" + i % 80)
                .increment());

        assertThat(telemetry.total(Meter.PREDICTIONS)).isEqualTo(20_000);
        assertThat(telemetry.total(Meter.PREDICTIONS, Telemetry.OTHER)).isEqualTo(30 * 250);
    }

    @Test
    void aTotalMatchesTheTagsThatAreGivenAndEveryValueOfTheRest() {
        telemetry.counter(Meter.DEAD_LETTERS, "serve", "NULL_VALUE").increment(2);
        telemetry.counter(Meter.DEAD_LETTERS, "serve", "EMPTY_VALUE").increment(3);
        telemetry.counter(Meter.DEAD_LETTERS, "adapt", "NULL_VALUE").increment(5);

        assertThat(telemetry.total(Meter.DEAD_LETTERS)).isEqualTo(10);
        assertThat(telemetry.total(Meter.DEAD_LETTERS, "serve")).isEqualTo(5);
        assertThat(telemetry.total(Meter.DEAD_LETTERS, "", "NULL_VALUE")).isEqualTo(7);
        assertThat(telemetry.total(Meter.DEAD_LETTERS, "serve", "EMPTY_VALUE")).isEqualTo(3);
        assertThat(telemetry.total(Meter.DEAD_LETTERS, "minibatch")).isZero();
    }

    @Test
    void timersAndSummariesTotalHowOftenTheyRecorded() {
        telemetry.timer(Meter.RUN_TIME).record(Duration.ofSeconds(40));
        telemetry.timer(Meter.RUN_TIME).record(3, TimeUnit.NANOSECONDS);
        telemetry.summary(Meter.INFERENCE_BATCH_SIZE).record(64);

        assertThat(telemetry.total(Meter.RUN_TIME)).isEqualTo(2);
        assertThat(telemetry.total(Meter.INFERENCE_BATCH_SIZE)).isEqualTo(1);
    }

    @Test
    void aHandleMayBeKeptAndIsTheOneThatIsGivenAgain() {
        Telemetry.Counter kept = telemetry.counter(Meter.PREDICTIONS, "default");

        assertThat(telemetry.counter(Meter.PREDICTIONS, "default")).isSameAs(kept);
        kept.increment(4);
        assertThat(telemetry.total(Meter.PREDICTIONS, "default")).isEqualTo(4);
    }

    @Test
    void aGaugeIsReadWhenItIsAskedForAndNotWhenItIsSet() {
        int[] value = {1};
        telemetry.gauge(Meter.LIVE_SESSIONS, () -> value[0]);

        value[0] = 7;

        assertThat(telemetry.total(Meter.LIVE_SESSIONS)).isEqualTo(7);
        telemetry.set(Meter.LIVE_SESSIONS, 2);
        assertThat(telemetry.total(Meter.LIVE_SESSIONS)).isEqualTo(2);
    }

    @Test
    void aScrapeIsEmptyWithoutPrometheus() {
        telemetry.counter(Meter.IMAGES_RECEIVED).increment();

        assertThat(telemetry.scrape()).isEmpty();
        try (Telemetry prometheus = Telemetry.prometheus()) {
            prometheus.counter(Meter.IMAGES_RECEIVED).increment();
            assertThat(prometheus.scrape()).contains("acclimate_images_received_total 1.0", "process_resident_memory");
        }
    }

    @Test
    void aMeterOfAnotherTypeOrWithAnotherNumberOfTagsIsABug() {
        assertThatThrownBy(() -> telemetry.gauge(Meter.PREDICTIONS, () -> 1, "default"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("PREDICTIONS is a COUNTER, not a GAUGE");
        assertThatThrownBy(() -> telemetry.counter(Meter.PREDICTIONS, "default", "more"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("PREDICTIONS takes tags [domain], got 2 values");
    }

    @Test
    void residentMemoryIsWhatTheSystemSaysOfThisProcess() {
        double resident = ProcessMemory.residentBytes();

        if (java.nio.file.Files.exists(java.nio.file.Path.of("/proc/self/status"))) {
            assertThat(resident).isGreaterThan(10e6);
        } else {
            assertThat(resident).isNaN();
        }
    }
}
