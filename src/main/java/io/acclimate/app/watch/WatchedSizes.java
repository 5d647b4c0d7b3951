package io.acclimate.app.watch;

import io.acclimate.app.process.Role;
import io.acclimate.kafka.TopicSizes;
import io.acclimate.telemetry.Health;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/**
 * Measures every minute how many bytes the brokers hold of each topic of the service. A client that may not ask for that only lacks the
 * meter: the service works without it.
 *
 * <p>Threads: one of its own. Any thread may call the rest.
 */
public final class WatchedSizes implements Role {
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final Topics topics;
    private final Telemetry telemetry;
    private final AdminLoop loop;
    /** Written by the thread and read by {@link #check}. */
    private volatile Health health = Health.READY;

    public WatchedSizes(Map<String, Object> client, Topics topics, Telemetry telemetry) {
        this.topics = topics;
        this.telemetry = telemetry;
        this.loop = new AdminLoop(client, name(), PAUSE, this::measure);
    }

    @Override
    public String name() {
        return "topic-sizes";
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public Health check() {
        return loop.health(health);
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
        loop.close();
    }
}
