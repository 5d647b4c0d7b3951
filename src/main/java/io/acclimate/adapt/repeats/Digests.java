package io.acclimate.adapt.repeats;

import java.util.Arrays;
import java.util.List;

/**
 * A set of digests, of which 32 bits are kept: open addressing with linear probing, at most half full, nothing is ever taken out. Of 65,536
 * digests, one in 65,536 others is taken for one that is there. One thread.
 */
final class Digests {
    private static final int SMALLEST = 64;
    /** Marks an empty place, so no digest is kept as this. */
    private static final int EMPTY = 0;

    private int[] table = new int[SMALLEST];
    private int size;

    int size() {
        return size;
    }

    int bytes() {
        return Integer.BYTES * table.length;
    }

    boolean has(long digest) {
        int kept = kept(digest);
        return table[place(table, kept)] == kept;
    }

    void add(long digest) {
        add(kept(digest));
    }

    private void add(int kept) {
        int place = place(table, kept);
        if (table[place] == kept) {
            return;
        }
        table[place] = kept;
        if (2 * ++size > table.length) {
            grow();
        }
    }

    private void grow() {
        int[] larger = new int[2 * table.length];
        for (int each : table) {
            if (each != EMPTY) {
                larger[place(larger, each)] = each;
            }
        }
        table = larger;
    }

    private static int kept(long digest) {
        int kept = (int) (digest >>> 32);
        return kept == EMPTY ? 1 : kept;
    }

    /** Where {@code kept} is or would be. */
    private static int place(int[] table, int kept) {
        int place = kept & (table.length - 1);
        while (table[place] != EMPTY && table[place] != kept) {
            place = (place + 1) & (table.length - 1);
        }
        return place;
    }

    /** What is kept, in ascending order: equal for sets that are equal. */
    List<Integer> state() {
        return Arrays.stream(table)
                .filter(each -> each != EMPTY)
                .sorted()
                .boxed()
                .toList();
    }

    static Digests of(List<Integer> state) {
        Digests digests = new Digests();
        state.stream().filter(each -> each != EMPTY).forEach(each -> digests.add(each.intValue()));
        return digests;
    }
}
