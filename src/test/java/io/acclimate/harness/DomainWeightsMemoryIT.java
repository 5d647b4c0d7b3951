package io.acclimate.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.core.DomainId;
import io.acclimate.core.Prediction;
import io.acclimate.wire.PredictionCodec;
import io.acclimate.wire.Topics;
import io.acclimate.wire.WireFormat;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A {@code serve} process whose domains each have a version with values of its own in all weights. What it may have resident is what it
 * has before the first version and the domains' weights, and a fifth more.
 */
class DomainWeightsMemoryIT {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final int ROUNDS = 2;
    private static final double MOST = 1.2;
    private static final String SERVE = "serve-a";

    @TempDir
    Path folder;

    private final Topics topics = new Topics("w-");

    /** Fewer domains would not tell weights on the heap from what the heap has of garbage. */
    @Test
    void holdsTheWeightsOfAThousandDomainsOnceAtMost() throws Exception {
        int domains = 1_000;
        try (Cluster cluster = new Cluster(folder, topics, List.of(SERVE), Map.of())) {
            cluster.start();
            await().atMost(LIMIT).until(() -> cluster.health(SERVE).ready().code() == 200);
            long base = resident(cluster);
            long allowed;
            try (VersionStream versions = new VersionStream(cluster.bootstrap(), topics);
                    DomainsLoad load = new DomainsLoad(cluster.bootstrap(), topics);
                    KafkaConsumer<byte[], byte[]> predictions =
                            Ledger.fromBeginning(cluster.bootstrap(), List.of(topics.predictions()))) {
                allowed = (long) (MOST * (base + domains * versions.weightBytes() / 1024));
                for (int i = 0; i < domains; i++) {
                    versions.publish(domain(i), i + 1L);
                }
                await().atMost(LIMIT)
                        .until(() -> cluster.health(SERVE).metrics().text(), text -> text.contains(swaps(domains)));
                check(domains + " versions", cluster, base, allowed);
                for (int round = 0; round < ROUNDS; round++) {
                    load.images(domains);
                    answers(predictions, domains).forEach((domain, answer) -> {
                        assertThat(domain(Math.toIntExact(answer.modelVersion() - 1)))
                                .isEqualTo(domain);
                        assertThat(versions.answers(answer)).as("%s", answer).isTrue();
                    });
                    check(domains + " versions and " + (round + 1) + " images of each", cluster, base, allowed);
                }
            }
        }
    }

    private static String swaps(int number) {
        return "acclimate_swap_time_seconds_count " + number;
    }

    private static DomainId domain(int number) {
        return new DomainId(DomainsLoad.domain(number));
    }

    /** One answer for each domain. */
    private static Map<DomainId, Prediction> answers(KafkaConsumer<byte[], byte[]> predictions, int domains) {
        PredictionCodec codec = new PredictionCodec(WireFormat.JSON);
        Map<DomainId, Prediction> answers = new HashMap<>();
        await().atMost(LIMIT).pollDelay(Duration.ZERO).until(() -> {
            for (ConsumerRecord<byte[], byte[]> record : predictions.poll(Duration.ofMillis(100))) {
                Prediction answer = codec.decode(record.value());
                answers.put(answer.domain(), answer);
            }
            return answers.size() == domains;
        });
        return answers;
    }

    private static long resident(Cluster cluster) throws Exception {
        return Vitals.of(cluster.process(SERVE).pid(), cluster.health(SERVE)).residentKilobytes();
    }

    private static void check(String after, Cluster cluster, long base, long allowed) throws Exception {
        long resident = resident(cluster);
        System.out.printf(
                "after %s: %,d kB resident, %,d before the first version, %,d allowed; %s%n",
                after,
                resident,
                base,
                allowed,
                cluster.health(SERVE)
                        .metrics()
                        .text()
                        .lines()
                        .filter(line -> line.startsWith("acclimate_reopen_time_seconds_")
                                || line.startsWith("acclimate_swap_time_seconds_"))
                        .filter(line -> !line.contains("bucket"))
                        .toList());
        assertThat(resident).isLessThan(allowed);
    }
}
