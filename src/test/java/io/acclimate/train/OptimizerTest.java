package io.acclimate.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class OptimizerTest {
    private static final Offset<Float> CLOSE = within(1e-6f);

    private static FloatTensor floats(float... values) {
        return FloatTensor.wrap(Shape.of(values.length), values);
    }

    private static Optimizer optimizer(OptimizerSettings.Kind kind, double momentum, double decay) {
        return new Optimizer(new OptimizerSettings(kind, 0.1, momentum, decay, Double.POSITIVE_INFINITY));
    }

    @Test
    void momentumCarriesTheGradientsOfEarlierSteps() {
        Optimizer sgd = optimizer(OptimizerSettings.Kind.SGD, 0.5, 0);

        Optimizer.Update first = sgd.update("w", floats(1), new float[] {2}, Map.of(), 0.1, 1, 1);
        Optimizer.Update second = sgd.update("w", first.weights(), new float[] {2}, first.state(), 0.1, 1, 2);

        assertThat(first.weights().values()).containsExactly(new float[] {0.8f}, CLOSE);
        assertThat(second.weights().values()).as("velocity 0.5 · 2 + 2 = 3").containsExactly(new float[] {0.5f}, CLOSE);
        assertThat(second.state()).containsOnlyKeys("momentum/w");
    }

    @Test
    void weightDecayOfSgdIsPartOfTheGradient() {
        Optimizer sgd = optimizer(OptimizerSettings.Kind.SGD, 0, 0.5);

        Optimizer.Update update = sgd.update("w", floats(4), new float[] {1}, Map.of(), 0.1, 1, 1);

        assertThat(update.weights().values()).as("4 − 0.1 · (1 + 0.5 · 4)").containsExactly(new float[] {3.7f}, CLOSE);
    }

    @Test
    void theFirstStepOfAdamHasTheSizeOfTheRateWhateverTheGradient() {
        Optimizer adam = optimizer(OptimizerSettings.Kind.ADAMW, 0, 0);

        Optimizer.Update update = adam.update("w", floats(1, 1), new float[] {3, -0.002f}, Map.of(), 0.1, 1, 1);

        assertThat(update.weights().values()).containsExactly(new float[] {0.9f, 1.1f}, within(1e-5f));
        assertThat(update.state()).containsOnlyKeys("adam.mean/w", "adam.square/w");
    }

    @Test
    void adamCorrectsTheBiasOfItsYoungMeans() {
        Optimizer adam = optimizer(OptimizerSettings.Kind.ADAMW, 0, 0);
        Optimizer.Update first = adam.update("w", floats(0), new float[] {1}, Map.of(), 0.1, 1, 1);

        Optimizer.Update second = adam.update("w", first.weights(), new float[] {-1}, first.state(), 0.1, 1, 2);

        // Means 0.9 · 0.1 − 0.1 = −0.01 and 0.999 · 0.001 + 0.001 = 0.001999, over 0.19 and 0.001999.
        assertThat(second.weights().values())
                .containsExactly(new float[] {-0.1f + 0.1f * 0.01f / 0.19f}, within(1e-5f));
    }

    @Test
    void weightDecayOfAdamWIsApartFromTheGradient() {
        Optimizer adam = optimizer(OptimizerSettings.Kind.ADAMW, 0, 0.5);

        Optimizer.Update update = adam.update("w", floats(4), new float[] {0}, Map.of(), 0.1, 1, 1);

        assertThat(update.weights().values()).as("4 · (1 − 0.1 · 0.5)").containsExactly(new float[] {3.8f}, CLOSE);
    }

    @Test
    void anUpdateWritesFreshArraysSoThatItCanBeThrownAway() {
        FloatTensor weights = floats(1);
        FloatTensor velocity = floats(2);

        optimizer(OptimizerSettings.Kind.SGD, 0.9, 0)
                .update("w", weights, new float[] {1}, Map.of("momentum/w", velocity), 0.1, 1, 1);

        assertThat(weights.values()).containsExactly(1);
        assertThat(velocity.values()).containsExactly(2);
    }

    @Test
    void oneValueThatIsNotFiniteMakesAllOfThemSo() {
        assertThat(Optimizer.isFinite(new float[] {1, -2, 0})).isTrue();
        assertThat(Optimizer.isFinite(new float[] {1, Float.NaN})).isFalse();
        assertThat(Optimizer.isFinite(new float[] {Float.NEGATIVE_INFINITY})).isFalse();
    }
}
