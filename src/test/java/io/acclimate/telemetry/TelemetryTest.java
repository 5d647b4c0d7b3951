package io.acclimate.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TelemetryTest {
    private static void touch(Telemetry telemetry, Meter meter) {
        String[] tags = meter.tags().toArray(String[]::new);
        switch (meter.type()) {
            case COUNTER -> telemetry.counter(meter, tags).increment();
            case TIMER -> telemetry.timer(meter, tags).record(Duration.ofMillis(3));
            case SUMMARY -> telemetry.summary(meter, tags).record(7);
            case GAUGE -> telemetry.set(meter, 7, tags);
        }
    }

    @ParameterizedTest
    @EnumSource(Meter.class)
    void everyMeterHasLegalNamesAUnitAndASentence(Meter meter) {
        assertThat(meter.title()).matches("acclimate(\\.[a-z]+)+");
        assertThat(meter.tags()).allMatch(tag -> tag.matches("[a-z]+")).doesNotHaveDuplicates();
        assertThat(meter.unit()).matches("[a-z]+");
        assertThat(meter.description()).matches("[A-Z0-9].{15,}\\.");
        if (meter.type() == Meter.Type.TIMER) {
            assertThat(meter.unit()).isEqualTo("seconds");
        }
    }

    @Test
    void namesDiffer() {
        assertThat(Arrays.stream(Meter.values()).map(Meter::prometheusName)).doesNotHaveDuplicates();
    }

    @Test
    void everyMeterStandsOnThePageUnderItsPrometheusName() {
        try (Telemetry telemetry = Telemetry.prometheus()) {
            Stream.of(Meter.values()).forEach(meter -> touch(telemetry, meter));
            String page = telemetry.scrape();
            for (Meter meter : Meter.values()) {
                String suffix =
                        meter.type() == Meter.Type.TIMER || meter.type() == Meter.Type.SUMMARY ? "_bucket{" : "";
                assertThat(page)
                        .containsPattern("(?m)^" + meter.prometheusName() + (suffix.isEmpty() ? "[ {]" : "_bucket\\{"));
            }
            assertThat(page).contains("jvm_memory_used_bytes", "process_resident_memory_bytes");
        }
    }

    @Test
    void domainsBeyondTheLimitShareOneSeries() {
        Telemetry telemetry = Telemetry.inMemory();
        for (int i = 0; i < Telemetry.MAX_DOMAINS + 7; i++) {
            telemetry.counter(Meter.PREDICTIONS, "site-" + i).increment();
        }
        telemetry.counter(Meter.PREDICTIONS, "site-0").increment();
        assertThat(telemetry.total(Meter.PREDICTIONS, "site-0")).isEqualTo(2);
        assertThat(telemetry.total(Meter.PREDICTIONS, Telemetry.OTHER)).isEqualTo(7);
        assertThat(telemetry.total(Meter.PREDICTIONS)).isEqualTo(Telemetry.MAX_DOMAINS + 8.0);
    }

    @Test
    void rareCountersStartAtZeroSoThatTheirFirstIncreaseIsSeen() {
        try (Telemetry telemetry = Telemetry.prometheus()) {
            telemetry.counter(Meter.SAMPLES_READ, "east").increment();
            assertThat(telemetry.scrape())
                    .contains(
                            "acclimate_rollbacks_total{domain=\"east\"} 0.0",
                            "acclimate_domain_resets_total{domain=\"east\"} 0.0");
        }
    }

    @Test
    void aLaterSupplierReplacesTheGauge() {
        Telemetry telemetry = Telemetry.inMemory();
        telemetry.gauge(Meter.LIVE_SESSIONS, () -> 3);
        telemetry.gauge(Meter.LIVE_SESSIONS, () -> 1);
        assertThat(telemetry.total(Meter.LIVE_SESSIONS)).isEqualTo(1);
    }

    @Test
    void theSeriesOfADomainThatIsGoneAreOffThePageAndComeBackWithIt() {
        try (Telemetry telemetry = Telemetry.prometheus()) {
            telemetry.set(Meter.PREQUENTIAL_ACCURACY, 0.9, "east", "active");
            telemetry.set(Meter.PREQUENTIAL_ACCURACY, 0.8, "west", "active");
            telemetry.set(Meter.ACTIVE_VERSION, 3, "east");

            telemetry.remove(Meter.PREQUENTIAL_ACCURACY, "east");

            assertThat(telemetry.scrape())
                    .doesNotContain("acclimate_prequential_accuracy{domain=\"east\"")
                    .contains(
                            "acclimate_prequential_accuracy{domain=\"west\",model=\"active\"} 0.8",
                            "acclimate_active_version{domain=\"east\"} 3.0");
            telemetry.set(Meter.PREQUENTIAL_ACCURACY, 0.7, "east", "active");
            assertThat(telemetry.scrape())
                    .contains("acclimate_prequential_accuracy{domain=\"east\",model=\"active\"} 0.7");
        }
    }

    @Test
    void refusesWrongTypesAndTagCounts() {
        Telemetry telemetry = Telemetry.inMemory();
        assertThatThrownBy(() -> telemetry.counter(Meter.RUN_TIME)).hasMessageContaining("TIMER");
        assertThatThrownBy(() -> telemetry.counter(Meter.PREDICTIONS)).hasMessageContaining("[domain]");
    }
}
