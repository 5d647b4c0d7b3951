package io.acclimate.adapt.domain;

import io.acclimate.adapt.versions.Provenance;
import io.acclimate.core.Activation;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.GateDecision;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.VersionId;
import io.acclimate.infer.Calibration;
import io.acclimate.onnx.WeightDelta;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rounds of images without labels. Like a labelled mini-batch, such a record ends shadow mode that was switched off. By the operator's word what is
 * aligned to the images serves at once, as a version like any other; the proof treats it as an operator's choice, and takes it back when labels prove
 * it worse than the source model. One thread.
 */
final class UnlabelledRounds {
    private final DomainState state;
    private final Provenance.Maker provenance;

    UnlabelledRounds(DomainState state, Provenance.Maker provenance) {
        this.state = state;
        this.provenance = provenance;
    }

    Round.Learnt take(MiniBatch batch, long offset, Instant now) {
        state.position.take(batch);
        state.publishing.see(batch);
        List<AdaptationEvent> events = new ArrayList<>();
        Optional<Aligning.Result> taken = state.aligning.take(batch, offset);
        taken.ifPresent(result -> events.add(new AdaptationEvent.Aligned(
                state.domain, now, batch.sequence(), result.images(), result.tensors(), result.outcome())));
        if (taken.isEmpty() || taken.get().tensors() == 0 || !state.aligning.serves()) {
            Optional<ServedVersion.Change> ended = state.serving.endShadow(now);
            ended.map(ServedVersion.Change::event).ifPresent(events::add);
            return Round.Learnt.of(events, ended.flatMap(ServedVersion.Change::pointer));
        }
        VersionId id = state.position.lineage().candidate();
        WeightDelta weights = state.active.trainer().average();
        AdaptationEvent.Judged unjudged = new AdaptationEvent.Judged(
                state.domain,
                now,
                id.number(),
                state.position.lineage().active(),
                new GateDecision.Promote(),
                Double.NaN,
                Double.NaN,
                Double.NaN,
                0);
        Round.NewVersion version = new Round.NewVersion(
                id,
                unjudged.activeVersion(),
                weights,
                provenance.of(
                        batch,
                        offset,
                        state.position.samplesSeen(),
                        state.position.stepSize().scale(),
                        unjudged,
                        Calibration.NONE),
                Calibration.NONE.temperature());
        state.publishing.published(id, weights, state.position.samplesSeen());
        state.active.promote();
        state.proving.chosen();
        state.aligning.serving(id.number());
        Activation activation = state.position.activate(
                id.number(),
                Activation.Cause.ACTIVATE,
                "aligned to " + taken.get().images() + " images without labels, which serves by --unlabelled serve",
                now);
        ServedVersion.Change change = state.serving.changed(activation, unjudged.activeVersion(), now);
        events.add(change.event());
        return new Round.Learnt(
                events,
                List.of(),
                Optional.of(version),
                change.pointer(),
                state.publishing.removedWithANewOne(state.serving.kept()),
                List.of());
    }
}
