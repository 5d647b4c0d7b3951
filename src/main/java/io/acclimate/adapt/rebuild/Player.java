package io.acclimate.adapt.rebuild;

import io.acclimate.adapt.domain.Round;
import io.acclimate.adapt.rebuild.Episode.Configuration;
import io.acclimate.adapt.rebuild.Episode.Start;
import io.acclimate.adapt.rebuild.Episode.Step;
import io.acclimate.adapt.settings.RecordedSettings;
import io.acclimate.core.MiniBatch;
import io.acclimate.onnx.node.InvalidModelException;
import io.acclimate.wire.StateCodec;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Trains one domain again, step by step as its timeline says, and hands each version to the comparison. One thread, one worker. */
final class Player implements AutoCloseable {
    /** What the player needs from outside. */
    interface Stage {
        EpisodeWorker open(Configuration configuration) throws InvalidModelException;

        /** Restores a predecessor's state into a worker that has just been opened. */
        void restore(StateCodec.Restored state, EpisodeWorker into);

        /** The state that an episode begins with which is that of a kept start of this generation. */
        StateCodec.Restored kept(long generation);

        /** The kept mini-batch at {@code offset}; offsets only grow from call to call, or stay. */
        MiniBatch miniBatch(long offset);

        /** A mini-batch was learnt from and what came of it was compared. */
        void progressed();
    }

    private final Stage stage;
    private final Comparison comparison;
    /** States that a kill goes back to, by the offset of the mini-batch that came next. */
    private final Map<Long, StateCodec.Restored> keptStates = new HashMap<>();

    private Optional<EpisodeWorker> playing = Optional.empty();

    Player(Stage stage, Comparison comparison) {
        this.stage = stage;
        this.comparison = comparison;
    }

    void play(Timeline timeline) {
        try {
            for (Episode episode : timeline.episodes()) {
                EpisodeWorker worker = begin(episode);
                episode.steps().forEach(step -> play(step, worker));
            }
            timeline.stopped().ifPresent(comparison::stopped);
        } catch (InvalidModelException e) {
            comparison.stopped(String.valueOf(e.getMessage()));
        }
    }

    /** Ends the worker of the episode before, if there was one, and starts this episode's with the state that it left. */
    private EpisodeWorker begin(Episode episode) throws InvalidModelException {
        boolean isFirst = playing.isEmpty();
        Optional<StateCodec.Restored> state = episode.start() instanceof Start.FromKept from
                ? Optional.of(stage.kept(from.generation()))
                : playing.map(ending -> stateLeft(episode.start(), ending));
        close();
        EpisodeWorker worker = stage.open(episode.configuration());
        playing = Optional.of(worker);
        comparison.configured(RecordedSettings.of(episode.configuration().settings()), worker.sourceName());
        if (state.isPresent()) {
            if (!isFirst) {
                comparison.changed(episode.offset());
            }
            stage.restore(state.get(), worker);
        }
        return worker;
    }

    private StateCodec.Restored stateLeft(Start start, EpisodeWorker ending) {
        if (!(start instanceof Start.AfterKill kill)) {
            return ending.stoppedState();
        }
        StateCodec.Restored snapshot = keptStates.get(kill.lostFrom());
        if (snapshot == null) {
            throw new IllegalStateException("no state was kept before the mini-batch at offset " + kill.lostFrom());
        }
        return ending.killedState(snapshot, kill.lostRounds());
    }

    private void play(Step step, EpisodeWorker worker) {
        if (step instanceof Step.Guard guard) {
            worker.guard(stage.miniBatch(guard.offset()));
        } else if (step instanceof Step.KeepState keep) {
            keptStates.put(keep.offset(), worker.stoppedState());
        } else if (step instanceof Step.Learn learn) {
            Optional<Round.NewVersion> made =
                    worker.learn(stage.miniBatch(learn.offset()), learn.offset(), learn.effort());
            made.ifPresentOrElse(
                    version -> comparison.made(version, learn.offset()), () -> comparison.rejected(learn.offset()));
            stage.progressed();
        } else if (step instanceof Step.Apply apply) {
            worker.apply(apply.command());
        } else if (step instanceof Step.Missing missing) {
            comparison.missing(missing.message());
        }
    }

    @Override
    public void close() {
        playing.ifPresent(EpisodeWorker::close);
        playing = Optional.empty();
    }
}
