package io.acclimate.train;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.onnx.GraphBuilder;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.card.ModelCard;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class DomainClassifierTest {
    private static final int TARGETS = 7;
    private static final int SOURCES = 5;
    private static final int WIDTH = 3;
    private static final double LN_2 = Math.log(2);

    /** The loss L_d of one judgement with its gradients: by the features, and by the classifier's own weights. */
    private record Judged(double loss, FloatTensor features, Map<String, float[]> own) {}

    private static Judged judge(DomainClassifier classifier, float[] features, double mu) {
        try (NDManager step = TorchEngine.newManager();
                GradientCollector collector = TorchEngine.engine().newGradientCollector()) {
            NDArray rows = step.create(features, new ai.djl.ndarray.types.Shape(features.length / WIDTH, WIDTH));
            rows.setRequiresGradient(true);
            DomainClassifier.Judgement judged = classifier.judge(step, rows, TARGETS, mu);
            collector.backward(judged.loss());
            Map<String, float[]> own = new TreeMap<>();
            judged.leaves()
                    .forEach((name, leaf) -> own.put(name, leaf.getGradient().toFloatArray()));
            assertThat(judged.distance()).isCloseTo(LN_2 - judged.loss().getFloat(), within(1e-6));
            FloatTensor gradient = FloatTensor.wrap(
                    Shape.of(features.length), rows.getGradient().toFloatArray());
            return new Judged(judged.loss().getFloat(), gradient, own);
        }
    }

    private static float[] features(long seed, double shift) {
        Random random = new Random(seed);
        float[] values = new float[(TARGETS + SOURCES) * WIDTH];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() + (i < TARGETS * WIDTH ? shift : 0));
        }
        return values;
    }

    private static DomainClassifier taught(int steps) {
        DomainClassifier classifier = new DomainClassifier(1);
        for (int i = 0; i < steps; i++) {
            classifier.learn(judge(classifier, features(i, 0.5), 1).own());
        }
        return classifier;
    }

    private static DomainClassifier restored(SortedMap<String, FloatTensor> state) {
        DomainClassifier classifier = new DomainClassifier(99);
        classifier.restore(state);
        return classifier;
    }

    private static float[] moved(float[] values, int index, double by) {
        float[] moved = values.clone();
        moved[index] += (float) by;
        return moved;
    }

    @Test
    void whatReachesTheFeaturesIsTheReversedGradientTimesMuAndTheSchedule() {
        DomainClassifier classifier = taught(60);
        double mu = 0.7;
        float[] features = features(500, 0.5);

        Judged judged = judge(classifier, features, mu);

        assertThat(classifier.strength()).isBetween(0.2, 0.4);
        for (int i = 0; i < features.length; i++) {
            double numeric = (judge(classifier, moved(features, i, 0.01), mu).loss()
                            - judge(classifier, moved(features, i, -0.01), mu).loss())
                    / 0.02;
            assertThat((double) judged.features().values()[i])
                    .as("feature %d", i)
                    .isCloseTo(-mu * classifier.strength() * numeric, within(1e-4 + 0.02 * Math.abs(numeric)));
        }
    }

    @Test
    void theClassifierItselfGoesDownItsWholeLoss() {
        DomainClassifier classifier = taught(20);
        SortedMap<String, FloatTensor> state = classifier.state();
        float[] features = features(500, 0.5);

        Judged judged = judge(classifier, features, 1000);

        judged.own().forEach((name, gradient) -> {
            int index = largest(gradient);
            double numeric =
                    (judge(changed(state, name, index, 0.01f), features, 0).loss()
                                    - judge(changed(state, name, index, -0.01f), features, 0)
                                            .loss())
                            / 0.02;
            assertThat((double) gradient[index]).as(name).isCloseTo(numeric, within(2e-3 * Math.abs(numeric) + 2e-4));
        });
        assertThat(judged.own()).hasSize(4);
    }

    private static int largest(float[] values) {
        int largest = 0;
        for (int i = 0; i < values.length; i++) {
            largest = Math.abs(values[i]) > Math.abs(values[largest]) ? i : largest;
        }
        return largest;
    }

    private static DomainClassifier changed(SortedMap<String, FloatTensor> state, String name, int index, float by) {
        SortedMap<String, FloatTensor> other = new TreeMap<>(state);
        FloatTensor tensor = requireNonNull(state.get(name));
        other.put(name, FloatTensor.wrap(tensor.shape(), moved(tensor.values(), index, by)));
        return restored(other);
    }

    @Test
    void theScheduleIsThePapersOverTheFirstThousandSteps() {
        DomainClassifier classifier = taught(1);
        Map<Integer, Double> expected =
                Map.of(0, 0.0, 100, 0.4621172, 500, 0.9866143, 1000, 0.9999092, 5000, 0.9999092);

        expected.forEach((steps, strength) -> {
            SortedMap<String, FloatTensor> state = new TreeMap<>(classifier.state());
            state.put("domain classifier/steps", FloatTensor.wrap(Shape.of(1), new float[] {steps}));

            assertThat(restored(state).strength()).as("after %d steps", steps).isCloseTo(strength, within(1e-6));
        });
    }

    @Test
    void domainsOfDifferentSizeWeighTheSame() {
        Judged judged = judge(new DomainClassifier(1), new float[(TARGETS + SOURCES) * WIDTH], 1);

        assertThat(requireNonNull(judged.own().get("domain classifier/last.bias"))[0])
                .as("it knows nothing yet")
                .isCloseTo(0, within(1e-6f));
        assertThat(judged.loss()).isCloseTo(LN_2, within(1e-6));
    }

    @Test
    void theScaleOfTheFeaturesChangesNoAnswer() {
        float[] features = features(3, 0.5);
        float[] large = features.clone();
        for (int i = 0; i < large.length; i++) {
            large[i] = 1000 * large[i] + 7;
        }

        double loss = judge(new DomainClassifier(1), features, 1).loss();

        assertThat(judge(new DomainClassifier(1), large, 1).loss()).isCloseTo(loss, within(1e-4));
    }

    @Test
    void itContinuesFromItsStateWithTheSameBits() {
        DomainClassifier straight = taught(12);
        DomainClassifier restored = restored(straight.state());

        for (DomainClassifier each : List.of(straight, restored)) {
            each.learn(judge(each, features(70, 0.5), 1).own());
        }

        assertThat(restored.state()).isEqualTo(straight.state());
        assertThat(restored.strength()).isEqualTo(straight.strength()).isPositive();
    }

    @Test
    void itBeginsAnewWithoutAStateAndWithFeaturesOfAnotherWidth() {
        DomainClassifier fresh = restored(new TreeMap<>());
        assertThat(fresh.strength()).isZero();
        assertThat(fresh.state()).isEmpty();

        DomainClassifier other = taught(5);
        try (NDManager step = TorchEngine.newManager()) {
            NDArray wider = step.create(new float[8], new ai.djl.ndarray.types.Shape(2, 4));
            assertThat(other.judge(step, wider, 1, 1).distance()).isCloseTo(0, within(1e-6));
        }
        assertThat(other.strength()).isZero();
    }

    @Test
    void gradientsThatAreNotFiniteLeaveItAsItIs() {
        DomainClassifier classifier = taught(2);
        SortedMap<String, FloatTensor> before = classifier.state();
        Map<String, float[]> gradients = judge(classifier, features(9, 1), 1).own();
        requireNonNull(gradients.get("domain classifier/last.bias"))[0] = Float.NaN;

        classifier.learn(gradients);

        assertThat(classifier.state()).isEqualTo(before);
    }

    /** At first, the domain is the most of the toy's features: of three values of a row, one tells the class, one the domain, one nothing. */
    private static final float[] START = {1, 0.3f, 0.5f, 1, 0.2f, -0.4f};

    private static ModelGraph toy() {
        GraphBuilder graph = new GraphBuilder("toy", 17)
                .input("x", Shape.of(3, 1, 1))
                .weight("w", FloatTensor.wrap(Shape.of(3, 2), START))
                .weight("head", Networks.uniform(new Random(2), -1, 1, 2, 2))
                .node("Flatten", List.of("x"), List.of("flat"), Map.of())
                .node("MatMul", List.of("flat", "w"), List.of("features"), Map.of())
                .node("MatMul", List.of("features", "head"), List.of("y"), Map.of())
                .output("y", Shape.of(2));
        return Networks.graph("toy", graph, "x", "y", ModelCard.OutputKind.LOGITS, 1, 2);
    }

    private static LabelledBatch rows(Random random, int count, int domain) {
        float[] values = new float[3 * count];
        List<Integer> classes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int own = random.nextInt(2);
            classes.add(own);
            values[3 * i] = (float) (2 * own - 1 + 0.3 * random.nextGaussian());
            values[3 * i + 1] = (float) (2 * domain - 1 + 0.3 * random.nextGaussian());
            values[3 * i + 2] = (float) random.nextGaussian();
        }
        return new LabelledBatch(FloatTensor.wrap(Shape.of(count, 3, 1, 1), values), classes);
    }

    /** How well another domain classifier can tell the domains by the features of the toy with these weights, in nats of ln 2. */
    private static double told(float[] w) {
        DomainClassifier other = new DomainClassifier(77);
        Random random = new Random(9);
        double last = 0;
        for (int i = 0; i < 250; i++) {
            float[] all = rows(random, 32, 1)
                    .inputsWith(Optional.of(rows(random, 32, 0)))
                    .values();
            float[] features = new float[128];
            for (int row = 0; row < 64; row++) {
                for (int column = 0; column < 2; column++) {
                    for (int k = 0; k < 3; k++) {
                        features[2 * row + column] += all[3 * row + k] * w[2 * k + column];
                    }
                }
            }
            try (NDManager step = TorchEngine.newManager();
                    GradientCollector collector = TorchEngine.engine().newGradientCollector()) {
                DomainClassifier.Judgement judged =
                        other.judge(step, step.create(features, new ai.djl.ndarray.types.Shape(64, 2)), 32, 0);
                collector.backward(judged.loss());
                Map<String, float[]> own = new TreeMap<>();
                judged.leaves()
                        .forEach(
                                (name, leaf) -> own.put(name, leaf.getGradient().toFloatArray()));
                other.learn(own);
                last += i >= 200 ? judged.distance() / 50 : 0;
            }
        }
        return last;
    }

    @Test
    void theFeaturesOfTwoDomainsBecomeIndistinguishableAndStillTellTheClass() throws Exception {
        TrainSettings settings = TrainSettings.defaults()
                .withOptimizer(new OptimizerSettings(OptimizerSettings.Kind.SGD, 0.02, 0.9, 0, 5))
                .withTerms(LossTerms.defaults()
                        .withReplay(1)
                        .withSourceLoss(LossTerms.SourceLoss.LABELS)
                        .withAlignment(1, LossTerms.Align.DANN, ""))
                .withAverageDecay(0);
        try (Trainer trainer = Trainer.open(toy(), WeightDelta.EMPTY, settings)) {
            Random random = new Random(4);
            StepReport last = null;
            for (int i = 0; i < 800; i++) {
                last = trainer.step(rows(random, 32, 1), Optional.of(rows(random, 32, 0)));
            }
            float[] end = requireNonNull(trainer.weights().tensors().get("w")).values();

            assertThat(told(START)).as("before").isGreaterThan(0.5);
            assertThat(told(end)).as("after").isLessThan(0.05);
            assertThat(requireNonNull(last).target()).isLessThan(0.1);
            assertThat(last.align()).isLessThan(0.1);
            assertThat(trainer.weights().tensors()).containsOnlyKeys("w", "head");
        }
    }
}
