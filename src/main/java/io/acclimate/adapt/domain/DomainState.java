package io.acclimate.adapt.domain;

import io.acclimate.adapt.answers.PrequentialAnswers;
import io.acclimate.adapt.drift.DriftDetector;
import io.acclimate.adapt.samples.ReplayBuffer;
import io.acclimate.adapt.samples.Shelf;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.RecordedSettings;
import io.acclimate.adapt.settings.StepSettings;
import io.acclimate.adapt.versions.Publishing;
import io.acclimate.core.DomainId;
import io.acclimate.core.VersionId;
import io.acclimate.onnx.WeightDelta;

/**
 * All that a domain has learnt, keeps and knows of itself. It is what a checkpoint holds: nothing else of a worker changes from round to round.
 * {@link LabelledRounds}, {@link UnlabelledRounds} and {@link CommandedRounds} change it, and {@link Checkpoints} writes and restores it. It owns the
 * sessions and trainers of the domain, and says where the pixels of its samples are. One thread.
 */
final class DomainState implements AutoCloseable {
    final DomainId domain;
    final Shelf shelf;
    final Position position;
    final Publishing publishing;
    final Journal journal;
    final ActiveVersion active;
    final ServedVersion serving;
    final DriftDetector drift;
    final ReplayBuffer replay;
    final Holdout holdout;
    final Rehearsal rehearsal;
    final Aligning aligning;
    final PrequentialAnswers answers;
    final Proving proving;

    DomainState(DomainId domain, AdaptSettings settings, BaseModel models, SourceSet sourceSet, SampleDecoder decoder) {
        this.domain = domain;
        this.shelf = models.samples().shelf();
        this.position = new Position(domain, settings);
        this.publishing = new Publishing(
                settings.pace(), settings.retention(), RecordedSettings.id(settings, models.base(), sourceSet.name()));
        this.journal = new Journal(settings.output().snapshotEvery());
        this.active = new ActiveVersion(models);
        this.serving = new ServedVersion(domain, settings, models, position);
        this.drift = new DriftDetector(
                settings.evaluation().drift(), models.graph().card().classes());
        this.replay = new ReplayBuffer(replayCapacity(settings.steps(), models), shelf, drift);
        this.holdout = Holdout.of(settings.evaluation(), models.graph().card().input(), shelf, replay);
        this.rehearsal = new Rehearsal(
                settings.steps(), sourceSet, replay, models.graph().card());
        this.aligning = new Aligning(settings.unlabelled(), decoder, sourceSet, active, position, shelf);
        this.answers = new PrequentialAnswers(settings.evaluation().answers());
        this.proving =
                new Proving(settings.gate(), models.graph(), active, holdout, replay, answers, rehearsal.listSigns());
    }

    private static int replayCapacity(StepSettings limits, BaseModel models) {
        long rowBytes = Float.BYTES * models.graph().card().input().row().elements();
        return (int) Math.max(1, Math.min(limits.replayCapacity(), limits.replayBytes() / Math.max(1, rowBytes)));
    }

    /** Begins afresh from the source model: nothing that was learnt or kept is used any more. Versions and their numbers stay. */
    void forget() {
        aligning.refuse();
        active.become(VersionId.SOURCE, WeightDelta.EMPTY);
        holdout.clear();
        replay.clear();
        proving.afresh();
        drift.afresh();
    }

    @Override
    public void close() {
        serving.close();
        active.close();
        shelf.close();
    }
}
