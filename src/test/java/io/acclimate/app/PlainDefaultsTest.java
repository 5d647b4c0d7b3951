package io.acclimate.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Model.OptionSpec;

class PlainDefaultsTest {
    private static OptionSpec option(Object initial) {
        return OptionSpec.builder("--any")
                .type(initial.getClass())
                .initialValue(initial)
                .build();
    }

    @ParameterizedTest
    @CsvSource({"1.0E-4,0.0001", "1.0,1", "0.0,0", "1000000.0,1000000", "0.995,0.995", "200.0,200"})
    void numberIsWrittenWithoutExponentAndReadBackTheSame(double initial, String text) {
        String plain = new PlainDefaults().defaultValue(option(initial));

        assertThat(plain).isEqualTo(text);
        assertThat(Double.parseDouble(text)).isEqualTo(initial);
    }

    @ParameterizedTest
    @CsvSource({"PT0S,0s", "PT1.5S,1500ms", "PT2M,120s"})
    void durationIsWrittenAsAUserWritesIt(Duration initial, String text) {
        assertThat(new PlainDefaults().defaultValue(option(initial))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"NaN", "Infinity"})
    void numberThatHasNoDigitsIsLeftToJava(double initial) {
        assertThat(new PlainDefaults().defaultValue(option(initial))).isNull();
    }
}
