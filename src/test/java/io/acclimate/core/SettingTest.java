package io.acclimate.core;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingTest {
    @ParameterizedTest
    @ValueSource(longs = {0, 5})
    void refusesAWholeNumberBesideItsRange(long value) {
        assertThatThrownBy(() -> Setting.inRange("workers", value, 1, 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("workers must be 1 to 4, got " + value);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesANumberBesideItsRangeAndNaN(double value) {
        assertThatThrownBy(() -> Setting.inRange("momentum", value, 0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("momentum must be from 0.0 to 1.0, got " + value);
    }

    @Test
    void acceptsBothEndsOfARange() {
        assertThatCode(() -> {
                    Setting.inRange("workers", 1, 1, 4);
                    Setting.inRange("workers", 4, 1, 4);
                    Setting.inRange("momentum", 0.0, 0, 1);
                    Setting.inRange("momentum", 1.0, 0, 1);
                })
                .doesNotThrowAnyException();
    }
}
