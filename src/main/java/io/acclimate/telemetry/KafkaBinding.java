package io.acclimate.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.streams.KafkaStreams;

/**
 * Publishes a Kafka client's own meters until it is closed. Close it before the client. A daemon thread looks for meters that are
 * added later; for example, the lag of a partition exists only after its assignment.
 */
public final class KafkaBinding implements AutoCloseable {
    private static final Duration REFRESH = Duration.ofSeconds(5);

    private final ScheduledExecutorService scheduler;
    private final Closing closing;

    private interface Closing {
        void close();
    }

    private KafkaBinding(
            ScheduledExecutorService scheduler, MeterBinder metrics, Closing closing, MeterRegistry registry) {
        this.scheduler = scheduler;
        this.closing = closing;
        metrics.bindTo(registry);
    }

    static KafkaBinding of(Consumer<?, ?> consumer, String role, MeterRegistry registry) {
        ScheduledExecutorService scheduler = scheduler(role);
        KafkaClientMetrics metrics = new KafkaClientMetrics(consumer, tags(role), scheduler, REFRESH);
        return new KafkaBinding(scheduler, metrics, metrics::close, registry);
    }

    static KafkaBinding of(Producer<?, ?> producer, String role, MeterRegistry registry) {
        ScheduledExecutorService scheduler = scheduler(role);
        KafkaClientMetrics metrics = new KafkaClientMetrics(producer, tags(role), scheduler, REFRESH);
        return new KafkaBinding(scheduler, metrics, metrics::close, registry);
    }

    static KafkaBinding of(KafkaStreams streams, String role, MeterRegistry registry) {
        ScheduledExecutorService scheduler = scheduler(role);
        KafkaStreamsMetrics metrics = new KafkaStreamsMetrics(streams, tags(role), scheduler, REFRESH);
        return new KafkaBinding(scheduler, metrics, metrics::close, registry);
    }

    private static Iterable<Tag> tags(String role) {
        return Tags.of("role", role);
    }

    private static ScheduledExecutorService scheduler(String role) {
        return Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "kafka-meters-" + role);
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
        closing.close();
    }
}
