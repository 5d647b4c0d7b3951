package io.acclimate.harness;

import io.acclimate.wire.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures how long a killed {@code adapt} is missed, and the processor time that its successor takes until then: kills it under
 * load and nothing else, as often as the first argument says. {@code two} as the second lets another worker live beside it and
 * starts the killed one only after all domains are trained again.
 */
final class AdaptKills {
    private static final Duration TICK = Duration.ofMillis(20);
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final Duration AWAY = Duration.ofMillis(200);
    private static final String KILLED = "adapt-a";

    private AdaptKills() {}

    public static void main(String[] args) throws Exception {
        int kills = args.length > 0 ? Integer.parseInt(args[0]) : 6;
        boolean two = args.length > 1 && args[1].equals("two");
        Path folder = Files.createTempDirectory("acclimate-adapt-kills");
        System.out.println("logs in " + folder);
        List<String> names = two ? List.of("minibatch-a", KILLED, "adapt-b") : List.of("minibatch-a", KILLED);
        SplittableRandom random = new SplittableRandom(1);
        try (Cluster cluster =
                new Cluster(folder, new Topics("k-"), names, Map.of("adapt", Run.ADAPT, "minibatch", Run.MINIBATCH))) {
            cluster.start();
            try (Ledger ledger = new Ledger(cluster.bootstrap(), cluster.topics());
                    Load load = new Load(cluster.bootstrap(), cluster.topics(), 1, 1, 20)) {
                load.start();
                await(watch(cluster, ledger));
                List<Duration> walls = new ArrayList<>();
                for (int i = 0; i < kills; i++) {
                    LockSupport.parkNanos(
                            Duration.ofMillis(4_000 + random.nextInt(6_000)).toNanos());
                    JavaProcess killed = cluster.process(KILLED);
                    killed.kill();
                    Recovery recovery = watch(cluster, ledger);
                    if (!two) {
                        LockSupport.parkNanos(AWAY.toNanos());
                        killed.start();
                    }
                    Duration wall = await(recovery);
                    walls.add(wall);
                    System.out.printf(
                            Locale.ROOT,
                            "%tT trained again after %.1f s%s%n",
                            System.currentTimeMillis(),
                            seconds(wall),
                            two ? "" : String.format(Locale.ROOT, ", %.1f s of processor", seconds(killed.cpu())));
                    if (two) {
                        killed.start();
                    }
                }
                List<Duration> sorted = walls.stream().sorted().toList();
                System.out.printf(
                        Locale.ROOT,
                        "median %.1f s, worst of %d %.1f s%n",
                        seconds(sorted.get(sorted.size() / 2)),
                        sorted.size(),
                        seconds(sorted.get(sorted.size() - 1)));
            }
        }
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }

    private static Recovery watch(Cluster cluster, Ledger ledger) {
        Recovery recovery = new Recovery("adapt", cluster.topics().adaptationEvents(), Set.copyOf(Load.DOMAINS));
        ledger.watch(recovery);
        return recovery;
    }

    private static Duration await(Recovery recovery) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (recovery.took().isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("not trained again: " + recovery.missing());
            }
            LockSupport.parkNanos(TICK.toNanos());
        }
        return recovery.took().get();
    }
}
