package io.acclimate.train;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.onnx.GraphBuilder;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.card.ModelCard;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** On a model that only multiplies the means of three colours by a matrix, so that each term has a value one can work out. */
class ObjectiveTest {
    private static final FloatTensor ZEROS = FloatTensor.wrap(Shape.of(3, 2), new float[6]);
    private static final FloatTensor ONES = FloatTensor.wrap(Shape.of(3, 2), new float[] {1, 1, 1, 1, 1, 1});
    private static final LossTerms NONE =
            new LossTerms(0, 0, LossTerms.Align.CORAL, "", 0, 0, LossTerms.SourceLoss.LABELS);

    private static ModelGraph model(FloatTensor matrix) {
        GraphBuilder graph = new GraphBuilder("m", 17)
                .input("x", Shape.of(3, 1, 1))
                .weight("w", matrix)
                .node("Flatten", List.of("x"), List.of("f"), Map.of())
                .node("MatMul", List.of("f", "w"), List.of("y"), Map.of())
                .output("y", Shape.of(2));
        return Networks.graph("m", graph, "x", "y", ModelCard.OutputKind.LOGITS, 1, 2);
    }

    private static LabelledBatch batch(List<Integer> classes, float... values) {
        return new LabelledBatch(FloatTensor.wrap(Shape.of(classes.size(), 3, 1, 1), values), classes);
    }

    private static Objective.Result differentiated(
            LossTerms terms, FloatTensor now, FloatTensor start, LabelledBatch target, Optional<LabelledBatch> source) {
        ModelGraph model = model(start);
        GraphPlan plan = new GraphPlan(model);
        SortedMap<String, FloatTensor> weights = new TreeMap<>(Map.of("w", now));
        try (TrainableGraph graph = new TrainableGraph(model, plan, Optional.empty(), Map.of())) {
            Objective objective = new Objective(
                    graph,
                    plan,
                    terms,
                    plan.features(),
                    new RunningStatistics(List.of()),
                    new TreeMap<>(Map.of("w", start)),
                    Set.of(),
                    new DomainClassifier(1));
            return objective.differentiate(target.inputsWith(source), target, source, weights);
        }
    }

    private static float[] gradient(Objective.Result result) {
        return requireNonNull(result.gradients().get("w"));
    }

    @Test
    void theGradientOfCrossEntropyIsTheErrorTimesTheInput() {
        Objective.Result result = differentiated(NONE, ZEROS, ZEROS, batch(List.of(0), 1, 2, 3), Optional.empty());

        assertThat(result.report().target()).isCloseTo(Math.log(2), within(1e-6));
        assertThat(result.report().total()).isEqualTo(result.report().target());
        assertThat(gradient(result)).containsExactly(new float[] {-0.5f, 0.5f, -1, 1, -1.5f, 1.5f}, within(1e-6f));
        assertThat(result.report().gradientNorm()).isCloseTo(Math.sqrt(0.5 + 2 + 4.5), within(1e-5));
    }

    @Test
    void termsThatAreNotAskedForAreNotComputed() {
        StepReport report = differentiated(NONE, ONES, ZEROS, batch(List.of(0), 1, 2, 3), Optional.empty())
                .report();

        assertThat(report.source()).isNaN();
        assertThat(report.align()).isNaN();
        assertThat(report.l2sp()).isNaN();
        assertThat(report.distill()).isNaN();
    }

    @Test
    void sourceRowsWeighLambda() {
        LabelledBatch source = batch(List.of(1, 1), 1, 2, 3, 1, 2, 3);

        Objective.Result result =
                differentiated(NONE.withReplay(0.25), ZEROS, ZEROS, batch(List.of(0), 1, 2, 3), Optional.of(source));

        assertThat(result.report().source()).isCloseTo(Math.log(2), within(1e-6));
        assertThat(result.report().total()).isCloseTo(1.25 * Math.log(2), within(1e-6));
        assertThat(gradient(result)[0]).isCloseTo(-0.5f + 0.25f * 0.5f, within(1e-6f));
    }

    @Test
    void sourceRowsByAnswersCostNothingAtTheSourceModel() {
        FloatTensor start = FloatTensor.wrap(Shape.of(3, 2), new float[] {2, 0, 0, 0, 0, 0});

        Objective.Result result = differentiated(
                NONE.withReplay(1).withSourceLoss(LossTerms.SourceLoss.ANSWERS),
                start,
                start,
                batch(List.of(1), 0, 0, 1),
                Optional.of(batch(List.of(0), 1, 0, 0)));

        assertThat(result.report().source()).isCloseTo(0, within(1e-6));
        assertThat(gradient(result)[0]).isCloseTo(0, within(1e-6f));
    }

