package io.acclimate.train.offline;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.train.LabelledBatch;
import io.acclimate.train.Samples;
import io.acclimate.train.StepReport;
import io.acclimate.train.Trainer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Transfer learning over a data set that is all there: the same trainer as online, in epochs. One seed decides order and
 * augmentation, so a run repeats bit for bit.
 */
public final class OfflineTraining {
    private static final int TEST_BATCH = 250;

    private final Trainer trainer;
    private final InputSpec input;
    private final OfflineSettings settings;

    public OfflineTraining(Trainer trainer, InputSpec input, OfflineSettings settings) {
        this.trainer = trainer;
        this.input = input;
        this.settings = settings;
    }

    /**
     * After each step.
     *
     * @param epoch from 1
     * @param step from 1, over all epochs
     */
    public record Progress(int epoch, long step, long steps, double learningRate, StepReport report) {}

    /**
     * After each epoch.
     *
     * @param meanLoss of the whole loss over the epoch's steps
     * @param meanTerms of each term that was computed, unweighted
     * @param testAccuracy empty without a test set
     */
    public record Epoch(
            int epoch, double meanLoss, Map<String, Double> meanTerms, long skipped, OptionalDouble testAccuracy) {
        public Epoch {
            meanTerms = Collections.unmodifiableMap(new TreeMap<>(meanTerms));
        }
    }

    /** Trains on {@code target}, with as many rows of {@code source} replayed beside each batch where it is given. */
    public List<Epoch> run(
            Samples target,
            Optional<Samples> source,
            Optional<Samples> test,
            Consumer<Progress> onStep,
            Consumer<Epoch> onEpoch) {
        Random random = new Random(settings.seed());
        long perEpoch = (target.size() + settings.batchSize() - 1L) / settings.batchSize();
        long steps = perEpoch * settings.epochs();
        long step = 0;
        List<Epoch> epochs = new ArrayList<>();
        for (int epoch = 1; epoch <= settings.epochs(); epoch++) {
            List<Integer> order = order(target.size(), random);
            Map<String, Double> sums = new TreeMap<>();
            long skipped = 0;
            for (int from = 0; from < order.size(); from += settings.batchSize()) {
                double rate = settings.schedule().rate(settings.learningRate(), step, steps);
                trainer.learningRate(rate);
                List<Integer> chosen = order.subList(from, Math.min(order.size(), from + settings.batchSize()));
                LabelledBatch batch = batch(target, chosen, random);
                Optional<LabelledBatch> replay =
                        source.map(set -> batch(set, drawn(set, chosen.size(), random), random));
                StepReport report = trainer.step(batch, replay);
                if (!report.skipped()) {
                    report.losses().forEach((term, loss) -> sums.merge(term, loss, Double::sum));
                }
                skipped += report.skipped() ? 1 : 0;
                onStep.accept(new Progress(epoch, ++step, steps, rate, report));
            }
            OptionalDouble accuracy =
                    test.map(set -> OptionalDouble.of(accuracy(set))).orElse(OptionalDouble.empty());
            long taken = perEpoch - skipped;
            sums.replaceAll((term, sum) -> sum / taken);
            Double total = sums.remove("total");
            Epoch report = new Epoch(epoch, total == null ? Double.NaN : total, sums, skipped, accuracy);
            epochs.add(report);
            onEpoch.accept(report);
        }
        return epochs;
    }

    private List<Integer> order(int size, Random random) {
        List<Integer> order = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            order.add(i);
        }
        if (settings.shuffle() == OfflineSettings.Order.SHUFFLED) {
            Collections.shuffle(order, random);
        }
        return order;
    }

    private static List<Integer> drawn(Samples set, int count, Random random) {
        List<Integer> drawn = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            drawn.add(random.nextInt(set.size()));
        }
        return drawn;
    }

    private LabelledBatch batch(Samples set, List<Integer> indexes, Random random) {
        List<FloatTensor> rows = new ArrayList<>(indexes.size());
        List<Integer> classes = new ArrayList<>(indexes.size());
        for (int index : indexes) {
            rows.add(settings.augmentation().apply(set.row(index), input, random));
            classes.add(set.label(index));
        }
        return new LabelledBatch(FloatTensor.stack(rows), classes);
    }

    /** The share of a set that the trainer's current weights classify rightly. */
    public double accuracy(Samples set) {
        long right = 0;
        for (int from = 0; from < set.size(); from += TEST_BATCH) {
            int to = Math.min(set.size(), from + TEST_BATCH);
            List<FloatTensor> rows = new ArrayList<>();
            for (int i = from; i < to; i++) {
                rows.add(set.row(i));
            }
            FloatTensor outputs = trainer.outputs(FloatTensor.stack(rows));
            for (int i = from; i < to; i++) {
                right += argmax(outputs.row(i - from).values()) == set.label(i) ? 1 : 0;
            }
        }
        return (double) right / set.size();
    }

    private static int argmax(float[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }
}
