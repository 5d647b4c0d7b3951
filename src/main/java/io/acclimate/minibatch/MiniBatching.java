package io.acclimate.minibatch;

import io.acclimate.core.ClassNames;
import io.acclimate.kafka.Rights;
import io.acclimate.telemetry.Connections;
import io.acclimate.telemetry.Health;
import io.acclimate.telemetry.KafkaBinding;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The role that makes mini-batches of labels. A failing stream thread is replaced after a pause, for ever: what it was at is
 * rolled back and done again, so a partition whose dead letters cannot be written stops instead of dropping them, and
 * goes on by itself once they can.
 */
public final class MiniBatching implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MiniBatching.class);

    private static final String ROLE = "minibatch";
    private static final int MAX_RECORD_BYTES = 2 << 20;
    private static final Duration READ_WITHIN = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    static final Duration FAILED_FOR = Duration.ofSeconds(30);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(20);

    private final Map<String, Object> properties;
    private final ClassNames classes;
    private final Topics topics;
    private final MiniBatchSettings settings;
    private final Telemetry telemetry;
    private final LongSupplier nanos;
    private final MiniBatchTopology.Waiting waiting = new MiniBatchTopology.Waiting();
    private final ImageLog images;
    /** Guarded by this. */
    private Optional<Running> running = Optional.empty();
    /** The last failure of a stream thread; written by it, read by check. */
    private volatile Optional<Failure> failure = Optional.empty();

    private volatile boolean closing;

    private record Running(KafkaStreams streams, KafkaBinding meters) {}

    private record Failure(String message, long atNanos) {}

    public MiniBatching(
            Map<String, Object> clientProps,
            Topics topics,
            ClassNames classes,
            MiniBatchSettings settings,
            Telemetry telemetry) {
        this(clientProps, topics, classes, settings, telemetry, System::nanoTime);
    }

    /** {@code nanos} says how long ago a stream thread failed. */
    MiniBatching(
            Map<String, Object> clientProps,
            Topics topics,
            ClassNames classes,
            MiniBatchSettings settings,
            Telemetry telemetry,
            LongSupplier nanos) {
        this.properties = properties(clientProps, topics, settings);
        this.topics = topics;
        this.classes = classes;
        this.settings = settings;
        this.telemetry = telemetry;
        this.nanos = nanos;
        this.images =
                new ImageLog(clientProps, properties.get(StreamsConfig.CLIENT_ID_CONFIG) + "-images", READ_WITHIN);
    }

    /** Returns at once; {@link #check} says when labels are processed. */
    public synchronized void start() {
        if (running.isPresent() || closing) {
            throw new IllegalStateException("mini-batching starts once");
        }
        KafkaStreams streams = new KafkaStreams(
                MiniBatchTopology.build(classes, topics, settings, telemetry, images, waiting),
                new StreamsConfig(properties),
                new StreamsClients(() -> !closing));
        streams.setUncaughtExceptionHandler(this::onFailure);
        telemetry.gauge(Meter.SAMPLES_BUFFERED, waiting.samples()::get);
        if (settings.join().isOn()) {
            telemetry.gauge(Meter.LABELS_PENDING, waiting.labels()::get);
        }
        running = Optional.of(new Running(streams, telemetry.bindKafka(streams, ROLE)));
        streams.start();
    }

    public Health check() {
        Optional<Failure> last = failure;
        if (last.isPresent() && nanos.getAsLong() - last.get().atNanos() < FAILED_FOR.toNanos()) {
            return Health.notReady(
                    "labels to be processable again: " + last.get().message());
        }
        KafkaStreams.State state = state();
        if (state == KafkaStreams.State.RUNNING && !connected()) {
            return Health.notReady(Connections.MISSING);
        }
        return state == KafkaStreams.State.RUNNING
                ? Health.READY
                : Health.notReady("the label stream to run, it is " + state);
    }

    private synchronized boolean connected() {
        return running.map(each -> Connections.open(each.streams().metrics())).orElse(false);
    }

    private synchronized KafkaStreams.State state() {
        return running.map(each -> each.streams().state()).orElse(KafkaStreams.State.CREATED);
    }

    private StreamThreadExceptionResponse onFailure(Throwable thrown) {
        String message = new Rights(
                        Set.of(topics.labels(), topics.predictions(), topics.images()),
                        Set.of(topics.miniBatches(), topics.deadLetters()))
                .explain(thrown);
        failure = Optional.of(new Failure(message, nanos.getAsLong()));
        // Kafka Streams logs the stack trace.
        LOG.error("The label stream stopped, nothing is dropped, trying again in {}: {}", PAUSE, message);
        // Runs on the thread that died; its successor starts after this.
        if (!closing) {
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    /** Commits what is done and leaves the group, so that another instance goes on at once. */
    @Override
    public void close() {
        closing = true;
        Optional<Running> last;
        synchronized (this) {
            last = running;
            running = Optional.empty();
        }
        if (last.isEmpty()) {
            return;
        }
        last.get().meters().close();
        boolean closed = last.get()
                .streams()
                .close(CloseOptions.timeout(CLOSE_WITHIN)
                        .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        if (!closed) {
            LOG.warn("The label stream did not stop within {}; its open transaction will be aborted", CLOSE_WITHIN);
        }
        images.close();
    }

    private static Map<String, Object> properties(
            Map<String, Object> clientProps, Topics topics, MiniBatchSettings settings) {
        Map<String, Object> properties = new HashMap<>();
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 0);
        // A dead broker is noticed in seconds, and a dead instance's domains move as fast.
        properties.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 6_000);
        properties.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 600);
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_BLOCK_MS_CONFIG), 5_000);
        properties.put(StreamsConfig.TASK_TIMEOUT_MS_CONFIG, 20_000L);
        // A topic that is made after the start is found in seconds, not in five minutes.
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.METADATA_MAX_AGE_CONFIG), 30_000);
        properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, ImageIndexMemory.class);
        // The changelog of the index of images would be kept a day longer than the index.
        properties.put(
                StreamsConfig.WINDOW_STORE_CHANGE_LOG_ADDITIONAL_RETENTION_MS_CONFIG,
                Duration.ofHours(1).toMillis());
        // A label may be an image of a megabyte: the default, 1,000 records of each partition, would be gigabytes.
        properties.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, 100);
        properties.putAll(clientProps);
        // Kafka Streams has protocols of its own: classic, and streams.
        properties.remove(StreamsConfig.GROUP_PROTOCOL_CONFIG, "consumer");
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, topics.prefix() + settings.group());
        properties.put(StreamsConfig.CLIENT_ID_CONFIG, topics.prefix() + settings.group() + "-" + settings.instance());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                settings.commitInterval().toMillis());
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
        properties.put(
                StreamsConfig.STATE_DIR_CONFIG,
                settings.stateDir().resolve(settings.instance()).toString());
        properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0L);
        properties.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        // A sample is a label's value with its coordinates, a mini-batch may be one sample: both outgrow the label's
        // limit.
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), MAX_RECORD_BYTES);
        properties.put(
                StreamsConfig.topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG), Integer.toString(MAX_RECORD_BYTES));
        return properties;
    }
}
