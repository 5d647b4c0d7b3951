package io.acclimate.adapt.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.Activation;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.Bytes;
import io.acclimate.core.ControlCommand;
import io.acclimate.core.Coordinates;
import io.acclimate.core.Digest;
import io.acclimate.core.DomainId;
import io.acclimate.core.ImageId;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.Payload;
import io.acclimate.core.VersionId;
import io.acclimate.infer.BiasModel;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.registry.Fetched;
import io.acclimate.registry.ListedVersion;
import io.acclimate.registry.PublishedVersions;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CommandsTest {
    private static final Clock CLOCK = Clock.fixed(Linear.TIME, ZoneOffset.UTC);

    private final BaseModel model = Linear.model();
    private final Published published = new Published();
    private final Commands commands = new Commands(published, model, CLOCK);
    private final DomainWorker worker = Linear.worker(model, Linear.settings());

    @AfterEach
    void close() {
        worker.close();
        model.close();
    }

    /** Versions by number; a refusal stands for weights that are damaged. */
    private final class Published implements PublishedVersions {
        private final Map<Long, Fetched> versions = new TreeMap<>();
        private Digest base = model.base();

        @Override
        public Optional<ModelVersion> find(VersionId id) {
            return versions.containsKey(id.number())
                    ? Optional.of(new ModelVersion(
                            id,
                            0,
                            base,
                            BiasModel.graph().card().classes().names(),
                            Digest.of(new byte[0]),
                            new Coordinates("model-weights", 0, 0),
                            1,
                            1,
                            Linear.TIME,
                            Map.of()))
                    : Optional.empty();
        }

        @Override
        public List<ListedVersion> listed(DomainId domain) {
            return List.of();
        }

        @Override
        public Fetched fetch(ModelVersion version) {
            return versions.getOrDefault(version.id().number(), new Fetched.Refused("incomplete", "gone"));
        }

        void put(long number, WeightDelta weights) {
            versions.put(number, new Fetched.Weights(weights));
        }
    }

    private Round apply(ControlCommand command) {
        return commands.apply(command, worker);
    }

    private static AdaptationEvent.Controlled answer(Round round) {
        return (AdaptationEvent.Controlled) round.events().get(0);
    }

    private static AdaptationEvent.Controlled controlled(String command, boolean applied, String message) {
        return new AdaptationEvent.Controlled(Linear.CAMERA, Linear.TIME, "c1", command, applied, message);
    }

    private Round activate(long number) {
        return apply(new ControlCommand.Activate("c1", Linear.CAMERA, number));
    }

    private Round rollback() {
        return apply(new ControlCommand.Rollback("c1", Linear.CAMERA));
    }

    @Test
    void pauseBeforeTheFirstLabelSaysThatTheNameMayBeMisspelt() {
        String doubt =
                "; no label of this domain has come so far: if that surprises you, compare its name with those that the command"
                        + " domains lists";

        assertThat(answer(apply(new ControlCommand.Pause("c1", Linear.CAMERA))))
                .isEqualTo(controlled("pause", true, "training is paused" + doubt));
        assertThat(answer(apply(new ControlCommand.Resume("c1", Linear.CAMERA))))
                .isEqualTo(controlled("resume", true, "training is resumed" + doubt));
        worker.learn(Linear.batch(0), 0);
        assertThat(answer(apply(new ControlCommand.Pause("c1", Linear.CAMERA))))
                .isEqualTo(controlled("pause", true, "training is paused"));
    }

    @Test
    void aPauseStopsTrainingAndAResumeContinuesIt() {
        Round paused = apply(new ControlCommand.Pause("c1", Linear.CAMERA));
        Round idle = worker.learn(Linear.batch(0), 0);
        Round resumed = apply(new ControlCommand.Resume("c1", Linear.CAMERA));
        Round busy = worker.learn(Linear.batch(1), 1);

        assertThat(answer(paused).command()).isEqualTo("pause");
        assertThat(answer(paused).applied()).isTrue();
        assertThat(answer(resumed).command()).isEqualTo("resume");
        assertThat(answer(resumed).applied()).isTrue();
        assertThat(((AdaptationEvent.Trained) idle.events().get(0)).steps()).isZero();
        assertThat(((AdaptationEvent.Trained) busy.events().get(0)).steps()).isPositive();
        assertThat(paused.saved()).isInstanceOf(Round.Saved.Snapshot.class);
        assertThat(List.of(paused, idle, resumed, busy))
                .extracting(round -> round.saved().generation())
                .containsExactly(1L, 2L, 3L, 4L);
        assertThat(((Round.Saved.Snapshot) resumed.saved()).whole().getReplayCount())
                .as("samples of a pause are remembered")
                .isPositive();
    }

    @Test
    void pinnedVersionIsRewrittenAndKeptAndAnUnpinnedOneMayGo() {
        var first = worker.learn(Linear.batch(0), 0);
        published.put(1, Linear.version(1));

        Round pinned = apply(new ControlCommand.Pin("c1", Linear.CAMERA, 1));
        Round unpinned = apply(new ControlCommand.Unpin("c1", Linear.CAMERA, 1));

        assertThat(first.published()).isPresent();
        assertThat(answer(pinned))
                .isEqualTo(controlled("pin", true, "version 1 is pinned: it is kept until it is unpinned"));
        assertThat(pinned.changes().rewritten())
                .hasValueSatisfying(version -> assertThat(version.isPinned()).isTrue());
        assertThat(((Round.Saved.Snapshot) pinned.saved())
                        .whole()
                        .getPublishing()
                        .getKept(0)
                        .getPinned())
                .isTrue();
        assertThat(unpinned.changes().rewritten())
                .hasValueSatisfying(version -> assertThat(version.isPinned()).isFalse());
    }

    @Test
    void aNoteIsWrittenToTheRecordOfAVersionAndTakenAway() {
        worker.learn(Linear.batch(0), 0);
        published.put(1, Linear.version(1));

        Round noted = apply(new ControlCommand.Note("c1", Linear.CAMERA, 1, "before the new lens"));
        Round cleared = apply(new ControlCommand.Note("c1", Linear.CAMERA, 1, ""));

        assertThat(answer(noted)).isEqualTo(controlled("note", true, "version 1 is noted"));
        assertThat(noted.changes().rewritten())
                .hasValueSatisfying(version -> assertThat(version.note()).isEqualTo("before the new lens"));
        assertThat(answer(cleared)).isEqualTo(controlled("note", true, "version 1 has no note"));
        assertThat(cleared.changes().rewritten())
                .hasValueSatisfying(version -> assertThat(version.provenance()).doesNotContainKey("note"));
        assertThat(answer(apply(new ControlCommand.Note("c1", Linear.CAMERA, 3, "x"))))
                .isEqualTo(controlled("note", false, "there is no version camera-1/3"));
    }

    @Test
    void onlyAVersionThatIsKeptCanBePinned() {
        assertThat(answer(apply(new ControlCommand.Pin("c1", Linear.CAMERA, 3))))
                .isEqualTo(controlled("pin", false, "there is no version camera-1/3"));
        assertThat(answer(apply(new ControlCommand.Unpin("c1", Linear.CAMERA, 0))))
                .isEqualTo(controlled("unpin", false, "the source model is always kept"));
    }

    @Test
    void anActivationServesThePublishedWeights() {
        published.put(3, Linear.version(1, 2));

        Round round = activate(3);

        assertThat(answer(round)).isEqualTo(controlled("activate", true, "activate to version 3"));
        Activation activation = round.activation().orElseThrow();
        assertThat(activation.version()).isEqualTo(new VersionId(Linear.CAMERA, 3));
        assertThat(activation.cause()).isEqualTo(Activation.Cause.ACTIVATE);
        assertThat(activation.reason()).isEqualTo("activate to version 3");
        assertThat(activation.at()).isEqualTo(Linear.TIME);
        assertThat(round.events())
                .element(1)
                .isEqualTo(new AdaptationEvent.Activated(Linear.CAMERA, Linear.TIME, activation, 0));
        assertThat(worker.activeWeights()).isEqualTo(Linear.version(1, 2));
        assertThat(worker.lineage().active()).isEqualTo(3);
        assertThat(round.saved()).isInstanceOf(Round.Saved.Snapshot.class);
    }

    @Test
    void anActivationThatCannotBeIsRefusedWithItsReason() {
        published.versions.put(4L, new Fetched.Refused("digest", "another digest"));
        published.put(5, WeightDelta.of(Map.of("stranger", Linear.row(0))));

        assertThat(answer(activate(0))).isEqualTo(controlled("activate", false, "version 0 is active already"));
        assertThat(answer(activate(9))).isEqualTo(controlled("activate", false, "there is no version camera-1/9"));
        assertThat(answer(activate(4)))
                .isEqualTo(controlled("activate", false, "camera-1/4 cannot be used: another digest"));
        assertThat(answer(activate(5)).message())
                .startsWith("camera-1/5 cannot be used: ")
                .contains("stranger");
        assertThat(worker.lineage().active()).isZero();
        Round refused = activate(9);
        assertThat(refused.activation()).isEmpty();
        assertThat(refused.saved().generation()).isEqualTo(5);
    }

    @Test
    void aRollbackGoesBackToTheVersionBefore() {
        published.put(3, Linear.version(1, 2));
        published.put(4, Linear.version(2, 1));
        assertThat(activate(3).activation()).isPresent();
        assertThat(activate(4).activation()).isPresent();

        Round first = rollback();
        Round second = rollback();
        Round third = rollback();

        assertThat(answer(first)).isEqualTo(controlled("rollback", true, "rollback to version 3"));
        assertThat(first.activation().orElseThrow().cause()).isEqualTo(Activation.Cause.ROLLBACK);
        assertThat(answer(second).message()).isEqualTo("rollback to version 0");
        assertThat(answer(third))
                .isEqualTo(controlled("rollback", false, "no version was active before the current one"));
        assertThat(worker.activeWeights()).isEqualTo(WeightDelta.EMPTY);
    }

    @Test
    void aVersionOfAnotherSourceModelIsRefused() {
        published.put(3, Linear.version(1, 2));
        published.base = Digest.of(new byte[] {9});

        assertThat(answer(activate(3)).message())
                .startsWith(
                        "camera-1/3 belongs to another source model, and a worker goes back to versions of its own only: ");
    }

    @Test
    void theGuardGoesBackToTheNewestEarlierVersionThatNothingSpeaksAgainst() {
        published.put(2, Linear.version(0, 1, 2, 3, 4));
        published.put(3, BiasModel.version(0));
        published.put(4, BiasModel.version(2));
        fillHoldout();
        var good = activate(2);
        var bad = activate(4);

        Round round = commands.guard(worker, Linear.batch(112)).orElseThrow();

        assertThat(answer(round).commandId()).isEqualTo("guard-112");
        assertThat(answer(round).message()).startsWith("rollback to version 2 from 4: accuracy ");
        assertThat(round.activation().orElseThrow().cause()).isEqualTo(Activation.Cause.ROLLBACK);
        assertThat(worker.lineage().active()).isEqualTo(2);
        assertThat(good.activation()).isPresent();
        assertThat(bad.activation()).isPresent();
    }

    @Test
    void theGuardSkipsEarlierVersionsThatAreAtFaultOrGoneAndEndsAtTheSourceModel() {
        published.put(2, BiasModel.version(1));
        published.put(3, BiasModel.version(3));
        published.put(4, BiasModel.version(2));
        fillHoldout();
        for (long number = 2; number <= 4; number++) {
            var unused = activate(number);
        }
        published.versions.remove(3L);

        Round round = commands.guard(worker, Linear.batch(112)).orElseThrow();

        assertThat(round.activation().orElseThrow().version().number()).isZero();
    }

    @Test
    void theGuardLeavesAGoodVersionAlone() {
        published.put(2, Linear.version(0, 1, 2, 3, 4));
        fillHoldout();
        var unused = activate(2);

        assertThat(commands.guard(worker, Linear.batch(112))).isEmpty();
    }

    @Test
    void theGuardIsAskedBeforeRecordsWithoutLabelsSoThatNoOrderOfTheTwoHidesAFault() {
        published.put(2, BiasModel.version(2));
        fillHoldout();
        var bad = activate(2);
        MiniBatch unlabelled = MiniBatch.unlabelled(
                Linear.CAMERA,
                112,
                List.of(new MiniBatch.UnlabelledImage(
                        new ImageId("unlabelled-1"),
                        new Payload(Bytes.wrap(Linear.row(1).toLittleEndian()), Optional.of(Payload.TENSOR_F32)),
                        new Coordinates("images", 0, 0))),
                Linear.TIME);

        Optional<Round> back = commands.guard(worker, unlabelled);

        assertThat(back).isPresent();
        assertThat(bad.activation()).isPresent();
    }

    /** While training is paused, samples are only set aside and remembered: 20 of class 0, which the source model answers. */
    private void fillHoldout() {
        var paused = apply(new ControlCommand.Pause("c1", Linear.CAMERA));
        List<String> ids = Linear.heldIds(24);
        var learnt = worker.learn(
                Linear.batch(
                        0, ids.stream().map(id -> Linear.labelled(id, 0, 0, "")).toList()),
                0);
        assertThat(((AdaptationEvent.Trained) learnt.events().get(0)).holdout()).isEqualTo(24);
        assertThat(paused.activation()).isEmpty();
    }
}
