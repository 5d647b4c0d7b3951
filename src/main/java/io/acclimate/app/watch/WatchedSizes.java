package io.acclimate.app.watch;

import io.acclimate.app.process.Role;
import io.acclimate.kafka.ClientProperties;
import io.acclimate.kafka.TopicSizes;
import io.acclimate.telemetry.Health;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.telemetry.WatchedThread;
import io.acclimate.wire.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures every minute how many bytes the brokers hold of each topic of the service. A client that may not ask for that only lacks the
 * meter: the service works without it.
 *
 * <p>Threads: one of its own. Any thread may call the rest.
 */
public final class WatchedSizes implements Role {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedSizes.class);
    private static final Duration PAUSE = Duration.ofMinutes(1);
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final Map<String, Object> client;
    private final Topics topics;
    private final Telemetry telemetry;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final WatchedThread thread = new WatchedThread("topic-sizes", this::run);
    /** Written by the thread and read by {@link #check}. */
    private volatile Health health = Health.READY;

    public WatchedSizes(Map<String, Object> client, Topics topics, Telemetry telemetry) {
        this.client = Map.copyOf(client);
        this.topics = topics;
        this.telemetry = telemetry;
    }

    @Override
    public String name() {
        return "topic-sizes";
    }

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public Health check() {
        return thread.health(health);
    }

    private void run() {
        try (Admin admin = ClientProperties.of(client).openAdmin()) {
            do {
                measure(admin);
            } while (!closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException | org.apache.kafka.common.errors.InterruptException e) {
            LOG.debug("the sizes of topics are not measured any more");
        }
    }

    private void measure(Admin admin) {
        try {
            TopicSizes.of(admin, this::isOfService)
                    .forEach((topic, bytes) -> telemetry.set(Meter.TOPIC_BYTES, (double) bytes, topic));
            health = Health.READY;
        } catch (org.apache.kafka.common.errors.InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            health = new Health.Ready(List.of("the sizes of topics are not known: " + e.getMessage()));
        }
    }

    /** The topics of the contract, and those in which Kafka Streams keeps the state of {@code minibatch}. */
    private boolean isOfService(String topic) {
        return topics.all().contains(topic) || topic.startsWith(topics.prefix() + "acclimate-minibatch-");
    }

    @Override
    public void close() {
        closing.countDown();
        if (!thread.join(GRACE)) {
            LOG.debug("the sizes of topics are still being asked for");
        }
    }
}
