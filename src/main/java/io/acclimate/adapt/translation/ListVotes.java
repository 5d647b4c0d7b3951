package io.acclimate.adapt.translation;

import java.util.Arrays;
import java.util.List;

/**
 * How each class votes on the list of classes: for the one by which more of its labels agree with the source model. A flood of one class, or labels that
 * come sorted, show how the model takes that class, and nothing of a list. Cost: four counters for each class. One thread.
 */
final class ListVotes {
    /** Of the classes that have labels, so many must be for a shift. */
    private static final double CLASSES_FOR = 0.6;
    /** A class with fewer labels has no vote. */
    private static final int FEWEST = 2;

    private final int[] labels;
    private final int[][] agreed;

    /** @param lists how many lists there are, of which the first is that of the labels as they are */
    ListVotes(int classes, int lists) {
        this.labels = new int[classes];
        this.agreed = new int[lists][classes];
    }

    void label(int label) {
        labels[label]++;
    }

    void agree(int list, int label) {
        agreed[list][label]++;
    }

    /** Whether most classes are for this list, and at least half of all classes have a vote. */
    boolean areFor(int list) {
        int voting = 0;
        int inFavour = 0;
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] >= FEWEST) {
                voting++;
                inFavour += agreed[list][i] > agreed[0][i] ? 1 : 0;
            }
        }
        return 2 * voting >= labels.length && inFavour >= CLASSES_FOR * voting;
    }

    int size() {
        return (1 + agreed.length) * labels.length;
    }

    /** All counts, to be halved, cleared and kept. */
    List<int[]> parts() {
        int[][] all = Arrays.copyOf(agreed, agreed.length + 1);
        all[agreed.length] = labels;
        return List.of(all);
    }
}
