package io.acclimate.adapt.domain;

import io.acclimate.adapt.versions.RemovedVersion;
import io.acclimate.core.Activation;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import io.acclimate.onnx.WeightDelta;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rounds that an operator or the guard asks for: they choose which version is active or serves, and what is kept, and train nothing. What they change
 * of training is followed by a snapshot, so that a restart need not repeat commands. One thread.
 */
final class CommandedRounds {
    private static final Logger LOG = LoggerFactory.getLogger(CommandedRounds.class);

    private final DomainState state;
    private final Judge judge;
    private final Checkpoints checkpoints;

    CommandedRounds(DomainState state, Judge judge, Checkpoints checkpoints) {
        this.state = state;
        this.judge = judge;
        this.checkpoints = checkpoints;
    }

    /** The source model is active again in place of the active version, and nothing that was learnt or kept is used any more. */
    Round afresh(MiniBatch next, String why, Instant now) {
        long before = state.position.lineage().active();
        state.forget();
        LOG.warn(
                "domain {} begins afresh: the source model is active again instead of version {}: {}",
                state.domain,
                before,
                why);
        Activation activation = state.position.activate(VersionId.SOURCE, Activation.Cause.ROLLBACK, why, now);
        ServedVersion.Change change = state.serving.changed(activation, before, now);
        return commanded(
                List.of(new AdaptationEvent.Reset(state.domain, now, next.sequence(), before, why), change.event()),
                change.pointer());
    }

    /** True until the first mini-batch of the domain has come, when its name may be a misspelt one. */
    boolean isBeforeFirst() {
        return state.position.isBeforeFirst();
    }

    /** Stops or resumes training. */
    Round pause(boolean pausing, AdaptationEvent.Controlled event) {
        state.position.pause(pausing);
        return commanded(List.of(event), Optional.empty());
    }

    /** Keeps a version for as long as it is pinned; one that is unpinned may be removed at once. */
    Round pin(ModelVersion rewritten, boolean pinned, AdaptationEvent.Controlled event) {
        List<RemovedVersion> removed = state.publishing.pin(rewritten.id().number(), pinned, state.serving.kept());
        boolean stays = removed.stream()
                .noneMatch(each -> each.number() == rewritten.id().number());
        state.journal.unchanged();
        state.journal.demand();
        return Round.answered(
                event, new Round.Changes(removed, Optional.of(rewritten).filter(version -> stays)), checkpoints.save());
    }

    /** Publishes the record of a version again, which changes nothing of training. */
    Round rewrite(ModelVersion rewritten, AdaptationEvent.Controlled event) {
        state.journal.unchanged();
        return Round.answered(event, new Round.Changes(List.of(), Optional.of(rewritten)), checkpoints.save());
    }

    /** Answers a command that is refused and changes nothing. */
    Round refuse(AdaptationEvent.Controlled event) {
        state.journal.unchanged();
        return Round.answered(event, Round.Changes.NONE, checkpoints.save());
    }

    /** Makes an existing version active, and starts training again from it. */
    Round activate(
            long number, WeightDelta weights, Activation.Cause cause, AdaptationEvent.Controlled event, Instant now) {
        long before = state.position.lineage().active();
        state.aligning.refuse();
        state.publishing.activated(number, weights);
        state.active.become(number, weights);
        judge.chosen(state.active.session(), number);
        state.drift.otherVersion();
        if (cause == Activation.Cause.ACTIVATE) {
            state.proving.chosen();
        } else {
            state.proving.wentBack();
        }
        Activation activation = state.position.activate(number, cause, event.message(), now);
        ServedVersion.Change change = state.serving.changed(activation, before, now);
        return commanded(List.of(event, change.event()), change.pointer());
    }

    /** In shadow mode, lets an existing version serve, and leaves training as it is. */
    Round serve(
            long number, WeightDelta weights, Activation.Cause cause, AdaptationEvent.Controlled event, Instant now) {
        state.publishing.activated(number, weights);
        ServedVersion.Change change = state.serving.serve(number, weights, cause, event.message(), now);
        return commanded(List.of(event, change.event()), change.pointer());
    }

    /** A command is followed by a snapshot, so that a restart need not repeat commands. */
    private Round commanded(List<AdaptationEvent> events, Optional<Activation> activation) {
        state.journal.unchanged();
        state.journal.demand();
        return new Round(events, List.of(), Optional.empty(), activation, checkpoints.save(), List.of());
    }
}
