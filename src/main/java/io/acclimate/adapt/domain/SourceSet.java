package io.acclimate.adapt.domain;

import io.acclimate.core.FloatTensor;
import io.acclimate.gate.Paired;
import io.acclimate.infer.ModelSession;
import io.acclimate.train.LabelledBatch;
import io.acclimate.train.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The source set in two parts: the rows that replay draws from, and every n-th row, which is never trained on and shows what the model
 * forgets. The worker's thread only.
 */
public final class SourceSet {
    private final Optional<Samples> samples;
    private final List<Integer> replayed = new ArrayList<>();
    private final List<FloatTensor> checkRows = new ArrayList<>();
    private final List<Integer> checkLabels = new ArrayList<>();
    private final Optional<StandIns> standIns;
    private final boolean[] sourceHits;
    private final String name;

    public SourceSet(Optional<Samples> samples, int check, ModelSession source) {
        this.samples = samples;
        this.standIns = samples.isEmpty() ? Optional.of(new StandIns(source)) : Optional.empty();
        samples.ifPresent(set -> {
            int kept = Math.min(check, set.size() / 2);
            int every = kept == 0 ? Integer.MAX_VALUE : set.size() / kept;
            for (int i = 0; i < set.size(); i++) {
                if (i % every == every - 1 && checkRows.size() < kept) {
                    checkRows.add(set.row(i));
                    checkLabels.add(set.label(i));
                } else {
                    replayed.add(i);
                }
            }
        });
        this.sourceHits = checkRows.isEmpty()
                ? new boolean[0]
                : BaseModel.predict(source, FloatTensor.stack(checkRows)).hits(checkLabels);
        this.name = samples.isEmpty()
                ? "none"
                : samples.get().size() + " samples, "
                        + Integer.toHexString(31 * checkRows.hashCode() + checkLabels.hashCode());
    }

    /** Names the set by its size and by a hash of the rows that are kept from training. Equal sets have equal names. */
    public String name() {
        return name;
    }

    /** What takes the place of source samples; empty when there is a source set. */
    Optional<StandIns> standIns() {
        return standIns;
    }

    Optional<LabelledBatch> draw(int count, SplitMix64 random) {
        if (samples.isEmpty() || replayed.isEmpty()) {
            return Optional.empty();
        }
        List<FloatTensor> rows = new ArrayList<>(count);
        List<Integer> labels = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int index = replayed.get(random.below(replayed.size()));
            rows.add(samples.get().row(index));
            labels.add(samples.get().label(index));
        }
        return Optional.of(new LabelledBatch(FloatTensor.stack(rows), labels));
    }

    /** Compares the candidate with the source model on the rows that are kept from training. */
    Optional<Paired> judge(ModelSession candidate) {
        return checkRows.isEmpty()
                ? Optional.empty()
                : Optional.of(Paired.of(
                        BaseModel.predict(candidate, FloatTensor.stack(checkRows))
                                .hits(checkLabels),
                        sourceHits));
    }
}
