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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How long a killed {@code serve} or {@code adapt} is missed, and the processor time that its successor takes until then: kills it
 * under load and nothing else. The times are printed, for people on a machine that does nothing else; asserted is that work goes on.
 */
@Tag("harness-long")
class RoleKillsIT {
    private static final int KILLS = 10;
    /** Without another part that is back at work. */
    private static final Duration LIMIT = Duration.ofMinutes(4);

    private static final Duration AWAY = Duration.ofMillis(200);
    /** Images a second: so many that most kills meet an open transaction. */
    private static final int BUSY = 400;

    /** @param away another process of the role lives beside it, and the killed one is started only after that has taken all over */
    @ParameterizedTest
    @CsvSource({"serve, true", "serve, false", "adapt, true", "adapt, false"})
    void workGoesOnAfterEachKill(String role, boolean away) throws Exception {
        String name = role + "-a";
        Path folder = Files.createTempDirectory("acclimate-kills");
        System.err.println("harness: logs in " + folder);
        List<String> names = new ArrayList<>(List.of(name));
        if (away) {
            names.add(role + "-b");
        }
        if (role.equals("adapt")) {
            names.add("minibatch-a");
        }
        boolean serve = role.equals("serve");
        SplittableRandom random = new SplittableRandom(1);
        List<Duration> walls = new ArrayList<>();
        try (Cluster cluster =
                new Cluster(folder, new Topics("k-"), names, Map.of("adapt", Run.ADAPT, "minibatch", Run.MINIBATCH))) {
            cluster.start();
            try (Ledger ledger = new Ledger(cluster.bootstrap(), cluster.topics());
                    Load load = new Load(cluster.bootstrap(), cluster.topics(), 1, serve ? BUSY : 1, serve ? 1 : 20)) {
                load.start();
                var unused = watch(name, away, cluster, ledger).await(LIMIT);
                for (int i = 0; i < KILLS; i++) {
                    LockSupport.parkNanos(
                            Duration.ofMillis(4_000 + random.nextInt(6_000)).toNanos());
                    walls.add(kill(cluster.process(name), away, cluster, ledger));
                }
                load.pause();
            }
        }
        List<Duration> sorted = walls.stream().sorted().toList();
        System.err.printf(
                Locale.ROOT,
                "harness: after a kill of %s%s, alone, all of it works again in %.1f s (median), %.1f s (worst of %d)%n",
                role,
                away ? " that stays away" : "",
                seconds(sorted.get(KILLS / 2)),
                seconds(sorted.get(KILLS - 1)),
                KILLS);
    }

    private static Duration kill(JavaProcess killed, boolean away, Cluster cluster, Ledger ledger) {
        killed.kill();
        Recovery recovery = watch(killed.name(), away, cluster, ledger);
        if (!away) {
            LockSupport.parkNanos(AWAY.toNanos());
            killed.start();
        }
        Duration wall = recovery.await(LIMIT);
        System.err.printf(
                Locale.ROOT,
                "harness: %tT at work again after %.1f s%s%n",
                System.currentTimeMillis(),
                seconds(wall),
                away ? "" : String.format(Locale.ROOT, ", %.1f s of processor", seconds(killed.cpu())));
        if (away) {
            killed.start();
        }
        return wall;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }

    private static Recovery watch(String name, boolean away, Cluster cluster, Ledger ledger) {
        Recovery recovery = Recovery.after(name, away, cluster);
        ledger.watch(recovery);
        return recovery;
    }
}
