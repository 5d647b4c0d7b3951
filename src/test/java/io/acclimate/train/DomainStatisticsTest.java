package io.acclimate.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.node.InvalidModelException;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class DomainStatisticsTest {
    private static final int COUNT = 256;

    private static FloatTensor row(Shape shape, int index, float scale, float shift) {
        Random random = new Random(index);
        float[] values = new float[(int) shape.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = scale * (float) random.nextGaussian() + shift;
        }
        return FloatTensor.wrap(shape, values);
    }

    private static IntFunction<FloatTensor> domain(ModelGraph model, float scale, float shift) {
        return i -> row(model.card().input().row(), i, scale, shift);
    }

    private static double difference(FloatTensor one, FloatTensor other) {
        double sum = 0;
        for (int i = 0; i < one.values().length; i++) {
            sum += Math.abs(one.values()[i] - other.values()[i]);
        }
        return sum / one.values().length;
    }

    /** The model's logits for the same images: as they are in the source domain, and as the target domain shows them. */
    private static double changedBy(ModelGraph model, WeightDelta fitted, float scale, float shift) throws Exception {
        FloatTensor source = row(model.card().input().row().prepend(32), 7, 1, 0);
        FloatTensor target = row(model.card().input().row().prepend(32), 7, scale, shift);
        try (Trainer before = Trainer.open(model, WeightDelta.EMPTY, TrainSettings.defaults());
                Trainer after = Trainer.open(model, fitted, TrainSettings.defaults())) {
            return difference(before.logits(source), after.logits(target));
        }
    }

    @Test
    void aBatchNormalisationGetsTheMomentsOfTheDomain() throws InvalidModelException {
        ModelGraph model = Networks.residual("Relu");
        DomainStatistics statistics = new DomainStatistics(model, 0, i -> FloatTensor.wrap(Shape.of(0), new float[0]));

        WeightDelta fitted = statistics.fit(COUNT, domain(model, 0.5f, 2));

        assertThat(fitted.tensors()).containsOnlyKeys("a.mean", "a.var", "b.mean", "b.var");
        FloatTensor twice = statistics
                .fit(COUNT, domain(model.with(fitted), 0.5f, 2))
                .tensors()
                .get("a.mean");
        assertThat(twice).isEqualTo(fitted.tensors().get("a.mean"));
    }

    @Test
    void aNetworkWithoutNormalisationAnswersInTheTargetDomainAlmostAsInTheSourceDomain() throws Exception {
        ModelGraph model = Networks.leNet();
        DomainStatistics statistics = new DomainStatistics(model, COUNT, domain(model, 1, 0));

        WeightDelta fitted = statistics.fit(COUNT, domain(model, 0.4f, 0.8f));

        assertThat(changedBy(model, fitted, 0.4f, 0.8f))
                .isLessThan(0.3 * changedBy(model, WeightDelta.EMPTY, 0.4f, 0.8f));
    }

    @Test
    void theSourceDomainItselfChangesLittle() throws Exception {
        ModelGraph model = Networks.leNet();
        DomainStatistics statistics = new DomainStatistics(model, COUNT, domain(model, 1, 0));

        WeightDelta fitted = statistics.fit(COUNT, domain(model, 1, 0));

        assertThat(changedBy(model, fitted, 1, 0)).isLessThan(0.1 * changedBy(model, WeightDelta.EMPTY, 0.4f, 0.8f));
    }

    @Test
    void theLastLayerStaysSinceItsMeansFollowHowFrequentTheClassesAre() {
        ModelGraph model = Networks.leNet();
        GraphPlan plan = new GraphPlan(model);
        DomainStatistics statistics = new DomainStatistics(model, COUNT, domain(model, 1, 0));

        WeightDelta fitted = statistics.fit(COUNT, domain(model, 0.4f, 0.8f));

        var last = plan.lastLayers(1);
        assertThat(fitted.tensors().keySet())
                .isNotEmpty()
                .doesNotContainAnyElementsOf(last.get(last.size() - 1).inputs());
    }

    @Test
    void withoutSourceImagesOrEnoughTargetImagesNothingIsFitted() {
        ModelGraph model = Networks.leNet();
        DomainStatistics without = new DomainStatistics(model, 0, domain(model, 1, 0));
        DomainStatistics with = new DomainStatistics(model, COUNT, domain(model, 1, 0));

        assertThat(without.fit(COUNT, domain(model, 1, 0)).tensors()).isEmpty();
        assertThat(with.fit(31, domain(model, 1, 0)).tensors()).isEmpty();
    }

    @Test
    void aDomainThatIsNotFiniteFitsNothing() {
        ModelGraph model = Networks.residual("Relu");
        DomainStatistics statistics = new DomainStatistics(model, 0, domain(model, 1, 0));

        assertThat(statistics.fit(COUNT, domain(model, Float.NaN, 0)).tensors()).isEmpty();
    }
}
