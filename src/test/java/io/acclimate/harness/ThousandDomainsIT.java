package io.acclimate.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.wire.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A thousand domains with a few labels each, and a serving process that has a version for each of them. The times are printed, for
 * people on a machine that does nothing else. With so few labels hardly anything is proven, so versions go by the rule that a version
 * may serve unless it is proven worse. {@code -Ddomains.count}, {@code -Ddomains.labels} and {@code -Ddomains.rate} choose others.
 */
@Tag("harness-long")
class ThousandDomainsIT {
    private static final Duration LIMIT = Duration.ofMinutes(30);
    private static final Topics TOPICS = new Topics("d-");
    private static final int DOMAINS = Integer.getInteger("domains.count", 1_000);
    private static final int LABELS = Integer.getInteger("domains.labels", 64);
    private static final int RATE = Integer.getInteger("domains.rate", 150);
    private static final int ADAPT_MEGABYTES = 1_536;

    private final long began = System.nanoTime();

    @Test
    void learnsFromEachOfAThousandDomainsAndServesThem() throws Exception {
        Path folder = Files.createTempDirectory("acclimate-domains");
        System.err.println("domains: logs in " + folder);
        Map<String, List<String>> options = Map.of(
                "minibatch", List.of("--max-domains=" + DOMAINS, "--labels-per-second=0"),
                "adapt", List.of("--gate=NON_INFERIOR"));
        try (Cluster cluster = new Cluster(folder, TOPICS, List.of("minibatch-a", "adapt-a", "serve-a"), options)) {
            cluster.start();
            try (DomainsLoad load = new DomainsLoad(cluster.bootstrap(), TOPICS);
                    DomainsReader reader = new DomainsReader(cluster.bootstrap(), TOPICS)) {
                until(reader, () -> cluster.names().stream()
                        .allMatch(each -> cluster.health(each).ready().code() == 200));
                say(cluster, reader);
                CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> load.labels(DOMAINS, LABELS, RATE));
                until(reader, () -> everyLabelIsLearnt(reader));
                sending.join();
                say(cluster, reader);
                load.images(DOMAINS);
                until(reader, () -> reader.predictedBy().size() == DOMAINS);
                say(cluster, reader);

                assertThat(reader.deadLetters()).isEmpty();
                assertThat(reader.learnt()).hasSize(DOMAINS);
                assertThat(reader.predictedBy())
                        .allSatisfy((domain, version) -> assertThat(version).isEqualTo(reader.active(domain)));
                assertThat(resident(cluster, "adapt-a")).isLessThan(ADAPT_MEGABYTES);
            }
        }
    }

    private static boolean everyLabelIsLearnt(DomainsReader reader) {
        return reader.learnt().values().stream().mapToInt(each -> each).sum() >= DOMAINS * LABELS;
    }

    private void until(DomainsReader reader, BooleanSupplier reached) throws Exception {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!reached.getAsBoolean()) {
            assertThat(System.nanoTime()).as("learnt %s", reader.learnt()).isLessThan(deadline);
            reader.read();
        }
    }

    private void say(Cluster cluster, DomainsReader reader) throws Exception {
        List<Long> waits = reader.waitsMillis();
        System.err.printf(
                Locale.ROOT,
                "domains: after %.1f s: %d labels of %d domains learnt, %d domains with a version, adapt %d MB resident"
                        + " and %.1f s of CPU, serve %d MB and %.1f s, longest wait of a domain %d ms in the median, %d ms"
                        + " the most%n",
                (System.nanoTime() - began) / 1e9,
                reader.learnt().values().stream().mapToInt(each -> each).sum(),
                reader.learnt().size(),
                reader.adapted(),
                resident(cluster, "adapt-a"),
                cluster.process("adapt-a").cpu().toMillis() / 1e3,
                resident(cluster, "serve-a"),
                cluster.process("serve-a").cpu().toMillis() / 1e3,
                waits.isEmpty() ? 0 : waits.get(waits.size() / 2),
                waits.isEmpty() ? 0 : waits.get(waits.size() - 1));
    }

    private static long resident(Cluster cluster, String role) throws Exception {
        String status = Files.readString(
                Path.of("/proc", Long.toString(cluster.process(role).pid()), "status"));
        return Vitals.number(status, "VmRSS:") / 1024;
    }
}
