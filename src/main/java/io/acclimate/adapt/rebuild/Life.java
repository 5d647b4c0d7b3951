package io.acclimate.adapt.rebuild;

import io.acclimate.adapt.domain.AdaptSettings;
import io.acclimate.adapt.domain.BaseModel;
import io.acclimate.adapt.domain.Commands;
import io.acclimate.adapt.domain.DomainWorker;
import io.acclimate.adapt.domain.Round;
import io.acclimate.adapt.domain.SampleDecoder;
import io.acclimate.adapt.domain.SourceSet;
import io.acclimate.adapt.domain.Versions;
import io.acclimate.adapt.worker.Restorer;
import io.acclimate.core.ControlCommand;
import io.acclimate.core.DomainId;
import io.acclimate.core.MiniBatch;
import io.acclimate.image.ImageDecoder;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.registry.WeightReader;
import io.acclimate.train.Samples;
import io.acclimate.wire.StateCodec;
import io.acclimate.wire.v1.Progress;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** A domain's worker from one start to the next, under one configuration, made again. The rebuild's thread only. */
final class Life implements AutoCloseable {
    private final DomainId domain;
    private final BaseModel models;
    private final SourceSet sourceSet;
    private final SampleDecoder decoder;
    private final DomainWorker worker;
    private final Commands commands;

    Life(
            DomainId domain,
            AdaptSettings settings,
            ModelGraph graph,
            Optional<Samples> source,
            WeightReader registry,
            ImageDecoder images) {
        this.domain = domain;
        this.models = new BaseModel(graph, settings.train());
        this.sourceSet = new SourceSet(source, settings.sourceCheck(), models.source());
        this.decoder = new SampleDecoder(models, images);
        this.worker = new DomainWorker(domain, settings, models, sourceSet, decoder, Clock.systemUTC());
        this.commands = new Commands(Versions.of(registry), models, Clock.systemUTC());
    }

    SampleDecoder decoder() {
        return decoder;
    }

    String source() {
        return sourceSet.name();
    }

    /** False for a mini-batch that was learnt from before. */
    boolean expects(MiniBatch batch) {
        return worker.expects(batch);
    }

    /** What the guard did then it does again: it is decided by the worker's state. */
    void guard(MiniBatch next) {
        var unused = commands.guard(worker, next);
    }

    Optional<Round.NewVersion> learn(MiniBatch batch, long offset) {
        return worker.relearn(batch, offset);
    }

    void apply(ControlCommand command) {
        var unused = commands.apply(command, worker);
    }

    /** What a stop in order leaves to the next life. */
    StateCodec.Restored stop() {
        return new StateCodec.Restored(domain, Optional.of(worker.checkpoints().whole()), 1, Optional.empty(), 1);
    }

    /**
     * What a kill leaves to a life under another configuration: {@code snapshot}, and the rounds since only by where they led.
     *
     * @param since the mini-batches of those rounds
     */
    StateCodec.Restored killed(StateCodec.Restored snapshot, List<Long> since) {
        Progress progress = Progress.newBuilder()
                .setSnapshot(snapshot.snapshotGeneration())
                .addAllMiniBatches(since)
                .setReached(worker.checkpoints().whole())
                .build();
        return new StateCodec.Restored(
                domain, snapshot.snapshot(), snapshot.snapshotGeneration(), Optional.of(progress), 1 + since.size());
    }

    void goOn(StateCodec.Restored from, int partition, Restorer restorer) {
        restorer.resume(partition, from, worker);
    }

    @Override
    public void close() {
        worker.close();
        models.close();
    }
}
