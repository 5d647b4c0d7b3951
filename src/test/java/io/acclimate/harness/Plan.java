package io.acclimate.harness;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** What breaks when, decided by a seed. A process that is down, paused or cut off is left alone until it is back. */
record Plan(long seed, List<Fault> faults) {
    enum Kind {
        /** SIGKILL, and a start after the pause; longer than a session for some, so that another process takes over. */
        KILL,
        /** SIGTERM, and a start after the pause. */
        TERMINATE,
        /** SIGSTOP, and SIGCONT after the pause. */
        FREEZE,
        /** All connections are closed and none is taken for the pause. */
        CUT,
        /** No byte moves for the pause. */
        STALL
    }

    /** @param atMillis since the plan began */
    record Fault(long atMillis, String name, Kind kind, long pauseMillis) {
        /** Others have its work before it is back. */
        boolean away() {
            return kind == Kind.KILL && pauseMillis >= AWAY_MILLIS;
        }
    }

    /** Longer than any role's session. */
    private static final long AWAY_MILLIS = 13_000;

    private static final int ONE_AWAY_IN = 5;

    /** How often a kind comes beside kills. */
    private static final int ONE_OTHER_IN = 4;

    /** As long as a process may need to be back at work, so that not every kill meets one that only starts. */
    private static final long SETTLE_MILLIS = 6_000;

    /** @param kills how many faults are kills; every fourth fault is of another kind, on top */
    static Plan of(long seed, int kills, List<String> roles) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, Long> busyUntil = new HashMap<>();
        List<Fault> faults = new ArrayList<>();
        List<String> all = new ArrayList<>(roles);
        all.add(Cluster.BROKER);
        long at = 0;
        for (int killed = 0; killed < kills; ) {
            at += 1_500 + random.nextLong(8_000);
            String name = all.get(random.nextInt(all.size()));
            boolean kill = random.nextInt(ONE_OTHER_IN) != 0;
            Kind kind = kill ? Kind.KILL : other(name, random);
            long pause = pause(kind, name, random);
            if (at < busyUntil.getOrDefault(name, 0L)) {
                continue;
            }
            busyUntil.put(name, at + pause + SETTLE_MILLIS);
            faults.add(new Fault(at, name, kind, pause));
            killed += kill ? 1 : 0;
        }
        return new Plan(seed, List.copyOf(faults));
    }

    private static Kind other(String name, SplittableRandom random) {
        if (name.equals(Cluster.BROKER)) {
            return Kind.FREEZE;
        }
        return List.of(Kind.TERMINATE, Kind.FREEZE, Kind.CUT, Kind.STALL).get(random.nextInt(4));
    }

    /**
     * Longer than a session for some freezes and cuts, so that the group goes on without the process. A broker is not frozen so
     * long: a single one then gives itself up, its partitions have no leader, and Kafka 4.3.1 takes those for deleted ones and drops
     * the markers of transactions that it is completing ({@code UncleanStop} keeps that from happening after a kill).
     */
    private static long pause(Kind kind, String name, SplittableRandom random) {
        if (kind == Kind.KILL && !name.equals(Cluster.BROKER) && random.nextInt(ONE_AWAY_IN) == 0) {
            return AWAY_MILLIS + random.nextInt(4_000);
        }
        if (kind == Kind.KILL || kind == Kind.TERMINATE) {
            return random.nextInt(name.equals(Cluster.BROKER) ? 3_000 : 1_500);
        }
        return random.nextBoolean() || name.equals(Cluster.BROKER)
                ? 500 + random.nextInt(2_500)
                : 8_000 + random.nextInt(7_000);
    }

    long lengthMillis() {
        return faults.stream()
                .mapToLong(each -> each.atMillis() + each.pauseMillis())
                .max()
                .orElse(0);
    }
}
