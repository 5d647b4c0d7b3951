package io.acclimate.adapt.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.ImageId;
import java.util.ArrayList;
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
        assertThat(holdout.holds(new ImageId(ids.get(0)))).isTrue();
        assertThat(holdout.holds(new ImageId(ids.get(1)))).isFalse();

        holdout.takes(Linear.sample(ids.get(1), 1, 0), true);

        assertThat(holdout.holds(new ImageId(ids.get(0)))).isFalse();
        assertThat(holdout.holds(new ImageId(ids.get(1)))).isTrue();
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
}
