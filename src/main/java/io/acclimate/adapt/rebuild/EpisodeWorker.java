package io.acclimate.adapt.rebuild;

import io.acclimate.adapt.domain.BaseModel;
import io.acclimate.adapt.domain.Commands;
import io.acclimate.adapt.domain.DomainWorker;
import io.acclimate.adapt.domain.Round;
import io.acclimate.adapt.domain.SampleDecoder;
import io.acclimate.adapt.domain.SourceSet;
import io.acclimate.adapt.random.Effort;
import io.acclimate.adapt.rebuild.Episode.Step;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.core.ControlCommand;
import io.acclimate.core.DomainId;
import io.acclimate.core.MiniBatch;
import io.acclimate.image.ImageDecoder;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.train.Samples;
import io.acclimate.wire.StateCodec;
import io.acclimate.wire.v1.Progress;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** The worker of one episode, made again. It writes nothing. The rebuild's thread only. */
final class EpisodeWorker implements AutoCloseable {
    private final DomainId domain;
    private final BaseModel model;
    private final SourceSet sourceSet;
    private final SampleDecoder decoder;
    private final DomainWorker worker;
    private final Commands commands;
    private final RebuiltVersions versions;

    EpisodeWorker(
            DomainId domain,
            AdaptSettings settings,
            ModelGraph graph,
            Optional<Samples> source,
            RebuiltVersions versions,
            ImageDecoder images) {
        this.domain = domain;
        this.versions = versions;
        this.model = new BaseModel(graph, settings.train());
        this.sourceSet = new SourceSet(source, settings.evaluation().sourceCheck(), model.source());
        this.decoder = new SampleDecoder(model, images);
        this.worker = new DomainWorker(domain, settings, model, sourceSet, decoder, Clock.systemUTC());
        this.commands = new Commands(versions, model, Clock.systemUTC());
    }

    SampleDecoder decoder() {
        return decoder;
    }

    DomainWorker worker() {
        return worker;
    }

    String sourceName() {
        return sourceSet.name();
    }

    /** The guard decides by the worker's state alone, so it decides as it did in the original. */
    void guard(MiniBatch next) {
        var unused = commands.guard(worker, next);
    }

    Optional<Round.NewVersion> learn(MiniBatch batch, long offset, Effort effort) {
        Optional<Round.NewVersion> made = worker.relearn(batch, offset, effort);
        made.ifPresent(version -> versions.remember(
                version, model.base(), model.graph().card().classes().names(), worker.publishing()::keeps));
        return made;
    }

    void apply(ControlCommand command) {
        var unused = commands.apply(command, worker);
        if (command instanceof ControlCommand.Pin pin) {
            versions.pinned(pin.version(), true);
        } else if (command instanceof ControlCommand.Unpin unpin) {
            versions.pinned(unpin.version(), false);
        }
    }

    /** The state that an orderly stop leaves to the next worker. */
    StateCodec.Restored stoppedState() {
        return new StateCodec.Restored(domain, Optional.of(worker.checkpoints().whole()), 1, Optional.empty(), 1);
    }

    /**
     * The state that a kill leaves to a worker with another configuration.
     *
     * @param snapshot the last one before the kill
     * @param lostRounds the rounds since the snapshot; the next worker repeats them and then continues from where they led
     */
    StateCodec.Restored killedState(StateCodec.Restored snapshot, List<Step.Learn> lostRounds) {
        Progress.Builder progress = Progress.newBuilder()
                .setSnapshot(snapshot.snapshotGeneration())
                .setReached(worker.checkpoints().whole());
        lostRounds.forEach(round -> progress.addMiniBatches(round.offset())
                .addHalvings(round.effort().halvings()));
        return new StateCodec.Restored(
                domain,
                snapshot.snapshot(),
                snapshot.snapshotGeneration(),
                Optional.of(progress.build()),
                1 + lostRounds.size());
    }

    @Override
    public void close() {
        worker.close();
        model.close();
    }
}
