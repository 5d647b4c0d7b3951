package io.acclimate.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.FloatTensor;
import io.acclimate.infer.FeatureSession;
import io.acclimate.infer.SessionSettings;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** 20,000 steps of a small CNN; minutes. {@code mvn verify -Psoak -DskipUTs=true -Dit.test=TrainingMemoryIT} */
@Tag("soak")
class TrainingMemoryIT {
    private static final int SETTLED = 1_000;
    private static final int STEPS = 20_000;
    private static final int SETS = 16;

    /** Of this process, native memory included, after a collection: how far the collector lets the heap grow is its own affair. */
    private static long residentKilobytes() throws Exception {
        System.gc();
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", "last:2"})
    void residentMemoryIsFlatFromStep1000ToStep20000(String trainable) throws Exception {
        ModelGraph model = Networks.leNet();
        TrainSettings settings = TrainSettings.defaults()
                .withTrainable(trainable)
                .withTerms(new LossTerms(1, 1, LossTerms.Align.CORAL, "", 1e-4, 0.1, LossTerms.SourceLoss.ANSWERS));
        LabelledBatch[] batches = new LabelledBatch[SETS];
        for (int i = 0; i < SETS; i++) {
            batches[i] = Networks.batch(model, 8, i);
        }
        PrefixRuntime runtime = prefix -> {
            FeatureSession session = FeatureSession.open(prefix, SessionSettings.defaults());
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
        };
        long settled = 0;
        try (Trainer trainer = Trainer.open(model, WeightDelta.EMPTY, settings, Optional.of(runtime))) {
            for (int step = 1; step <= STEPS; step++) {
                trainer.step(batches[step % SETS], Optional.of(batches[(step + 1) % SETS]));
                if (step == SETTLED) {
                    settled = residentKilobytes();
                }
            }
        }
        long end = residentKilobytes();

        System.out.printf(
                "%s: resident %,d kB at step %,d, %,d kB at step %,d, growth %.2f%%%n",
                trainable, settled, SETTLED, end, STEPS, 100.0 * (end - settled) / settled);
        assertThat((double) end).isLessThan(1.05 * settled);
    }
}
