package io.acclimate.adapt.translation;

import io.acclimate.adapt.random.SplitMix64;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A way in which the pictures of a domain differ from those of the source: how they would have to be changed for the source model to know them. It is
 * made of one way of each {@link Choice}; way 0 of each changes nothing.
 *
 * @param ways one for each choice, in the order of the choices
 */
record Translation(List<Integer> ways) {
    static final Translation NONE = new Translation(Collections.nCopies(Choice.values().length, 0));

    Translation {
        ways = List.copyOf(ways);
    }

    /** What can be changed in a picture. */
    enum Choice {
        /** By so many parts of a circle, give or take half a part. */
        TURN(0, 24),
        /** Not, or larger, or smaller by {@link PictureTranslation#ZOOM}. */
        ZOOM(1, 3),
        /** Left and right change places. */
        MIRROR(2, 2),
        /** Dark becomes bright. */
        INVERT(3, 2),
        /** Blurred pictures become sharp. */
        FOCUS(4, 2),
        /** Noise is smoothed, and each channel is stretched over the whole range from black to white. */
        TONE(5, 2);

        /** Among the ways of a translation. */
        final int place;
        /** How many ways there are, with the one that changes nothing. */
        final int count;

        Choice(int place, int count) {
            this.place = place;
            this.count = count;
        }
    }

    int way(Choice choice) {
        return ways.get(choice.place);
    }

    boolean is(Choice choice) {
        return way(choice) > 0;
    }

    Translation with(Choice choice, int way) {
        List<Integer> other = new ArrayList<>(ways);
        other.set(choice.place, way);
        return new Translation(other);
    }

    boolean changesNothing() {
        return equals(NONE);
    }

    /** In radians, drawn within the part of a circle that the pictures are turned by; 0 when they are not turned. */
    double angle(SplitMix64 random) {
        return is(Choice.TURN) ? 2 * Math.PI * (way(Choice.TURN) - 0.5 + random.uniform()) / Choice.TURN.count : 0;
    }

    /** How pictures differ from those of the source, for whoever reads the log. */
    String described() {
        List<String> all = new ArrayList<>();
        if (is(Choice.TURN)) {
            // What leads back to the source is the other way round from what the pictures look like.
            int back = 360 * way(Choice.TURN) / Choice.TURN.count;
            all.add(back > 180 ? "turned right by about " + (360 - back) + "°" : "turned left by about " + back + "°");
        }
        if (is(Choice.ZOOM)) {
            all.add(way(Choice.ZOOM) == 1 ? "smaller" : "larger");
        }
        if (is(Choice.MIRROR)) {
            all.add("mirrored");
        }
        if (is(Choice.INVERT)) {
            all.add("inverted");
        }
        if (is(Choice.FOCUS)) {
            all.add("blurred");
        }
        if (is(Choice.TONE)) {
            all.add("of another contrast, brightness or colour");
        }
        return all.isEmpty() ? "not changed" : String.join(", ", all);
    }
}
