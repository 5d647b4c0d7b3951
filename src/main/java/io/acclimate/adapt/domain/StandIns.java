package io.acclimate.adapt.domain;

import io.acclimate.adapt.random.PictureChanges;
import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.core.FloatTensor;
import io.acclimate.infer.ModelSession;
import io.acclimate.train.LabelledBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes rows that take the place of source samples when there is no source set. Replayed target samples are changed at random in contrast,
 * brightness, sharpness and angle, and half of them are inverted. Those that the source model then classifies as their label says are
 * kept: it can only have learnt to do so on the source domain, so training on them keeps what it knows. They demand nothing that
 * contradicts the labels of the target, which is why they hardly slow down learning.
 *
 * <p>Rejected alternatives, on a network with batch norm: distillation of the source model on target rows (Li and Hoiem, <i>Learning
 * without Forgetting</i>, 2016) also holds on to its wrong answers, and L2-SP has to be so strong that little is learnt;
 * findings/decisions/learning-rate.md has the figures. Cost: one run of the source model on a batch for each step. It fails when no such
 * change leads from the target domain back to what the source model knows. The worker's thread only.
 */
final class StandIns {
    private final ModelSession source;
    private final PictureChanges changes;

    StandIns(ModelSession source) {
        this.source = source;
        this.changes = new PictureChanges(source.card().input().picture());
    }

    /**
     * Answers with at most {@code count} rows, and with none when the source model is right on none.
     *
     * @param tries changed rows for each row that is wanted
     */
    Optional<LabelledBatch> draw(int count, int tries, ReplayBuffer replay, SplitMix64 random) {
        List<ReplaySample> drawn = replay.draw(tries * count, random);
        if (drawn.isEmpty()) {
            return Optional.empty();
        }
        List<FloatTensor> changed = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (ReplaySample each : drawn) {
            changed.add(changes.drawn(each.row(), random));
            labels.add(each.classIndex());
        }
        boolean[] hits = BaseModel.predict(source, FloatTensor.stack(changed)).hits(labels);
        List<FloatTensor> rows = new ArrayList<>();
        List<Integer> classes = new ArrayList<>();
        for (int i = 0; i < hits.length && rows.size() < count; i++) {
            if (hits[i]) {
                rows.add(changed.get(i));
                classes.add(labels.get(i));
            }
        }
        return rows.isEmpty() ? Optional.empty() : Optional.of(new LabelledBatch(FloatTensor.stack(rows), classes));
    }
}
