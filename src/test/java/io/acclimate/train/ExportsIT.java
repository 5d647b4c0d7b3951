package io.acclimate.train;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.ClassNames;
import io.acclimate.core.FloatTensor;
import io.acclimate.infer.ModelSession;
import io.acclimate.infer.Scores;
import io.acclimate.infer.SessionSettings;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.onnx.node.InvalidModelException;
import io.acclimate.onnx.rewrite.FreshRows;
import io.acclimate.train.Exports.Export;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Networks that torchvision exported against PyTorch itself, on the same 24 files: {@code make_exports.py} writes both.
 *
 * <p>Where the exporter merged parameters (batch norm into a convolution, a table of position biases into its looked-up form) the
 * descent is another one: the step of {@code w·γ/σ} is not the product of the steps of {@code w} and {@code γ}. PyTorch then trains a twin with
 * the merged parameters, and it is the twin's logits and weights that are compared. Where weights were only transposed or
 * renamed, PyTorch trains the network itself.
 */
@Tag("exports")
class ExportsIT {
    private static final double BOUND = 1e-3;
    private static final double FLOAT = 1e-5;
    private static final TrainSettings PLAIN_SGD = TrainSettings.defaults()
            .withOptimizer(new OptimizerSettings(OptimizerSettings.Kind.SGD, 0.002, 0.9, 0, Double.POSITIVE_INFINITY))
            .withAverageDecay(0);

    @TempDir
    Path folder;

    static List<Export> exports() throws IOException {
        return Exports.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("exports")
    void anExportOpensProvesParityAndTrainsAsInPyTorch(Export export) throws Exception {
        ModelGraph model = ModelGraph.read(export.file());
        FloatTensor images = Exports.images(model.card().input().picture());
        FloatTensor initial = export.logits("before");

        Path normalised = Files.write(folder.resolve("normalised.onnx"), model.export(WeightDelta.EMPTY));
        if (!export.inTrainingMode()) {
            assertThat(distance(
                            Exports.inOnnxRuntime(normalised, images), Exports.inOnnxRuntime(export.file(), images)))
                    .as("normalised graph to the file, both in ONNX Runtime")
                    .isLessThan(FLOAT);
        }
        try (Trainer trainer = Trainer.open(model, WeightDelta.EMPTY, PLAIN_SGD);
                ModelSession session = ModelSession.open(model, WeightDelta.EMPTY, SessionSettings.defaults())) {
            double parity = trainer.prove(session::run);
            double before = distance(trainer.logits(images), initial);
            for (LabelledBatch batch : Exports.batches(images)) {
                assertThat(trainer.step(batch, Optional.empty()).skipped()).isFalse();
            }
            double after = distance(trainer.logits(images), export.logits("after"));
            double moved = distance(export.logits("after"), initial);
            Map<String, FloatTensor> reference = export.weights().tensors();
            SortedSet<String> kept = new TreeSet<>(trainer.trainable());
            kept.retainAll(reference.keySet());
            double worst = 0;
            String where = "";
            for (String name : kept) {
                FloatTensor theirs = requireNonNull(reference.get(name));
                double each =
                        distance(requireNonNull(trainer.weights().tensors().get(name)), theirs);
                where = each > worst ? name : where;
                worst = Math.max(worst, each);
            }
            System.out.printf(
                    Locale.ROOT,
                    "%s (%s): parity %.1e, logits before %.1e, after %.1e, moved %.1e; %d of %d weights kept, %.1e %s%n",
                    export,
                    export.parameters(),
                    parity,
                    before,
                    after,
                    moved,
                    kept.size(),
                    reference.size(),
                    worst,
                    where);
            assertThat(before).as("logits before").isLessThan(1e-4);
            assertThat(moved).as("how far the steps moved the logits").isGreaterThan(50 * BOUND);
            assertThat(after).as("logits after three steps").isLessThan(BOUND);
            assertThat(worst).as("weights after three steps, worst is " + where).isLessThan(BOUND);
            if (export.keepsAllNames()) {
                assertThat(trainer.trainable()).isEqualTo(reference.keySet());
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("exports")
    void anExportTakesMoreClassesAndScoresThoseItKnowsAsBefore(Export export) throws Exception {
        ModelGraph model = ModelGraph.read(export.file());
        FloatTensor images = Exports.images(model.card().input().picture());
        List<String> names = new ArrayList<>(model.card().classes().names());
        Collections.reverse(names);
        names.addAll(List.of("fox", "hen"));

        ModelGraph wider = model.withClasses(new ClassNames(names), new FreshRows.MeanOfKept());

        FloatTensor before = scored(model, images);
        FloatTensor after = scored(wider, images);
        assertThat(wider.weights().keySet()).isEqualTo(model.weights().keySet());
        boolean softmax = model.card().outputKind() == ModelCard.OutputKind.PROBABILITIES;
        for (int i = 0; i < before.shape().extent(0); i++) {
            float[] was = before.row(i).values();
            float[] is = after.row(i).values();
            assertThat(Scores.best(after, i)).isEqualTo(9 - Scores.best(before, i));
            for (int c = 0; c < 10; c++) {
                double expected = softmax ? was[c] * (1.0 - is[10] - is[11]) : was[c];
                assertThat((double) is[9 - c]).isCloseTo(expected, Offset.offset(1e-4));
            }
        }
    }

    private static FloatTensor scored(ModelGraph model, FloatTensor images) throws InvalidModelException {
        try (ModelSession session = ModelSession.open(model, WeightDelta.EMPTY, SessionSettings.defaults())) {
            return session.run(images);
        }
    }

    /** The largest difference, relative to the largest value of {@code theirs}. */
    private static double distance(FloatTensor ours, FloatTensor theirs) {
        assertThat(ours.shape()).isEqualTo(theirs.shape());
        double scale = Float.MIN_NORMAL;
        double difference = 0;
        for (int i = 0; i < ours.values().length; i++) {
            scale = Math.max(scale, Math.abs(theirs.values()[i]));
            double each = Math.abs(ours.values()[i] - theirs.values()[i]);
            difference = Double.isNaN(each) ? Double.POSITIVE_INFINITY : Math.max(difference, each);
        }
        return difference / scale;
    }
}
