package io.acclimate.adapt.domain;

import io.acclimate.core.MiniBatch;
import io.acclimate.core.VersionId;
import io.acclimate.infer.ModelSession;
import io.acclimate.infer.SessionSettings;
import io.acclimate.infer.WarmUp;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.node.InvalidModelException;
import java.util.Optional;

/**
 * Says whether the active version may continue to serve, and which earlier version could serve in its place. It changes nothing; {@link
 * Commands#guard} acts on its answers. They follow from the worker's state and the number of the next record alone, so a restart gives
 * the same ones. One thread.
 */
final class Guard {
    private static final int EVERY = 16;

    private final BaseModel models;
    private final Position position;
    private final ActiveVersion active;
    private final Proving proving;
    private final Judge judge;

    Guard(BaseModel models, Position position, ActiveVersion active, Proving proving, Judge judge) {
        this.models = models;
        this.position = position;
        this.active = active;
        this.proving = proving;
        this.judge = judge;
    }

    /** Why the active version is no longer proven better than the source model; empty when it is, or when no proof is asked for. */
    Optional<String> proofLost() {
        return position.lineage().active() == VersionId.SOURCE ? Optional.empty() : proving.lost();
    }

    /**
     * What the holdout shows against the active version. Empty when it shows nothing, or when this is not the time to ask: the newest
     * version passed the gate with nearly this holdout, so it is asked about before every {@value #EVERY}th record; a version that
     * somebody chose is asked about before each. Records with and without labels are numbered in one sequence without gaps, and the guard
     * is asked before both, so none of these times is missed however they alternate. It is not asked before mini-batches that are left out, which
     * change nothing of its answer: then it is asked as many times fewer as there are labels learnt from.
     */
    Optional<String> faultOfActive(MiniBatch next) {
        return next.sequence() % EVERY == 0
                        || position.lineage().active() != position.lineage().lastVersion()
                ? judge.fault(active.session())
                : Optional.empty();
    }

    /** True for weights that nothing speaks against, and that have no fewer holdout samples right than the active version. */
    boolean couldServe(WeightDelta weights) {
        try (ModelSession session = models.session(weights)) {
            return judge.fault(session).isEmpty() && judge.isNoWorse(session, active.session());
        }
    }

    /** Why a session with these weights could not serve; empty when it can. */
    Optional<String> unfit(WeightDelta weights) {
        try (ModelSession trial = ModelSession.open(
                models.graph(), weights, SessionSettings.defaults().givingBack())) {
            WarmUp.run(trial, trial.card(), 1);
            return Optional.empty();
        } catch (InvalidModelException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
