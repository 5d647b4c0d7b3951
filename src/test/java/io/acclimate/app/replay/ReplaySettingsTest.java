package io.acclimate.app.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.app.options.DurationText;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.TypeConversionException;

class ReplaySettingsTest {
    private static LabelSettings labels(double fraction, Duration delay, double noise) {
        return new LabelSettings(fraction, delay, noise, LabelSettings.Content.BYTES);
    }

    @Test
    void valuesOutsideTheirRangeAreNamed() {
        assertThatThrownBy(() -> ReplaySettings.defaults(0)).hasMessage("images must be at least 1, got 0");
        assertThatThrownBy(() -> ReplaySettings.defaults(1).withRate(-1)).hasMessageContaining("got -1");
        assertThatThrownBy(() -> labels(1.5, Duration.ZERO, 0)).hasMessageContaining("labelFraction", "1.5");
        assertThatThrownBy(() -> labels(1, Duration.ZERO, -0.1)).hasMessageContaining("labelNoise", "-0.1");
        assertThatThrownBy(() -> labels(1, Duration.ofSeconds(-1), 0)).hasMessageContaining("labelDelay");
    }

    @Test
    void unpacedDiffersFromTheDefaultInRateAndSeedOnly() {
        assertThat(ReplaySettings.unpaced(5, 7))
                .isEqualTo(ReplaySettings.defaults(5).withRate(0).withSeed(7));
    }

    @ParameterizedTest
    @CsvSource({"200/s,200", "200,200", "0.5/s,0.5"})
    void rateMayNameItsUnit(String text, double rate) {
        assertThat(new ReplayCommand.Rate().convert(text)).isEqualTo(rate);
    }

    @ParameterizedTest
    @CsvSource({"500ms,PT0.5S", "2s,PT2S", "5m,PT5M", "1h,PT1H", "PT1M,PT1M"})
    void delayIsShortOrIso(String text, Duration delay) {
        assertThat(new DurationText().convert(text)).isEqualTo(delay);
    }

    @Test
    void delayWithoutAUnitIsRefused() {
        assertThatThrownBy(() -> new DurationText().convert("500"))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("'500'");
    }
}
