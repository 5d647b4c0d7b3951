package io.acclimate.minibatch;

import io.acclimate.core.ClassNames;
import io.acclimate.kafka.Causes;
import io.acclimate.kafka.ClientProperties;
import io.acclimate.kafka.CommitWatch;
import io.acclimate.kafka.RaisedLimits;
import io.acclimate.kafka.Rights;
import io.acclimate.telemetry.Connections;
import io.acclimate.telemetry.Health;
import io.acclimate.telemetry.KafkaBinding;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The role that makes mini-batches of labels. A stream thread that fails is replaced after a pause, however often it fails. Its
 * transaction is rolled back and its records are read again. So a partition whose dead letters cannot be written stops and drops
 * none, and continues by itself when they can be written.
 */
public final class MiniBatching implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MiniBatching.class);

    private static final String ROLE = "minibatch";
    private static final Duration READ_WITHIN = Duration.ofSeconds(1);
    private static final Duration READ_TOPICS_WITHIN = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    static final Duration FAILED_FOR = Duration.ofSeconds(30);
    /** A thread that works polls or commits several times a second. */
    static final Duration QUIET_FOR = Duration.ofSeconds(15);

    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(20);

    private final Map<String, Object> client;
    private final Map<String, Object> properties;
    private final ClassNames classes;
    private final Topics topics;
    private final MiniBatchSettings settings;
    private final Telemetry telemetry;
    private final StreamsClients.Producers producers;
    private final LongSupplier nanos;
    private final MiniBatchTopology.Waiting waiting = new MiniBatchTopology.Waiting();
    private final ImageLog images;
    private final CommitWatch commits = new CommitWatch();
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
        this(clientProps, topics, classes, settings, telemetry, StreamsClients::producer, System::nanoTime);
    }

    /**
     * @param producers what opens the producers of the stream threads
     * @param nanos the monotonic clock that tells how long ago a stream thread failed
     */
    MiniBatching(
            Map<String, Object> clientProps,
            Topics topics,
            ClassNames classes,
            MiniBatchSettings settings,
            Telemetry telemetry,
            StreamsClients.Producers producers,
            LongSupplier nanos) {
        this.client = Map.copyOf(clientProps);
        this.properties = StreamsProperties.of(clientProps, topics, settings);
        this.topics = topics;
        this.classes = classes;
        this.settings = settings;
        this.telemetry = telemetry;
        this.producers = producers;
        this.nanos = nanos;
        this.images = ImageLog.of(clientProps, properties.get(StreamsConfig.CLIENT_ID_CONFIG) + "-images", READ_WITHIN);
    }

    /** What the user of this role must be allowed to do with topics, besides those of Kafka Streams that begin with the group's name. */
    public static Rights rights(Topics topics) {
        return new Rights(
                Set.of(topics.labels(), topics.predictions(), topics.images()),
                Set.of(topics.miniBatches(), topics.deadLetters()));
    }

    /** Returns soon; {@link #check} says when labels are processed. */
    public synchronized void start() {
        if (running.isPresent() || closing) {
            throw new IllegalStateException("mini-batching starts once");
        }
        raiseLimits();
        KafkaStreams streams = new KafkaStreams(
                MiniBatchTopology.build(classes, topics, settings, telemetry, images, waiting),
                new StreamsConfig(properties),
                new StreamsClients(producers, () -> !closing, commits));
        streams.setUncaughtExceptionHandler(this::onFailure);
        telemetry.gauge(Meter.SAMPLES_BUFFERED, waiting.samples()::get);
        if (settings.join().isOn()) {
            telemetry.gauge(Meter.LABELS_PENDING, waiting.labels()::get);
        }
        running = Optional.of(new Running(streams, telemetry.bindKafka(streams, ROLE)));
        streams.start();
    }

    /** What fails here is only reported, because the labels that need higher limits are few. */
    private void raiseLimits() {
        String application = String.valueOf(properties.get(StreamsConfig.APPLICATION_ID_CONFIG));
        try (Admin admin = ClientProperties.of(client)
                .force(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) READ_TOPICS_WITHIN.toMillis())
                .force(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) READ_TOPICS_WITHIN.toMillis())
                .openAdmin()) {
            Set<String> names = admin.listTopics().names().get();
            RaisedLimits.raise(admin, StreamsProperties.limits(names, application))
                    .forEach(low -> LOG.warn("Some labels cannot be processed: {}", low));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | KafkaException e) {
            LOG.warn("The limits of the topics of {} are not known: {}", application, Causes.messages(e));
        }
    }

    public Health check() {
        Optional<Failure> last = failure;
        if (last.isPresent() && nanos.getAsLong() - last.get().atNanos() < FAILED_FOR.toNanos()) {
            return Health.notReady(
                    "labels to be processable again: " + last.get().message());
        }
        KafkaStreams.State state = state();
        if (state != KafkaStreams.State.RUNNING) {
            return Health.notReady("the label stream to run, it is " + state);
        }
        Map<MetricName, ? extends Metric> meters = meters();
        if (!Connections.open(meters)) {
            return Health.notReady(Connections.MISSING);
        }
        return commits.health(stalled(Connections.sinceLastPoll(meters), commits.sinceLast())
                .map(Health::notReady)
                .orElse(Health.READY));
    }

    /**
     * What a stream thread waits for that has neither asked for records nor committed. It says that it runs while it closes a producer that was fenced,
     * and while it divides the partitions of a group or creates topics, which takes minutes without brokers; and its connections are only
     * known to be lost when it polls.
     */
    static Optional<String> stalled(Duration sincePoll, Duration sinceCommit) {
        Duration quiet = sincePoll.compareTo(sinceCommit) < 0 ? sincePoll : sinceCommit;
        return quiet.compareTo(QUIET_FOR) > 0
                ? Optional.of("the label stream to go on, which has neither asked Kafka for records nor committed for "
                        + quiet.toSeconds() + " s: are the brokers reachable?")
                : Optional.empty();
    }

    private synchronized Map<MetricName, ? extends Metric> meters() {
        return running.<Map<MetricName, ? extends Metric>>map(
                        each -> each.streams().metrics())
                .orElse(Map.of());
    }

    private synchronized KafkaStreams.State state() {
        return running.map(each -> each.streams().state()).orElse(KafkaStreams.State.CREATED);
    }

    private StreamThreadExceptionResponse onFailure(Throwable thrown) {
        String message =
                rights(topics).explain(thrown, String.valueOf(properties.get(StreamsConfig.APPLICATION_ID_CONFIG)));
        failure = Optional.of(new Failure(message, nanos.getAsLong()));
        // Kafka Streams logs the stack trace.
        LOG.error("The label stream stopped, nothing is dropped, trying again in {}: {}", PAUSE, message);
        // Kafka Streams throws the failure on after this and silences only the threads of its start, not those that
        // replace them.
        Thread.currentThread().setUncaughtExceptionHandler((thread, failed) -> {});
        // Runs on the thread that died; its successor starts after this.
        if (!closing) {
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    /** Commits what is done and leaves the group, so that another instance takes over at once. */
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
}
