package io.acclimate.broker;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.ObjectName;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Time;

/**
 * Brings the controller's view of a killed broker up to date before the broker starts again: it is fenced, so that its partitions
 * have no leader.
 *
 * <p>Without it a one-node Kafka 4.3.1 can lose the end of a transaction. The broker starts with the leaders of before the kill, its
 * transaction coordinator begins to send the markers of what was committed, and when the old session then times out the leaders go.
 * {@code KRaftMetadataCache.getPartitionLeaderEndpoint} answers "no such partition" for a partition without leader, which the
 * coordinator takes for a deleted topic: it drops the marker and calls the transaction complete, and read_committed readers wait
 * for ever. Here the controller runs alone, with a short session, until it has given the old broker up. The start is also sooner: a
 * new broker is refused while the session of the old one lasts.
 */
final class UncleanStop {
    private static final Duration SESSION = Duration.ofSeconds(1);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration TICK = Duration.ofMillis(50);

    private UncleanStop() {}

    /**
     * Whether a broker ran on {@code directory} and did not end in order: Kafka leaves a file when it does. The folder of metadata alone
     * says nothing, since Kafka 4.4 puts a checkpoint there when it formats; the log is begun by the first start.
     */
    static boolean left(Path directory) {
        Path metadata = directory.resolve("__cluster_metadata-0");
        if (Files.notExists(metadata) || Files.exists(directory.resolve(".kafka_cleanshutdown"))) {
            return false;
        }
        try (DirectoryStream<Path> logs = Files.newDirectoryStream(metadata, "*.log")) {
            return logs.iterator().hasNext();
        } catch (IOException e) {
            throw new KafkaException("cannot read " + metadata + ": " + e.getMessage(), e);
        }
    }

    /** @param properties those that the broker will start with */
    static void settle(Map<String, Object> properties, int controllerPort) {
        Map<String, Object> alone = new HashMap<>(properties);
        alone.put("process.roles", "controller");
        alone.put("listeners", "CONTROLLER://localhost:" + controllerPort);
        alone.remove("advertised.listeners");
        alone.put("broker.session.timeout.ms", Long.toString(SESSION.toMillis()));
        KafkaRaftServer controller = new KafkaRaftServer(new KafkaConfig(alone, false), Time.SYSTEM);
        try {
            controller.startup();
            awaitFenced();
        } finally {
            controller.shutdown();
            controller.awaitShutdown();
        }
    }

    /** A broker that was killed before it had registered is never counted: then the limit is waited for. */
    private static void awaitFenced() {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (fencedBrokers() == 0 && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TICK.toNanos());
        }
    }

    /** The controller's own count; its API tells of controllers only. */
    private static long fencedBrokers() {
        try {
            Object count = ManagementFactory.getPlatformMBeanServer()
                    .getAttribute(
                            new ObjectName("kafka.controller:type=KafkaController,name=FencedBrokerCount"), "Value");
            return ((Number) count).longValue();
        } catch (InstanceNotFoundException e) {
            return 0;
        } catch (JMException e) {
            throw new KafkaException("the controller does not say how many brokers are fenced", e);
        }
    }
}
