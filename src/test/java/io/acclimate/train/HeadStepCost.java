package io.acclimate.train;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.infer.FeatureSession;
import io.acclimate.infer.SessionSettings;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.PrefixGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.node.InvalidModelException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Prints how long a large model takes to open, and what a step on its head costs against its frozen prefix alone in ONNX Runtime,
 * on the same rows and one thread each, in turns. Arguments: model file, rows of a batch, rounds.
 */
final class HeadStepCost {
    private HeadStepCost() {}

    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0]);
        int rows = Integer.parseInt(arguments[1]);
        int rounds = Integer.parseInt(arguments[2]);
        long began = System.nanoTime();
        long beganCpu = cpu();
        ModelGraph model = ModelGraph.read(file);
        long read = System.nanoTime();
        List<FeatureSession> sessions = new ArrayList<>();
        TrainSettings settings = TrainSettings.defaults().withTrainable("head");
        try (Trainer trainer =
                Trainer.open(model, WeightDelta.EMPTY, settings, Optional.of(prefix -> opened(prefix, sessions)))) {
            long opened = System.nanoTime();
            System.out.printf(
                    "%s: %.1f MB, opens in %.2f s (read %.2f s, trainer %.2f s; %.2f s of CPU), trains %s%n",
                    file.getFileName(),
                    Files.size(file) / 1e6,
                    (opened - began) / 1e9,
                    (read - began) / 1e9,
                    (opened - read) / 1e9,
                    (cpu() - beganCpu) / 1e9,
                    trainer.trainable());
            Shape row = model.card().input().row();
            LabelledBatch batch =
                    batch(row.prepend(rows), model.card().classes().count());
            List<Long> prefix = new ArrayList<>();
            List<Long> step = new ArrayList<>();
            for (int round = -1; round < rounds; round++) {
                long start = cpu();
                sessions.get(0).run(batch.inputs());
                long middle = cpu();
                trainer.step(batch, Optional.empty());
                long end = cpu();
                if (round >= 0) {
                    prefix.add(middle - start);
                    step.add(end - middle);
                }
            }
            System.out.printf(
                    "batch of %d, CPU time, best of %d: prefix %.1f ms, head step %.1f ms, ratio %.3f%n",
                    rows,
                    rounds,
                    Collections.min(prefix) / 1e6,
                    Collections.min(step) / 1e6,
                    Collections.min(step) / (double) Collections.min(prefix));
        }
    }

    /** Of this thread, which does all the work of both; wall time says little on a shared machine. */
    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static PrefixRuntime.Features opened(PrefixGraph prefix, List<FeatureSession> sessions)
            throws InvalidModelException {
        FeatureSession session = FeatureSession.open(prefix, SessionSettings.defaults());
        sessions.add(session);
        return new PrefixRuntime.Features() {
            @Override
            public FloatTensor of(FloatTensor batch) {
                return session.run(batch);
            }

            @Override
            public void close() {
                session.close();
            }
        };
    }

    private static LabelledBatch batch(Shape shape, int classes) {
        Random random = new Random(1);
        float[] values = new float[Math.toIntExact(shape.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        List<Integer> labels = new ArrayList<>();
        for (int i = 0; i < shape.extent(0); i++) {
            labels.add(random.nextInt(classes));
        }
        return new LabelledBatch(FloatTensor.wrap(shape, values), labels);
    }
}
