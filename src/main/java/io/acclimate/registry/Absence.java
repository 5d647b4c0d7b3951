package io.acclimate.registry;

import io.acclimate.core.VersionId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Says for people why a version cannot be found. */
public final class Absence {
    private Absence() {}

    /**
     * That retention removed the version when the domain has had a later one, else that there never was such a version.
     *
     * @param newest the highest number that a version of the domain has had
     * @param kept the numbers that are still there
     * @param removed when, as long as the topic keeps the tombstone
     */
    public static String of(VersionId id, long newest, SortedSet<Long> kept, Optional<Instant> removed) {
        if (id.number() < 1 || id.number() > newest) {
            return "there is no version " + id;
        }
        String when =
                removed.map(at -> " on " + at.truncatedTo(ChronoUnit.SECONDS)).orElse("");
        return "version " + id + " was removed by retention" + when + "; kept are 0, the source model"
                + (kept.isEmpty() ? "" : ", and " + ranges(kept));
    }

    /** As in "3, 7 to 9 and 12". */
    static String ranges(SortedSet<Long> numbers) {
        List<String> ranges = new ArrayList<>();
        long from = -1;
        long last = -1;
        for (long each : new TreeSet<>(numbers)) {
            if (from >= 0 && each != last + 1) {
                ranges.add(range(from, last));
                from = each;
            }
            from = from < 0 ? each : from;
            last = each;
        }
        ranges.add(range(from, last));
        String end = ranges.remove(ranges.size() - 1);
        return ranges.isEmpty() ? end : String.join(", ", ranges) + " and " + end;
    }

    private static String range(long from, long to) {
        return from == to ? Long.toString(from) : from + (to == from + 1 ? ", " : " to ") + to;
    }
}
