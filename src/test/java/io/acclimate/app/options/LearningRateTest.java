package io.acclimate.app.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.train.OptimizerSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine.TypeConversionException;

class LearningRateTest {
    private static final LearningRate.Reader READER = new LearningRate.Reader();

    @ParameterizedTest
    @EnumSource(OptimizerSettings.Kind.class)
    void autoBoundsWhatAStepDoes(OptimizerSettings.Kind kind) {
        OptimizerSettings settings = READER.convert("auto").settings(kind, 0.8, 0.1, 3);

        assertThat(settings).isEqualTo(OptimizerSettings.automatic(kind, 0.8, 0.1, 3));
        assertThat(settings.isAutomatic()).isTrue();
    }

    @Test
    void aNumberFixesTheRateAndBoundsNothing() {
        OptimizerSettings settings = READER.convert("0.02").settings(OptimizerSettings.Kind.SGD, 0.8, 0.1, 3);

        assertThat(settings).isEqualTo(new OptimizerSettings(OptimizerSettings.Kind.SGD, 0.02, 0.8, 0.1, 3));
        assertThat(settings.isAutomatic()).isFalse();
    }

    @Test
    void theDefaultIsWrittenAsOneWouldTypeIt() {
        assertThat(LearningRate.of(OptimizerSettings.defaults())).hasToString("auto");
        assertThat(LearningRate.of(OptimizerSettings.defaults().withLearningRate(0.01)))
                .hasToString("0.01");
    }

    @Test
    void anythingElseIsRefusedWithItsValue() {
        assertThatThrownBy(() -> READER.convert("fast"))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("'fast'");
    }
}