    @Test
    void sourceRowsByAnswersPullTowardsTheSourceModelsAnswer() {
        FloatTensor start = FloatTensor.wrap(Shape.of(3, 2), new float[] {2, 0, 0, 0, 0, 0});
        double answer = 1 / (1 + Math.exp(-1));

        Objective.Result result = differentiated(
                NONE.withReplay(0.5).withSourceLoss(LossTerms.SourceLoss.ANSWERS),
                ZEROS,
                start,
                batch(List.of(1), 0, 0, 1),
                Optional.of(batch(List.of(0), 1, 0, 0)));

        assertThat(result.report().source())
                .isCloseTo(
                        4 * (Math.log(2) + answer * Math.log(answer) + (1 - answer) * Math.log(1 - answer)),
                        within(1e-6));
        assertThat(gradient(result)[0]).isCloseTo((float) (0.5 * 2 * (0.5 - answer)), within(1e-6f));
    }

    @Test
    void thePullTowardsTheSourceModelIsTwiceTheDistanceTimesRho() {
        Objective.Result without = differentiated(NONE, ONES, ZEROS, batch(List.of(0), 1, 2, 3), Optional.empty());

        Objective.Result with =
                differentiated(NONE.withAnchors(0.5, 0), ONES, ZEROS, batch(List.of(0), 1, 2, 3), Optional.empty());

        assertThat(with.report().l2sp()).isEqualTo(6);
        assertThat(with.report().total()).isCloseTo(without.report().total() + 3, within(1e-6));
        for (int i = 0; i < 6; i++) {
            assertThat(gradient(with)[i]).isCloseTo(gradient(without)[i] + 1, within(1e-6f));
        }
    }

    @Test
    void distillationIsZeroAtTheSourceModelAndHoldsItThere() {
        Objective.Result result =
                differentiated(NONE.withAnchors(0, 2), ZEROS, ZEROS, batch(List.of(0), 1, 2, 3), Optional.empty());

        assertThat(result.report().distill()).isCloseTo(0, within(1e-7));
        assertThat(gradient(result)[0]).isCloseTo(-0.5f, within(1e-6f));
    }

    @Test
    void alignmentNeedsTwoRowsOfEachSide() {
        LossTerms terms = NONE.withAlignment(1, LossTerms.Align.CORAL, "");
        LabelledBatch one = batch(List.of(0), 1, 0, 0);
        LabelledBatch two = batch(List.of(0, 1), -1, 0, 0, 1, 0, 0);
        LabelledBatch other = batch(List.of(0, 1), -2, 0, 0, 2, 0, 0);

        assertThat(differentiated(terms, ZEROS, ZEROS, one, Optional.of(two))
                        .report()
                        .align())
                .isNaN();
        assertThat(differentiated(terms, ZEROS, ZEROS, two, Optional.of(other))
                        .report()
                        .align())
                .as("variances 2 and 8 of the first of three features")
                .isCloseTo(36 / 36.0, within(1e-6));
    }

    @Test
    void theKindDecidesTheDistance() {
        LabelledBatch target = batch(List.of(0, 1), -1, 0, 0, 1, 0, 0);
        LabelledBatch source = batch(List.of(0, 1), -2, 0, 0, 2, 0, 0);
        double[] all = {-2, 2, -1, 1};
        double width = 0;
        for (double one : all) {
            for (double other : all) {
                width += (one - other) * (one - other) / 16;
            }
        }
        double mmd = 0;
        for (int i = 0; i < 4; i++) {
            for (int k = 0; k < 4; k++) {
                for (double multiple : new double[] {0.25, 0.5, 1, 2, 4}) {
                    double kernel = Math.exp(-(all[i] - all[k]) * (all[i] - all[k]) / (width * multiple)) / 5;
                    mmd += (i < 2) == (k < 2) ? kernel / 4 : -kernel / 4;
                }
            }
        }

        StepReport report = differentiated(
                        NONE.withAlignment(3, LossTerms.Align.MMD, ""), ZEROS, ZEROS, target, Optional.of(source))
                .report();

        assertThat(report.align()).isCloseTo(mmd, within(1e-5));
        assertThat(report.total()).isCloseTo(report.target() + 3 * mmd, within(1e-4));
    }
}
