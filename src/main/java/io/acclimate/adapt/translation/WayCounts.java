package io.acclimate.adapt.translation;

import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.adapt.translation.Translation.Choice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * How often each way of each choice was tried and succeeded, in the order of the choices. Turns are counted together with the next smaller and larger one,
 * since pictures are known by some of those, too. One thread.
 */
final class WayCounts {
    static final int WAYS =
            Arrays.stream(Choice.values()).mapToInt(choice -> choice.count).sum();

    private static final List<Choice> CHOICE_OF = Arrays.stream(Choice.values())
            .flatMap(choice -> Collections.nCopies(choice.count, choice).stream())
            .toList();
    private static final List<Integer> FIRST =
            Arrays.stream(Choice.values()).map(CHOICE_OF::indexOf).toList();

    final int[] tries = new int[WAYS];
    /** By list of classes. */
    final int[][] successes;

    WayCounts(int lists) {
        this.successes = new int[lists][WAYS];
    }

    int tries(int place) {
        return withNeighbours(tries, place);
    }

    int allTries() {
        return Arrays.stream(tries).sum();
    }

    /** The successes of a way by the list of classes that fits it best. */
    int most(int place) {
        int most = 0;
        for (int[] each : successes) {
            most = Math.max(most, withNeighbours(each, place));
        }
        return most;
    }

    /** The count of a way, and for a turn those of the turns beside it. */
    private static int withNeighbours(int[] counts, int place) {
        if (place == 0 || place >= Choice.TURN.count) {
            return counts[place];
        }
        int sum = counts[place];
        for (int side : new int[] {-1, 1}) {
            int beside = Math.floorMod(place + side, Choice.TURN.count);
            // No turn at all is no neighbour: it changes nothing.
            sum += beside == 0 ? 0 : counts[beside];
        }
        return sum;
    }

    /** The place of the way of this choice that changes nothing; the others follow. */
    static int first(Choice of) {
        return FIRST.get(of.place);
    }

    static Choice choiceOf(int place) {
        return CHOICE_OF.get(place);
    }

    /** A place, drawn by these weights, of which one at least is not 0. */
    static int drawn(double[] weights, SplitMix64 random) {
        double left = random.uniform() * Arrays.stream(weights).sum();
        int last = 0;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0) {
                last = i;
                left -= weights[i];
                if (left < 0) {
                    return i;
                }
            }
        }
        return last;
    }

    /** Nothing is known of the other choices where this one is another: what is dropped because it changes nothing is no such case. */
    void clearOthers(Choice choice) {
        int first = first(choice);
        for (int[] each : parts()) {
            Arrays.fill(each, 0, first, 0);
            Arrays.fill(each, first + choice.count, WAYS, 0);
        }
    }

    /** All counts, to be halved and kept. */
    List<int[]> parts() {
        List<int[]> parts = new ArrayList<>(List.of(tries));
        parts.addAll(Arrays.asList(successes));
        return parts;
    }
}
