package io.acclimate.adapt.translation;

import io.acclimate.adapt.random.ChangeOdds;
import io.acclimate.adapt.random.PictureChanges;
import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.train.LabelledBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes rows that take the place of source samples when there is no source set. Replayed target samples are changed at random in contrast,
 * brightness, sharpness and angle, and some are inverted. Those that the source model then classifies as their label says are
 * kept: it can only have learnt to do so on the source domain, so training on them keeps what it knows. They demand nothing that
 * contradicts the labels of the target, which is why they hardly slow down learning.
 *
 * <p>Rejected alternatives, on a network with batch norm: distillation of the source model on target rows (Li and Hoiem, <i>Learning
 * without Forgetting</i>, 2016) also holds on to its wrong answers, and L2-SP has to be so strong that little is learnt;
 * findings/decisions/learning-rate.md has the figures. Cost: one run of the source model on a batch for each step. It fails when no such
 * change leads from the target domain back to what the source model knows. The worker's thread only.
 */
public final class StandIns {
    private final SourceAnswers source;
    private final PictureChanges changes;

    public StandIns(SourceAnswers source, InputSpec input) {
        this.source = source;
        this.changes = new PictureChanges(input);
    }

    /**
     * Changes {@code tried} by chance alone. Answers with at most {@code count} rows, and with none when the source model is right on none.
     */
    public Optional<LabelledBatch> draw(int count, List<PictureSample> tried, SplitMix64 random) {
        List<FloatTensor> changed =
                tried.stream().map(each -> changes.drawn(each.row(), random)).toList();
        return rightOnes(count, changed, tried, hits(changed, tried));
    }

    /** The same with changes drawn by {@code odds}, which see what became of each. Changes that are right by chance are left out. */
    public Optional<LabelledBatch> draw(int count, List<PictureSample> tried, SplitMix64 random, ChangeOdds odds) {
        List<ChangeOdds.Change> drawn =
                tried.stream().map(each -> odds.draw(random)).toList();
        List<FloatTensor> changed = new ArrayList<>();
        for (int i = 0; i < drawn.size(); i++) {
            changed.add(changes.drawn(tried.get(i).row(), drawn.get(i), random));
        }
        boolean[] hits = hits(changed, tried);
        for (int i = 0; i < hits.length; i++) {
            odds.see(drawn.get(i), hits[i]);
        }
        for (int i = 0; i < hits.length; i++) {
            hits[i] &= odds.isInformative(drawn.get(i));
        }
        return rightOnes(count, changed, tried, hits);
    }

    private boolean[] hits(List<FloatTensor> changed, List<PictureSample> tried) {
        boolean[] hits = new boolean[changed.size()];
        List<Integer> answers = changed.isEmpty() ? List.of() : source.classes(changed.size(), changed::get);
        for (int i = 0; i < hits.length; i++) {
            hits[i] = answers.get(i) == tried.get(i).classIndex();
        }
        return hits;
    }

    private static Optional<LabelledBatch> rightOnes(
            int count, List<FloatTensor> changed, List<PictureSample> tried, boolean[] hits) {
        List<FloatTensor> rows = new ArrayList<>();
        List<Integer> classes = new ArrayList<>();
        for (int i = 0; i < hits.length && rows.size() < count; i++) {
            if (hits[i]) {
                rows.add(changed.get(i));
                classes.add(tried.get(i).classIndex());
            }
        }
        return rows.isEmpty() ? Optional.empty() : Optional.of(new LabelledBatch(FloatTensor.stack(rows), classes));
    }
}
