package io.acclimate.app.bench.adapt;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.trial.Trial;
import io.acclimate.core.Activation;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.DomainId;
import io.acclimate.core.GateDecision;
import io.acclimate.core.MiniBatch;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.dataset.Shift;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.train.Samples;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/** Serves and labels the images of one cell, and counts. One thread. */
final class CellRun {
    private static final DomainId DOMAIN = new DomainId("bench");
    private static final Instant TIME = Instant.EPOCH;
    /** Labels of one mini-batch, as the service fills them. */
    static final int ROUND = 32;

    private static final int WINDOW = 512;
    /** Images without labels of one record. */
    private static final int UNLABELLED_ROUND = 64;

    private final Cell cell;
    private final List<Integer> served = new ArrayList<>();
    private final List<Integer> frozen = new ArrayList<>();
    private final LossWatch loss;
    private int firstVersion = -1;
    private int versions;
    private int rejections;
    private int rollbacks;
    private int resets;
    private int restarts;
    private final List<Integer> drifts = new ArrayList<>();
    private int sequence;

    /** @param classes of the network */
    CellRun(Cell cell, int classes) {
        this.cell = cell;
        this.loss = new LossWatch(classes);
    }

    /** @param progress is called with the number of labels that were trained on so far */
    CellResult run(
            ModelGraph graph,
            Optional<Samples> source,
            LabelledImages images,
            int testSize,
            AdaptSettings settings,
            IntConsumer progress) {
        long began = cpuNanos();
        CellStream stream = new CellStream(cell, images, graph.card().input().picture(), testSize);
        try (Trial trial =
                new Trial(DOMAIN, graph, source, settings.withSeed(cell.seed()), Clock.fixed(TIME, ZoneOffset.UTC))) {
            CellStream.Rows targetTest = stream.test(cell.stream().last());
            CellStream.Rows sourceTest = stream.test(Shift.NONE);
            double frozenTarget = share(targetTest.hits(trial.frozen(targetTest.values())), testSize);
            double frozenSource = share(sourceTest.hits(trial.frozen(sourceTest.values())), testSize);
            for (int from = 0; from < cell.unlabelled(); from += UNLABELLED_ROUND) {
                unlabelled(trial, stream, from, Math.min(cell.unlabelled(), from + UNLABELLED_ROUND));
            }
            for (int from = 0; from < cell.labels(); from += ROUND) {
                round(trial, stream, from, Math.min(cell.labels(), from + ROUND));
                progress.accept(Math.min(cell.labels(), from + ROUND));
            }
            int target = targetTest.hits(trial.served(targetTest.values()));
            Trial.CalibrationErrors calibration = trial.calibration(targetTest.values(), targetTest.truth());
            double behind = cell.labels() == 0
                    ? share(target, testSize) - frozenTarget
                    : worstWindow(served, frozen, cell.labels());
            return new CellResult(
                    cell.network(),
                    cell.stream().label(),
                    cell.quality().label(),
                    cell.labels(),
                    cell.seed(),
                    share(sum(served), cell.labels()),
                    share(sum(frozen), cell.labels()),
                    share(target, testSize),
                    frozenTarget,
                    share(sourceTest.hits(trial.served(sourceTest.values())), testSize),
                    frozenSource,
                    calibration.raw(),
                    calibration.served(),
                    behind,
                    firstVersion,
                    versions,
                    rejections,
                    rollbacks,
                    resets,
                    restarts,
                    drifts,
                    loss.most(),
                    (cpuNanos() - began) / 1e9,
                    served,
                    frozen);
        }
    }

    private void round(Trial trial, CellStream stream, int from, int to) {
        CellStream.Rows rows = stream.served(from, to);
        served.add(rows.hits(trial.served(rows.values())));
        frozen.add(rows.hits(trial.frozen(rows.values())));
        // Versions keep a pace by the times at which mini-batches are closed: one a second is what 32 labels a second
        // give.
        Instant closed = TIME.plusSeconds(from / ROUND);
        MiniBatch batch = new MiniBatch(
                DOMAIN, sequence++, MiniBatch.FlushCause.COUNT, stream.samples(from, to, TIME), TIME, closed);
        trial.learn(batch).forEach(event -> count(event, to));
    }

    private void unlabelled(Trial trial, CellStream stream, int from, int to) {
        MiniBatch batch = MiniBatch.unlabelled(DOMAIN, sequence++, stream.unlabelled(from, to), TIME);
        trial.learn(batch).forEach(event -> count(event, 0));
    }

    private void count(AdaptationEvent event, int labels) {
        if (event instanceof AdaptationEvent.Judged judged) {
            rejections += judged.decision() instanceof GateDecision.Reject ? 1 : 0;
        } else if (event instanceof AdaptationEvent.Activated activated) {
            boolean back = activated.activation().cause() == Activation.Cause.ROLLBACK;
            versions += back ? 0 : 1;
            rollbacks += back ? 1 : 0;
            firstVersion = firstVersion < 0 ? labels : firstVersion;
        } else if (event instanceof AdaptationEvent.Reset) {
            resets++;
        } else if (event instanceof AdaptationEvent.Drifted) {
            drifts.add(labels);
        } else if (event instanceof AdaptationEvent.Restarted) {
            restarts++;
        } else if (event instanceof AdaptationEvent.Trained trained && trained.steps() > 0) {
            loss.see(trained.losses().getOrDefault("target", Double.NaN));
        }
    }

    /** The lowest difference of accuracies over {@value #WINDOW} images in a row; of all when there are fewer. */
    static double worstWindow(List<Integer> served, List<Integer> frozen, int images) {
        int rounds = Math.min(served.size(), WINDOW / ROUND);
        double worst = Double.POSITIVE_INFINITY;
        for (int from = 0; from + rounds <= served.size(); from++) {
            int ahead = sum(served.subList(from, from + rounds)) - sum(frozen.subList(from, from + rounds));
            int size = Math.min(images, (from + rounds) * ROUND) - from * ROUND;
            worst = Math.min(worst, share(ahead, size));
        }
        return worst;
    }

    private static int sum(List<Integer> hits) {
        return hits.stream().mapToInt(Integer::intValue).sum();
    }

    private static double share(int part, int whole) {
        return part / (double) whole;
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
