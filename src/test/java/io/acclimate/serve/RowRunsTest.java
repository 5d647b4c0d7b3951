package io.acclimate.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.DomainId;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.core.VersionId;
import io.acclimate.infer.BiasModel;
import io.acclimate.infer.Lease;
import io.acclimate.infer.LiveSessions;
import io.acclimate.infer.RunFailedException;
import io.acclimate.infer.Scorer;
import io.acclimate.infer.Scores;
import io.acclimate.infer.SessionSlot;
import io.acclimate.onnx.card.ModelCard;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowRunsTest {
    private static final ModelCard CARD = BiasModel.graph().card();
    private static final int SIZE = 192;
    private static final float BAD = 1e6f;

    private int runs;

    @Test
    void rowsThatTheModelRunsTakeOneRun() {
        RowRuns.Scored scored = run(64, rows -> false);

        assertThat(runs).isEqualTo(1);
        assertThat(scored.refused()).isEmpty();
        answered(scored, 64);
    }

    @Test
    void oneBadRowOfManyTakesFewRuns() {
        List<FloatTensor> rows = rows(64);
        rows.get(37).values()[0] = BAD;

        RowRuns.Scored scored = run(rows, each -> contains(each, BAD));

        assertThat(scored.refused()).containsOnlyKeys(37);
        assertThat(scored.refused().get(37)).isEqualTo("out of bounds");
        assertThat(Scores.finite(scored.output(), 37)).isFalse();
        assertThat(Scores.best(scored.output(), 36)).isEqualTo(36 % BiasModel.CLASSES);
        assertThat(Scores.best(scored.output(), 38)).isEqualTo(38 % BiasModel.CLASSES);
        assertThat(runs)
                .as("the batch, two halves six times, the row again, two dry runs")
                .isEqualTo(16);
    }

    @Test
    void aFailureThatPassesRefusesNothing() {
        for (int failing = 1; failing < 9; failing++) {
            int first = failing;
            runs = 0;

            // The second run is the first dry run.
            RowRuns.Scored scored = run(8, rows -> runs == 1 || (runs > 2 && runs <= 1 + first));

            assertThat(scored.refused()).isEmpty();
            answered(scored, 8);
        }
    }

    @Test
    void memoryThatSufficesForOneRowOnlyRefusesNothing() {
        RowRuns.Scored scored = run(8, rows -> rows.shape().extent(0) > 1);

        assertThat(scored.refused()).isEmpty();
        answered(scored, 8);
    }

    @Test
    void aSessionThatRunsNothingIsNoFaultOfTheRows() {
        assertThatThrownBy(() -> run(64, rows -> true))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("version 7 fails on images and on the row of its warm-up too")
                .hasMessageContaining("out of bounds");
        assertThat(runs).as("found before the rows are tried one by one").isEqualTo(2);
    }

    @Test
    void aSessionThatFailsFromTheMiddleOfABatchOnIsNoFaultOfTheRows() {
        for (int healthy = 2; healthy < 10; healthy++) {
            int last = healthy;
            runs = 0;
            List<FloatTensor> rows = rows(8);
            rows.get(0).values()[0] = BAD;

            assertThatThrownBy(() -> run(rows, each -> runs > last || contains(each, BAD)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("the images are not the cause");
        }
    }

    @Test
    void aScoreOfTheWarmUpThatIsNoNumberIsNoFaultOfTheRows() {
        List<FloatTensor> rows = rows(2);
        rows.get(0).values()[0] = BAD;
        Scorer scorer = new Failing(each -> contains(each, BAD), Float.NaN);

        assertThatThrownBy(() -> run(scorer, rows)).hasMessageContaining("a score of NaN");
    }

    private RowRuns.Scored run(int count, Predicate<FloatTensor> fails) {
        return run(rows(count), fails);
    }

    private RowRuns.Scored run(List<FloatTensor> rows, Predicate<FloatTensor> fails) {
        return run(new Failing(fails, 1), rows);
    }

    private static RowRuns.Scored run(Scorer scorer, List<FloatTensor> rows) {
        try (SessionSlot slot = new SessionSlot(new LiveSessions())) {
            slot.swap(new VersionId(DomainId.DEFAULT, 7), scorer);
            try (Lease lease = slot.acquire().orElseThrow()) {
                return RowRuns.run(lease, rows);
            }
        }
    }

    /** Row i begins with i modulo the number of classes. */
    private static List<FloatTensor> rows(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    float[] values = new float[SIZE];
                    values[0] = i % BiasModel.CLASSES;
                    return FloatTensor.wrap(BiasModel.INPUT.row(), values);
                })
                .toList();
    }

    private static boolean contains(FloatTensor rows, float value) {
        return IntStream.range(0, rows.values().length).anyMatch(i -> rows.values()[i] == value);
    }

    private static void answered(RowRuns.Scored scored, int count) {
        for (int i = 0; i < count; i++) {
            assertThat(Scores.best(scored.output(), i)).as("row %s", i).isEqualTo(i % BiasModel.CLASSES);
        }
    }

    /** Scores the class that a row begins with, or fails. */
    private final class Failing implements Scorer {
        private final Predicate<FloatTensor> fails;
        private final float score;

        Failing(Predicate<FloatTensor> fails, float score) {
            this.fails = fails;
            this.score = score;
        }

        @Override
        public FloatTensor run(FloatTensor batch) {
            runs++;
            if (fails.test(batch)) {
                throw new RunFailedException("out of bounds");
            }
            int count = batch.shape().extent(0);
            float[] scores = new float[count * BiasModel.CLASSES];
            for (int i = 0; i < count; i++) {
                int named = Math.max(0, Math.min((int) batch.values()[i * SIZE], BiasModel.CLASSES - 1));
                scores[i * BiasModel.CLASSES + named] = score;
            }
            return FloatTensor.wrap(Shape.of(count, BiasModel.CLASSES), scores);
        }

        @Override
        public ModelCard card() {
            return CARD;
        }

        @Override
        public void close() {}
    }
}
