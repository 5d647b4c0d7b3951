package io.acclimate.adapt.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.adapt.repeats.SeenPictures;
import io.acclimate.adapt.samples.ReplayBuffer;
import io.acclimate.adapt.samples.ReplaySample;
import io.acclimate.adapt.samples.Shelf;
import io.acclimate.adapt.settings.AnswerSettings;
import io.acclimate.adapt.settings.EvaluationSettings;
import io.acclimate.infer.BiasModel;
import io.acclimate.wire.v1.Checkpoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HoldoutTest {
    private static int offer(Holdout holdout, int from, int to) {
        return (int) IntStream.range(from, to)
                .filter(i -> holdout.takes(Linear.sample("image-" + i, 0, 0), false))
                .count();
    }

    private static List<String> ids(Holdout holdout) {
        return holdout.samples().stream().map(each -> each.imageId().value()).toList();
    }

    @Test
    void theImageIdAloneDecidesWhetherASampleIsSetAside() {
        Holdout forwards = new Holdout(64);
        Holdout backwards = new Holdout(64);

        offer(forwards, 0, 100);
        for (int i = 99; i >= 0; i--) {
            backwards.takes(Linear.sample("image-" + i, 0, 0), false);
        }

        assertThat(ids(forwards))
                .as("a checkpoint of an earlier build must be continued with the same choice")
                .containsExactlyInAnyOrderElementsOf(ids(backwards))
                .containsExactlyElementsOf(GOLDEN);
    }

    private static final List<String> GOLDEN = List.of(
            "image-1",
            "image-9",
            "image-15",
            "image-22",
            "image-35",
            "image-46",
            "image-58",
            "image-64",
            "image-66",
            "image-87",
            "image-91");

    @Test
    void setsAsideOneInEightAtFirstAndOneInThirtyTwoFromSixtyFourOn() {
        Holdout holdout = new Holdout(1000);

        int first = 0;
        while (holdout.size() < 64) {
            offer(holdout, first, first + 1);
            first++;
        }
        int later = offer(holdout, first, first + 3200);

        assertThat(first).isBetween(400, 640);
        assertThat(later).isBetween(70, 130);
        assertThat(holdout.size()).isEqualTo(64 + later);
    }

    @Test
    void anImageThatIsHeldStaysOutOfTrainingAndIsHeldOnce() {
        Holdout holdout = new Holdout(64);
        String id = Linear.heldIds(1).get(0);
        holdout.takes(Linear.sample(id, 0, 0), true);

        boolean again = holdout.takes(Linear.sample(id, 0, 1), false);

        assertThat(again).isTrue();
        assertThat(holdout.size()).isEqualTo(1);
        assertThat(holdout.best()).containsExactly(true);
    }

    @Test
    void aClassWithTwiceItsEvenShareGetsNoMorePlaces() {
        Holdout holdout = new Holdout(64);
        List<String> ids = Linear.heldIds(40);
        for (int i = 0; i < 30; i++) {
            holdout.takes(Linear.sample(ids.get(i), 0, i % 5 == 0 ? 1 + i / 5 % 2 : 0), true);
        }

        boolean flooding = holdout.takes(Linear.sample(ids.get(30), 0, 0), true);
        boolean rare = holdout.takes(Linear.sample(ids.get(31), 0, 2), true);

        // 3 classes: with n samples, a class may have fewer than 2n/3 of them.
        long own = holdout.samples().stream()
                .filter(each -> each.classIndex() == 0)
                .count();
        assertThat(own).isEqualTo(12);
        assertThat(flooding).isFalse();
        assertThat(rare).isTrue();
    }

    @Test
    void sevenSamplesOfAClassAreNeverTooMany() {
        Holdout holdout = new Holdout(64);
        List<String> ids = Linear.heldIds(12);
        holdout.takes(Linear.sample(ids.get(0), 0, 1), true);
        holdout.takes(Linear.sample(ids.get(1), 0, 2), true);

        List<Boolean> taken = new ArrayList<>();
        for (int i = 2; i < 11; i++) {
            taken.add(holdout.takes(Linear.sample(ids.get(i), 0, 0), true));
        }

        assertThat(taken).containsExactly(true, true, true, true, true, true, true, true, false);
    }

    @Test
    void whenFullTheOldestOfTheLargestClassMakesRoom() {
        Holdout holdout = new Holdout(4);
        List<String> ids = Linear.heldIds(5);
        int[] classes = {3, 1, 1, 2};
        for (int i = 0; i < 4; i++) {
            holdout.takes(Linear.sample(ids.get(i), i, classes[i]), i == 1);
        }

        boolean taken = holdout.takes(Linear.sample(ids.get(4), 4, 2), true);

        assertThat(taken).isTrue();
        assertThat(ids(holdout)).containsExactly(ids.get(0), ids.get(2), ids.get(3), ids.get(4));
        assertThat(holdout.best()).containsExactly(false, false, false, true);
        assertThat(holdout.labelledClasses()).isEqualTo(3);
        assertThat(holdout.takes(Linear.sample(ids.get(1), 1, 1), false))
                .as("what was evicted may come back")
                .isTrue();
    }

    @Test
    void amongEquallyLargeClassesTheLowestMakesRoom() {
        Holdout holdout = new Holdout(2);
        List<String> ids = Linear.heldIds(3);
        holdout.takes(Linear.sample(ids.get(0), 0, 4), true);
        holdout.takes(Linear.sample(ids.get(1), 1, 2), true);

        holdout.takes(Linear.sample(ids.get(2), 2, 0), true);

        assertThat(ids(holdout)).containsExactly(ids.get(0), ids.get(2));
    }

    @Test
    void aRestoreReplacesEverythingAndCountsAMissingHitAsAMiss() {
        Holdout holdout = new Holdout(64);
        String before = Linear.heldIds(1).get(0);
        holdout.takes(Linear.sample(before, 0, 0), true);

        holdout.restore(
                List.of(Linear.sample("a", 0, 1), Linear.sample("b", 1, 2), Linear.sample("c", 2, 2)),
                List.of(true, false));

        assertThat(ids(holdout)).containsExactly("a", "b", "c");
        assertThat(holdout.best()).containsExactly(true, false, false);
        assertThat(holdout.labelledClasses()).isEqualTo(2);
        assertThat(holdout.takes(Linear.sample("c", 2, 2), true)).isTrue();
        assertThat(holdout.size()).isEqualTo(3);
        assertThat(holdout.samples().get(1).row()).isEqualTo(Linear.row(1));
        assertThat(holdout.takes(Linear.sample(before, 0, 0), true)).isTrue();
        assertThat(holdout.size()).as("forgotten, so it is set aside anew").isEqualTo(4);
    }

    @Test
    void hasTheRowsOfItsSamplesOnTheShelfAndNoOthers() {
        CountingShelf shelf = new CountingShelf();
        Holdout holdout = new Holdout(2, shelf);
        List<String> ids = Linear.heldIds(3);
        for (int i = 0; i < 3; i++) {
            holdout.takes(Linear.sample(ids.get(i), i, i), true);
        }
        assertThat(shelf.kept().keySet())
                .as("the first was evicted")
                .containsExactlyInAnyOrder(new HeapRow(Linear.row(1)), new HeapRow(Linear.row(2)));

        holdout.restore(List.of(Linear.sample("a", 2, 0), Linear.sample("b", 5, 0)), List.of());
        assertThat(shelf.kept()).isEqualTo(Map.of(new HeapRow(Linear.row(2)), 1, new HeapRow(Linear.row(5)), 1));

        holdout.clear();
        assertThat(shelf.kept()).isEmpty();
        assertThat(holdout.size()).isZero();
    }

    @Test
    void holdsAnImageFromWhenItIsSetAsideUntilItIsEvicted() {
        Holdout holdout = new Holdout(1);
        List<String> ids = Linear.heldIds(2);
        holdout.takes(Linear.sample(ids.get(0), 0, 0), true);
        assertThat(holdout.holds(Linear.sample(ids.get(0), 0, 0))).isTrue();
        assertThat(holdout.holds(Linear.sample(ids.get(1), 0, 0))).isFalse();

        holdout.takes(Linear.sample(ids.get(1), 1, 0), true);

        assertThat(holdout.holds(Linear.sample(ids.get(0), 0, 0))).isFalse();
        assertThat(holdout.holds(Linear.sample(ids.get(1), 0, 0))).isTrue();
    }

    @Test
    void withSixtyFourSamplesOneInThirtyTwoIsSetAside() {
        Holdout holdout = new Holdout(200);
        int next = 0;
        while (holdout.size() < 64) {
            holdout.takes(Linear.sample("image-" + next, 0, holdout.size()), true);
            next++;
        }
        int one = next;
        while (!new Holdout(1).takes(Linear.sample("image-" + one, 0, 0), true) || isOneInThirtyTwo("image-" + one)) {
            one++;
        }

        assertThat(holdout.takes(Linear.sample("image-" + one, 0, 70), true)).isFalse();
    }

    /** A holdout of 100 samples sets it aside. */
    private static boolean isOneInThirtyTwo(String id) {
        Holdout late = new Holdout(200);
        late.restore(
                IntStream.range(0, 100)
                        .mapToObj(i -> Linear.sample("other-" + i, 0, i))
                        .toList(),
                List.of());
        return late.takes(Linear.sample(id, 0, 0), true);
    }

    private static Holdout asking(AnswerSettings.Asked asked, int capacity) {
        return new Holdout(capacity, Shelf.HEAP, asked);
    }

    /** Predicts a class for each sample. */
    private static BaseModel.Predicted predicted(int... classes) {
        return new BaseModel.Predicted(
                Arrays.stream(classes).boxed().toList(),
                List.of(),
                Arrays.stream(classes).mapToObj(Linear::row).toList());
    }

    @Test
    void keepsWhatSourceModelAndActiveVersionAnsweredToWhatIsSetAside() {
        Holdout holdout = asking(AnswerSettings.Asked.ONCE, 64);
        List<String> held = Linear.heldIds(2);
        List<ReplaySample> offered = List.of(
                Linear.sample(held.get(0), 0, 1), Linear.sample("image-0", 1, 2), Linear.sample(held.get(1), 2, 3));

        Holdout.Others others = holdout.without(offered, predicted(1, 0, 0), predicted(0, 4, 3), 5);

        assertThat(others.samples()).containsExactly(offered.get(1));
        assertThat(others.answers()).containsExactly(Linear.row(4));
        assertThat(holdout.ofSource()).hasValue(new boolean[] {true, false});
        assertThat(holdout.ofActive(5)).hasValue(new boolean[] {false, true});
        assertThat(holdout.ofActive(6)).as("another version").isEmpty();
    }

    @Test
    void nothingIsKnownOfAVersionThatHasNotAnsweredToAllThatIsHeld() {
        Holdout holdout = asking(AnswerSettings.Asked.ONCE, 64);
        List<String> held = Linear.heldIds(2);
        var first = holdout.without(List.of(Linear.sample(held.get(0), 0, 1)), predicted(1), predicted(1), 5);

        var second = holdout.without(List.of(Linear.sample(held.get(1), 0, 1)), predicted(1), predicted(1), 6);

        assertThat(first.samples()).isEmpty();
        assertThat(second.samples()).isEmpty();
        assertThat(holdout.ofActive(5)).isEmpty();
        assertThat(holdout.ofActive(6)).isEmpty();
        assertThat(holdout.ofSource()).hasValue(new boolean[] {true, true});
    }

    @Test
    void answersGoWithTheSamplesThatMakeRoom() {
        Holdout holdout = asking(AnswerSettings.Asked.ONCE, 2);
        List<String> held = Linear.heldIds(3);
        for (int i = 0; i < 3; i++) {
            var unused = holdout.without(
                    List.of(Linear.sample(held.get(i), i, 1)), predicted(i == 1 ? 1 : 0), predicted(i == 2 ? 1 : 0), 5);
        }

        assertThat(ids(holdout)).containsExactly(held.get(1), held.get(2));
        assertThat(holdout.ofSource()).hasValue(new boolean[] {true, false});
        assertThat(holdout.ofActive(5)).hasValue(new boolean[] {false, true});
    }

    @Test
    void aCheckpointHasTheAnswersOfTheVersionThatIsActiveInIt() {
        Holdout holdout = asking(AnswerSettings.Asked.ONCE, 64);
        List<ReplaySample> held = List.of(Linear.sample(Linear.heldIds(1).get(0), 0, 1));
        var unused = holdout.without(held, predicted(0), predicted(1), 5);
        Checkpoint.Builder checkpoint = Checkpoint.newBuilder().setActiveVersion(5);
        holdout.save(checkpoint);
        Holdout restored = asking(AnswerSettings.Asked.ONCE, 64);

        restored.restore(held, checkpoint.build(), List.of());

        assertThat(restored.best()).containsExactly(true);
        assertThat(restored.ofSource()).hasValue(new boolean[] {false});
        assertThat(restored.ofActive(5)).hasValue(new boolean[] {true});
        restored.restore(
                held, checkpoint.clearHoldoutSource().clearHoldoutActive().build(), List.of());
        assertThat(restored.ofSource()).as("of a build that kept none").isEmpty();
        assertThat(restored.ofActive(5)).isEmpty();
    }

    @Test
    void whereModelsAreAskedAgainNothingIsKept() {
        Holdout holdout = asking(AnswerSettings.Asked.AGAIN, 64);
        List<ReplaySample> offered =
                List.of(Linear.sample(Linear.heldIds(1).get(0), 0, 1), Linear.sample("image-0", 1, 2));

        Holdout.Others others = holdout.without(offered, predicted(0, 0), predicted(1, 1), 0);
        Checkpoint.Builder checkpoint = Checkpoint.newBuilder();
        holdout.save(checkpoint);

        assertThat(others.answers()).isEmpty();
        assertThat(holdout.ofSource()).isEmpty();
        assertThat(holdout.ofActive(0)).isEmpty();
        assertThat(checkpoint.getHoldoutSourceCount() + checkpoint.getHoldoutActiveCount())
                .isZero();
    }

    private static Holdout byPicture(int capacity) {
        return new Holdout(
                capacity,
                Shelf.HEAP,
                AnswerSettings.Asked.ONCE,
                new SeenPictures(AnswerSettings.Repeats.LEFT_OUT, BiasModel.INPUT, Shelf.HEAP));
    }

    @Test
    void aPictureThatWasTrainedOnIsNeverHeldWhateverItsIdIs() {
        Holdout holdout = byPicture(64);
        String held = Linear.heldIds(1).get(0);
        assertThat(holdout.takes(Linear.sample("other", 7, 1), true)).isFalse();

        Holdout.Others others = holdout.without(
                List.of(Linear.sample(held, 7, 1), Linear.sample("new", 8, 2)), predicted(0, 0), predicted(1, 1), 0);

        assertThat(holdout.size()).isZero();
        assertThat(others.samples()).extracting(each -> each.imageId().value()).containsExactly(held, "new");
        assertThat(others.firsts()).extracting(each -> each.imageId().value()).containsExactly("new");
    }

    @Test
    void aPictureThatIsHeldIsNotTrainedOnWhateverItsIdIs() {
        Holdout holdout = byPicture(1);
        List<String> ids = Linear.heldIds(2);
        assertThat(holdout.takes(Linear.sample(ids.get(0), 7, 1), true)).isTrue();

        assertThat(holdout.takes(Linear.sample("other", 7, 1), true)).isTrue();
        assertThat(holdout.takes(Linear.sample(ids.get(1), 8, 1), true)).isTrue();

        assertThat(ids(holdout)).containsExactly(ids.get(1));
        assertThat(holdout.takes(Linear.sample("other", 7, 1), true))
                .as("it is held no more, and had its label")
                .isFalse();
    }

    @Test
    void picturesThatComeOnceAreHeldByTheirIds() {
        Holdout byId = new Holdout(64);
        Holdout byPicture = byPicture(64);
        for (int i = 0; i < 192; i++) {
            assertThat(byPicture.takes(Linear.sample("image-" + i, i, i % 5), true))
                    .isEqualTo(byId.takes(Linear.sample("image-" + i, i, i % 5), true));
        }
        assertThat(ids(byPicture)).isEqualTo(ids(byId)).hasSizeGreaterThan(10);
    }

    @Test
    void whatIsGivenUpMayBeHeldAgain() {
        Holdout holdout = byPicture(64);
        String held = Linear.heldIds(1).get(0);
        assertThat(holdout.takes(Linear.sample("other", 7, 1), true)).isFalse();

        holdout.clear();

        assertThat(holdout.takes(Linear.sample(held, 7, 1), true)).isTrue();
    }

    @Test
    void aPictureThatIsStillTrainedOnIsNeverHeldHoweverManyOthersCameSince() {
        ReplayBuffer replay = new ReplayBuffer(16);
        Holdout holdout = Holdout.of(EvaluationSettings.defaults(), BiasModel.INPUT, Shelf.HEAP, replay);
        String held = Linear.heldIds(1).get(0);
        // Nothing else knows of it, as when twice 32,768 others had a label since.
        replay.add(Linear.sample("other", 7, 1), new SplitMix64(1));

        assertThat(holdout.firsts(List.of(Linear.sample(held, 7, 1)))).containsExactly(false);
        assertThat(holdout.takes(Linear.sample(held, 7, 1), true)).isFalse();
    }

    @Test
    void aPictureThatAnOlderBuildHeldTwiceStaysOutOfTrainingWhenOneOfBothMakesRoom() {
        Holdout holdout = byPicture(2);
        holdout.restore(List.of(Linear.sample("a", 7, 1), Linear.sample("b", 7, 1)), List.of());

        assertThat(holdout.takes(Linear.sample(Linear.heldIds(1).get(0), 8, 2), true))
                .isTrue();

        assertThat(ids(holdout)).containsExactly("b", Linear.heldIds(1).get(0));
        assertThat(holdout.takes(Linear.sample("c", 7, 1), true)).isTrue();
    }
}
