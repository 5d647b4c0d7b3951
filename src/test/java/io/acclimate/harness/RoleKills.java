package io.acclimate.harness;

import io.acclimate.wire.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures how long a killed {@code serve} or {@code adapt} is missed, and the processor time that its successor takes until then:
 * kills it under load and nothing else. Arguments: the role, how often, and {@code two} to let another process of the role live
 * beside it and to start the killed one only after the other has taken all over.
 */
final class RoleKills {
    private static final Duration TICK = Duration.ofMillis(20);
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final Duration AWAY = Duration.ofMillis(200);
    /** Images a second: so many that most kills meet an open transaction. */
    private static final int BUSY = 400;

    private RoleKills() {}

    public static void main(String[] args) throws Exception {
        String role = args[0];
        int kills = Integer.parseInt(args[1]);
        boolean two = args.length > 2 && args[2].equals("two");
        String name = role + "-a";
        Path folder = Files.createTempDirectory("acclimate-kills");
        System.out.println("logs in " + folder);
        List<String> names = new ArrayList<>(List.of(name));
        if (two) {
            names.add(role + "-b");
        }
        if (role.equals("adapt")) {
            names.add("minibatch-a");
        }
        SplittableRandom random = new SplittableRandom(1);
        try (Cluster cluster =
                new Cluster(folder, new Topics("k-"), names, Map.of("adapt", Run.ADAPT, "minibatch", Run.MINIBATCH))) {
            cluster.start();
            try (Ledger ledger = new Ledger(cluster.bootstrap(), cluster.topics());
                    Load load = new Load(
                            cluster.bootstrap(),
                            cluster.topics(),
                            1,
                            role.equals("serve") ? BUSY : 1,
                            role.equals("serve") ? 1 : 20)) {
                load.start();
                await(watch(name, two, cluster, ledger));
                List<Duration> walls = new ArrayList<>();
                for (int i = 0; i < kills; i++) {
                    LockSupport.parkNanos(
                            Duration.ofMillis(4_000 + random.nextInt(6_000)).toNanos());
                    JavaProcess killed = cluster.process(name);
                    killed.kill();
                    Recovery recovery = watch(name, two, cluster, ledger);
                    if (!two) {
                        LockSupport.parkNanos(AWAY.toNanos());
                        killed.start();
                    }
                    Duration wall = await(recovery);
                    walls.add(wall);
                    System.out.printf(
                            Locale.ROOT,
                            "%tT at work again after %.1f s%s%n",
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

    private static Recovery watch(String name, boolean away, Cluster cluster, Ledger ledger) {
        Recovery recovery = Recovery.after(name, away, cluster);
        ledger.watch(recovery);
        return recovery;
    }

    private static Duration await(Recovery recovery) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (recovery.took().isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("not at work again: " + recovery.missing());
            }
            LockSupport.parkNanos(TICK.toNanos());
        }
        return recovery.took().get();
    }
}
