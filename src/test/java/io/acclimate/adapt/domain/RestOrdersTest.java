package io.acclimate.adapt.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.random.Effort;
import io.acclimate.adapt.rest.Resting;
import io.acclimate.adapt.samples.Shelf;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.core.Activation;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.VersionId;
import io.acclimate.gate.GateSettings;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.wire.v1.Checkpoint;
import io.acclimate.wire.v1.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rounds of any effort, left out or not, commands, rests and restarts in any order: a domain learns what one learns that does the same and never rests or
 * restarts.
 */
class RestOrdersTest {
    private static final int ACTIONS = 60;
    /** More than may be awake. */
    private static final int OTHERS = 100;

    private static final AdaptationEvent.Controlled COMMAND =
            new AdaptationEvent.Controlled(Linear.CAMERA, Linear.TIME, "command", "any", true, "");

    private final BaseModel model = Linear.model();
    private final BaseModel alone = Linear.model();
    private final SortedMap<Long, WeightDelta> versions = new TreeMap<>();
    private final List<String> done = new ArrayList<>();
    private long sequence;
    private Optional<Round.Saved.Snapshot> last = Optional.empty();

    @AfterEach
    void close() {
        model.close();
        alone.close();
    }

    private enum Action {
        PAUSE,
        RESUME,
        ACTIVATE,
        AFRESH,
        LEARN;

        static Action of(SplittableRandom random) {
            int drawn = random.nextInt(40);
            return drawn < 2 ? PAUSE : drawn < 6 ? RESUME : drawn < 8 ? ACTIVATE : drawn < 9 ? AFRESH : LEARN;
        }
    }

    private static AdaptSettings settings(int seed) {
        AdaptSettings settings = Linear.settings();
        return switch (seed) {
            case 1 -> settings.withTrain(settings.train().withAverageDecay(0.9));
            case 2 ->
                settings.withGate(
                        new GateSettings(1, 1, 0, 1, GateSettings.Rule.PROVEN, GateSettings.Proven.defaults()));
            default -> settings.inShadow();
        };
    }

    private void othersAreUsed() {
        done.add("rest");
        for (int i = 0; i < OTHERS; i++) {
            model.awake().used(new Resting() {
                @Override
                public void rest() {}
            });
        }
    }

    private WeightDelta weights(long version) {
        return versions.getOrDefault(version, WeightDelta.EMPTY);
    }

    private Round act(DomainWorker worker, Action action, Effort effort, long version) {
        return switch (action) {
            case PAUSE -> worker.commanded().pause(true, COMMAND);
            case RESUME -> worker.commanded().pause(false, COMMAND);
            case ACTIVATE ->
                worker.commanded().activate(version, weights(version), Activation.Cause.ACTIVATE, COMMAND, Linear.TIME);
            case AFRESH -> worker.afresh(Linear.batch(sequence), "asked");
            case LEARN -> worker.learn(Linear.batch(sequence), sequence, effort);
        };
    }

    /** Continues from the last snapshot, and repeats the rounds since. */
    private DomainWorker restarted(DomainWorker old, AdaptSettings settings, Round.Saved saved) {
        done.add("restart");
        old.close();
        DomainWorker successor = Linear.worker(model, settings);
        Round.Saved.Snapshot from = last.orElseThrow();
        Checkpoint whole = from.whole();
        KeptSamples kept = new KeptSamples(whole, Linear.decoder(model), Shelf.HEAP);
        for (long each = 0; each < sequence; each++) {
            kept.add(Linear.batch(each), each);
        }
        successor
                .checkpoints()
                .restore(
                        whole,
                        from.generation(),
                        weights(whole.getActiveVersion()),
                        kept.of(whole.getHoldoutList()),
                        kept.of(whole.getReplayList()),
                        kept.of(whole.getUnlabelledList()));
        othersAreUsed();
        if (saved instanceof Round.Saved.Since since) {
            Progress progress = since.progress();
            for (int i = 0; i < progress.getMiniBatchesCount(); i++) {
                long offset = progress.getMiniBatches(i);
                var unused = successor.relearn(Linear.batch(offset), offset, Checkpoints.effort(progress, i));
                othersAreUsed();
            }
            assertThat(successor.checkpoints().arrivedAt(progress))
                    .as("%s", done)
                    .isTrue();
            successor.checkpoints().arrive(progress, since.generation());
        }
        return successor;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void theOrderOfRoundsCommandsRestsAndRestartsChangesNoBit(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        AdaptSettings settings = settings(seed);
        DomainWorker worker = Linear.worker(model, settings);
        DomainWorker undisturbed = Linear.worker(alone, settings);
        // The time of the last label is in no checkpoint, and an activation names it.
        boolean labelled = false;
        for (int i = 0; i < ACTIONS; i++) {
            Action drawn = Action.of(random);
            Action action = labelled ? drawn : Action.LEARN;
            Effort effort = new Effort(random.nextInt(random.nextInt(3) == 0 ? Effort.LEFT_OUT.halvings() + 1 : 4));
            List<Long> published = List.copyOf(versions.keySet());
            long version = published.isEmpty() || random.nextInt(3) == 0
                    ? VersionId.SOURCE
                    : published.get(random.nextInt(published.size()));
            done.add(action + " " + effort.halvings() + " " + version);

            Round round = act(worker, action, effort, version);
            if (random.nextInt(2) == 0) {
                othersAreUsed();
            }
            Round other = act(undisturbed, action, effort, version);

            assertThat(round.events()).as("%s", done).isEqualTo(other.events());
            assertThat(round.saved()).as("%s", done).isEqualTo(other.saved());
            assertThat(worker.activeWeights()).as("%s", done).isEqualTo(undisturbed.activeWeights());
            labelled = true;
            sequence += action == Action.LEARN ? 1 : 0;
            round.published().ifPresent(made -> versions.put(made.id().number(), made.weights()));
            if (round.saved() instanceof Round.Saved.Snapshot snapshot) {
                last = Optional.of(snapshot);
            }
            if (last.isPresent() && random.nextInt(8) == 0) {
                worker = restarted(worker, settings, round.saved());
                labelled = false;
            }
        }
        assertThat(worker.checkpoints().whole())
                .isEqualTo(undisturbed.checkpoints().whole());
        worker.close();
        undisturbed.close();
    }
}
