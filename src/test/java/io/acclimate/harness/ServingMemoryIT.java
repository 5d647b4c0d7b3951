package io.acclimate.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.broker.FreePort;
import io.acclimate.broker.TestBroker;
import io.acclimate.wire.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * 2,000 swaps and 1,000,000 predictions by one {@code serve} process, whose memory alone is looked at; minutes.
 * {@code mvn verify -Psoak -DskipUTs=true -Dit.test=ServingMemoryIT}, shorter with {@code -Dacclimate.soak.swaps=400}.
 */
@Tag("soak")
class ServingMemoryIT {
    private static final int SWAPS = Integer.getInteger("acclimate.soak.swaps", 2_000);
    private static final int PREDICTIONS_PER_SWAP = 500;
    private static final int BACKLOG = 4_000;
    private static final int SETTLED = SWAPS / 10;
    private static final int EVERY = 50;
    /** Sockets of idle connections come and go, and the JVM ends compiler threads that it does not need. */
    private static final int SLACK = 10;

    private static final int HEAP_MEGABYTES = 256;
    private static final Duration LIMIT = Duration.ofSeconds(90);

    @TempDir
    Path folder;

    private final Topics topics = TestBroker.uniqueTopics();

    @Test
    void fault14ResidentMemoryAndHandlesAreFlatFromSwap200ToSwap2000() throws Exception {
        String bootstrap = TestBroker.bootstrapServers();
        TestBroker.createTopics(topics);
        int port = FreePort.take();
        Health page = new Health(port);
        try (VersionStream versions = new VersionStream(bootstrap, topics);
                JavaProcess serve = serve(bootstrap, port);
                ImageStream images = new ImageStream(bootstrap, topics, BACKLOG, versions::answers)) {
            versions.publish(1);
            serve.start();
            await().atMost(LIMIT).until(() -> page.ready().code() == 200);
            images.start();
            List<Vitals> rows = new ArrayList<>();
            System.out.println("  swaps  predictions  resident kB  beside the heap  files  threads  sessions");
            for (int swap = 1; swap <= SWAPS; swap++) {
                // Version 1 was there at the start.
                versions.publish(swap + 1L);
                long served = swap + 1L;
                long enough = (long) PREDICTIONS_PER_SWAP * swap;
                until(() -> images.version() >= served && images.predicted() >= enough, images, serve);
                if (swap % EVERY == 0) {
                    Vitals now = Vitals.of(serve.pid(), page);
                    print(swap, images.predicted(), now);
                    if (swap >= SETTLED) {
                        rows.add(now);
                    }
                }
            }
            images.stop();
            until(() -> images.predicted() >= images.sent(), images, serve);
            assertThat(page.metrics().text())
                    .contains("acclimate_live_sessions 1.0")
                    .contains("acclimate_swap_time_seconds_count " + (SWAPS + 1))
                    .contains("acclimate_predictions_total{domain=\"default\"} "
                            + Double.toString((double) images.sent()));
            assertThat(images.predicted()).isEqualTo(images.sent());
            flat(rows);
        }
    }

    /** Averages, since memory that was freed is given back from time to time and not at once. */
    private static void flat(List<Vitals> rows) {
        double settled = resident(rows.subList(0, SETTLED / EVERY));
        double end = resident(rows.subList(rows.size() - SETTLED / EVERY, rows.size()));
        System.out.printf(
                "resident memory: %,.0f kB on average over swaps %,d to %,d, %,.0f kB over the last %,d, growth %.2f%%%n",
                settled, SETTLED, 2 * SETTLED, end, SETTLED, 100 * (end - settled) / settled);
        assertThat(end).isLessThan(1.05 * settled);
        Vitals first = rows.get(0);
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.sessions()).isBetween(1, 2);
            assertThat(row.files()).isLessThan(first.files() + SLACK);
            assertThat(row.threads()).isLessThan(first.threads() + SLACK);
        });
    }

    private static double resident(List<Vitals> rows) {
        return rows.stream().mapToLong(Vitals::residentKilobytes).average().orElseThrow();
    }

    /** The heap has its full size from the start, so that growth is a leak's and not the collector's. */
    private JavaProcess serve(String bootstrap, int port) throws Exception {
        return new JavaProcess(
                "serve",
                folder,
                List.of("-Xms" + HEAP_MEGABYTES + "m", "-Xmx" + HEAP_MEGABYTES + "m", "-XX:+AlwaysPreTouch"),
                "io.acclimate.app.Main",
                List.of(
                        "serve",
                        "--bootstrap=" + bootstrap,
                        "--topic-prefix=" + topics.prefix(),
                        "--instance=soak",
                        // Small transactions: each version is seen before the next.
                        "--max-poll-records=200",
                        "--http-port=" + port));
    }

    private static void until(Callable<Boolean> reached, ImageStream images, JavaProcess serve) {
        await().atMost(LIMIT)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> {
                    assertThat(images.finding()).isEmpty();
                    assertThat(serve.alive())
                            .as("serve runs, see %s", serve.log())
                            .isTrue();
                    return reached.call();
                });
    }

    private static void print(int swap, long predictions, Vitals now) {
        System.out.printf(
                "%,7d %,12d %,12d %,16d %6d %8d %9d%n",
                swap,
                predictions,
                now.residentKilobytes(),
                now.residentKilobytes() - HEAP_MEGABYTES * 1024L,
                now.files(),
                now.threads(),
                now.sessions());
    }
}
