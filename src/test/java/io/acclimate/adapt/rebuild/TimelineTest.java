package io.acclimate.adapt.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.acclimate.adapt.random.Effort;
import io.acclimate.adapt.rebuild.Episode.Start;
import io.acclimate.adapt.rebuild.Episode.Step;
import io.acclimate.adapt.rebuild.History.KeptLoss;
import io.acclimate.adapt.rebuild.History.KeptMiniBatch;
import io.acclimate.adapt.rebuild.History.RecordedCommand;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.versions.Provenance;
import io.acclimate.core.ControlCommand;
import io.acclimate.core.DomainId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TimelineTest {
    private static final DomainId CAMERA = new DomainId("camera-1");
    private static final AdaptSettings FIRST = AdaptSettings.defaults().withSeed(1);
    private static final AdaptSettings SECOND = AdaptSettings.defaults().withSeed(2);
    private static final ControlCommand PAUSE = new ControlCommand.Pause("c1", CAMERA);

    private final RecordedVersions versions = new RecordedVersions();
    private final Map<Long, String> ids = new HashMap<>();
    private final Map<Long, Long> statesLost = new HashMap<>();
    private final Map<Long, Effort> efforts = new HashMap<>();
    private final Map<Long, List<RecordedCommand>> commands = new TreeMap<>();
    private final List<KeptLoss> losses = new ArrayList<>();
    private final List<KeptMiniBatch> kept = new ArrayList<>();
    private Optional<String> gap = Optional.empty();

    /** Mini-batches of ascending numbers at these offsets. */
    private void kept(long... offsets) {
        for (long offset : offsets) {
            kept.add(new KeptMiniBatch(offset, kept.size()));
        }
    }

    private void learntUnder(String id, long... offsets) {
        for (long offset : offsets) {
            ids.put(offset, id);
        }
    }

    private Timeline timeline() {
        return Timeline.of(
                new RecordedConfigurations(versions.byNumber(), AdaptSettings.defaults()),
                new History(ids, statesLost, efforts, commands, gap),
                losses,
                kept,
                "mini-batches");
    }

    private static List<Step> learning(long... offsets) {
        List<Step> steps = new ArrayList<>();
        for (long offset : offsets) {
            steps.add(new Step.Guard(offset));
            steps.add(new Step.Learn(offset, Effort.FULL));
        }
        return steps;
    }

    @Test
    void oneConfigurationIsOneEpisodeInWhichTheGuardLooksBeforeEachMiniBatch() {
        versions.add(11, FIRST, "one");
        kept(10, 11, 14);
        learntUnder("one", 10, 11, 14);

        Timeline timeline = timeline();

        assertThat(timeline.episodes())
                .containsExactly(new Episode(
                        RecordedVersions.configuration(FIRST), new Start.Fresh(), 10, learning(10, 11, 14)));
        assertThat(timeline.notes()).isEmpty();
        assertThat(timeline.stopped()).isEmpty();
    }

    @Test
    void aMiniBatchIsLearntFromAgainWithTheEffortThatItsEventNames() {
        versions.add(11, FIRST, "one");
        kept(10, 11);
        learntUnder("one", 10, 11);
        efforts.put(11L, new Effort(3));

        List<Step> steps = timeline().episodes().get(0).steps();

        assertThat(steps)
                .containsExactly(
                        new Step.Guard(10),
                        new Step.Learn(10, Effort.FULL),
                        new Step.Guard(11),
                        new Step.Learn(11, new Effort(3)));
    }

    @Test
    void theGuardIsNotAskedBeforeAMiniBatchThatWasLeftOut() {
        versions.add(12, FIRST, "one");
        kept(10, 11, 12);
        learntUnder("one", 10, 11, 12);
        efforts.put(11L, Effort.LEFT_OUT);

        List<Step> steps = timeline().episodes().get(0).steps();

        assertThat(steps)
                .containsExactly(
                        new Step.Guard(10),
                        new Step.Learn(10, Effort.FULL),
                        new Step.Learn(11, Effort.LEFT_OUT),
                        new Step.Guard(12),
                        new Step.Learn(12, Effort.FULL));
    }

    @Test
    void anotherConfigurationStartsFromTheStateOfAnOrderlyStop() {
        versions.add(10, FIRST, "one");
        versions.add(12, SECOND, "two");
        kept(10, 11, 12);
        learntUnder("one", 10, 11);
        learntUnder("two", 12);

        assertThat(timeline().episodes())
                .containsExactly(
                        new Episode(RecordedVersions.configuration(FIRST), new Start.Fresh(), 10, learning(10, 11)),
                        new Episode(RecordedVersions.configuration(SECOND), new Start.AfterStop(), 12, learning(12)));
    }

    @Test
    void afterAKillTheNextWorkerStartsFromTheSnapshotThatItsFirstVersionNames() {
        versions.add(10, FIRST, "one");
        versions.add(13, SECOND, Map.of(Provenance.CONFIGURATION, "two", Provenance.STATE_LOST_AT, "11"));
        kept(10, 11, 12, 13);
        learntUnder("one", 10, 11, 12);
        learntUnder("two", 13);
        efforts.put(12L, new Effort(3));

        List<Episode> episodes = timeline().episodes();

        assertThat(episodes.get(0).steps())
                .containsExactly(
                        new Step.Guard(10),
                        new Step.Learn(10, Effort.FULL),
                        new Step.Guard(11),
                        new Step.KeepState(11),
                        new Step.Learn(11, Effort.FULL),
                        new Step.Guard(12),
                        new Step.Learn(12, new Effort(3)));
        assertThat(episodes.get(1).start())
                .isEqualTo(new Start.AfterKill(
                        11, List.of(new Step.Learn(11, Effort.FULL), new Step.Learn(12, new Effort(3)))));
    }

    @Test
    void afterAKillTheNextWorkerStartsFromTheSnapshotThatItsEventsNameWhenRetentionHasRemovedTheVersionsThatDo() {
        versions.add(10, FIRST, "one");
        versions.add(14, SECOND, "two");
        kept(10, 11, 12, 13, 14);
        learntUnder("one", 10, 11, 12);
        learntUnder("two", 13, 14);
        statesLost.put(13L, 11L);

        List<Episode> episodes = timeline().episodes();

        assertThat(episodes.get(0).steps()).contains(new Step.KeepState(11));
        assertThat(episodes.get(1).start())
                .isEqualTo(new Start.AfterKill(
                        11, List.of(new Step.Learn(11, Effort.FULL), new Step.Learn(12, Effort.FULL))));
    }

    @Test
    void afterAKillACommandsEventNamesTheSnapshotToo() {
        versions.add(10, FIRST, "one");
        versions.add(12, SECOND, "two");
        kept(10, 11, 12);
        learntUnder("one", 10, 11);
        learntUnder("two", 12);
        commands.put(11L, List.of(new RecordedCommand(Optional.of("two"), 3, OptionalLong.of(11), Optional.of(PAUSE))));

        List<Episode> episodes = timeline().episodes();

        assertThat(episodes.get(0).steps()).contains(new Step.KeepState(11));
        assertThat(episodes.get(1).start())
                .isEqualTo(new Start.AfterKill(11, List.of(new Step.Learn(11, Effort.FULL))));
    }

    /** Settings ONE learnt up to 12 and were killed, TWO had no round, and ONE learnt on. */
    private List<Episode> anotherWorkerWasBetween() {
        versions.add(10, FIRST, "one");
        versions.add(14, FIRST, "one");
        kept(10, 11, 12, 13, 14);
        learntUnder("one", 10, 11, 12, 13, 14);
        statesLost.put(13L, 11L);
        statesLost.put(14L, 11L);
        return timeline().episodes();
    }

    @Test
    void aWorkerWithoutARoundLeavesItsStartToOneWithTheConfigurationOfBefore() {
        losses.add(new KeptLoss(2, 1, 10));
        losses.add(new KeptLoss(7, 3, 11));

        assertThat(anotherWorkerWasBetween())
                .extracting(Episode::offset, Episode::start)
                .containsExactly(tuple(10L, new Start.Fresh()), tuple(13L, new Start.FromKept(7)));
    }

    @Test
    void whenThatStartIsNotKeptTheStateIsThatOfTheKill() {
        assertThat(anotherWorkerWasBetween())
                .extracting(Episode::offset, Episode::start)
                .containsExactly(
                        tuple(10L, new Start.Fresh()),
                        tuple(
                                13L,
                                new Start.AfterKill(
                                        11,
                                        List.of(new Step.Learn(11, Effort.FULL), new Step.Learn(12, Effort.FULL)))));
    }

    @Test
    void aLossThatTheBeginningOfTheRebuildHasNotSeenIsInTheStartThatItBeginsWith() {
        versions.add(14, FIRST, "one");
        kept.add(new KeptMiniBatch(13, 3));
        kept.add(new KeptMiniBatch(14, 4));
        learntUnder("one", 13, 14);
        statesLost.put(13L, 11L);
        losses.add(new KeptLoss(7, 3, 11));

        Timeline timeline = Timeline.from(
                7,
                3,
                new RecordedConfigurations(versions.byNumber(), AdaptSettings.defaults()),
                new History(ids, statesLost, efforts, commands, gap),
                losses,
                kept,
                "mini-batches");

        assertThat(timeline.episodes()).extracting(Episode::start).containsExactly(new Start.FromKept(7));
    }

    @Test
    void whenTheLostMiniBatchIsNotKeptTheStateOfAStopIsTheBestThatIsLeft() {
        versions.add(10, FIRST, "one");
        versions.add(13, SECOND, Map.of(Provenance.CONFIGURATION, "two", Provenance.STATE_LOST_AT, "9"));
        kept(10, 13);
        learntUnder("one", 10);
        learntUnder("two", 13);

        assertThat(timeline().episodes().get(1).start()).isEqualTo(new Start.AfterStop());
    }

    @Test
    void aCommandIsAppliedAfterTheMiniBatchAfterWhichItWasAnsweredAndARefusedOneIsNot() {
        versions.add(11, FIRST, "one");
        kept(10, 11);
        learntUnder("one", 10, 11);
        commands.put(
                10L,
                List.of(
                        new RecordedCommand(Optional.of("one"), Optional.of(PAUSE)),
                        new RecordedCommand(Optional.of("one"), Optional.empty())));

        assertThat(timeline().episodes().get(0).steps())
                .containsExactly(
                        new Step.Guard(10),
                        new Step.Learn(10, Effort.FULL),
                        new Step.Apply(PAUSE),
                        new Step.Guard(11),
                        new Step.Learn(11, Effort.FULL));
    }

    @Test
    void aCommandUnderAnotherConfigurationIsAnEpisodeOfItsOwnEvenWhenItWasRefused() {
        versions.add(10, FIRST, "one");
        versions.add(12, SECOND, "two");
        kept(10, 11);
        learntUnder("one", 10, 11);
        commands.put(10L, List.of(new RecordedCommand(Optional.of("two"), Optional.empty())));

        assertThat(timeline().episodes())
                .containsExactly(
                        new Episode(RecordedVersions.configuration(FIRST), new Start.Fresh(), 10, learning(10)),
                        new Episode(RecordedVersions.configuration(SECOND), new Start.AfterStop(), 11, List.of()),
                        new Episode(RecordedVersions.configuration(FIRST), new Start.AfterStop(), 11, learning(11)));
    }

    @Test
    void aCommandBeforeTheFirstMiniBatchBelongsToTheNextVersionsConfiguration() {
        versions.add(10, FIRST, "one");
        kept(10);
        commands.put(-1L, List.of(new RecordedCommand(Optional.empty(), Optional.of(PAUSE))));

        Episode episode = timeline().episodes().get(0);

        assertThat(episode.offset()).isZero();
        assertThat(episode.steps()).startsWith(new Step.Apply(PAUSE));
        assertThat(episode.configuration()).isEqualTo(RecordedVersions.configuration(FIRST));
    }

    @Test
    void aMiniBatchWithoutAnEventHasTheConfigurationOfTheNextVersion() {
        versions.add(10, FIRST, Map.of());
        versions.add(12, SECOND, Map.of());
        kept(10, 11, 12, 13);

        assertThat(timeline().episodes())
                .extracting(Episode::configuration, Episode::steps)
                .containsExactly(
                        tuple(RecordedVersions.configuration(FIRST), learning(10)),
                        tuple(RecordedVersions.configuration(SECOND), learning(11, 12, 13)));
    }

    @Test
    void aConfigurationThatNoVersionNamesIsNotedOnceAndTheOneBeforeIsKept() {
        versions.add(10, FIRST, "one");
        versions.add(13, SECOND, "two");
        kept(10, 11, 12);
        learntUnder("one", 10);
        learntUnder("lost", 11, 12);

        Timeline timeline = timeline();

        assertThat(timeline.episodes()).hasSize(1);
        assertThat(timeline.notes())
                .containsExactly(
                        "no version names the settings of configuration lost; its mini-batches are learnt as those before");
    }

    @Test
    void aMiniBatchThatWasDeliveredTwiceIsLearntOnce() {
        versions.add(12, FIRST, "one");
        kept.add(new KeptMiniBatch(10, 0));
        kept.add(new KeptMiniBatch(11, 0));
        kept.add(new KeptMiniBatch(12, 1));

        assertThat(timeline().episodes().get(0).steps()).isEqualTo(learning(10, 12));
    }

    @Test
    void missingMiniBatchesAreAStepAndANote() {
        versions.add(11, FIRST, "one");
        gap = Optional.of("events are gone");
        kept.add(new KeptMiniBatch(10, 2));
        kept.add(new KeptMiniBatch(11, 3));

        Timeline timeline = timeline();

        String message = "mini-batches 0 to 1 are gone from mini-batches";
        assertThat(timeline.notes()).containsExactly("events are gone", message);
        assertThat(timeline.episodes().get(0).steps())
                .startsWith(new Step.Missing(message), new Step.Guard(10))
                .hasSize(5);
    }

    @Test
    void nothingIsMadeAfterAMiniBatchOfWhichNoVersionTellsTheSettings() {
        kept(10, 11);
        learntUnder("lost", 10);

        Timeline timeline = timeline();

        assertThat(timeline.episodes()).isEmpty();
        assertThat(timeline.stopped()).contains("no version tells its settings");
    }
}
