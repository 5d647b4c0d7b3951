package io.acclimate.registry;

import io.acclimate.core.Activation;
import io.acclimate.core.DomainId;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import io.acclimate.kafka.TopicPartitions;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.telemetry.Connections;
import io.acclimate.telemetry.Health;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.telemetry.WatchedThread;
import io.acclimate.wire.Topics;
import io.acclimate.wire.UnreadableRecordException;
import io.acclimate.wire.VersionCodec;
import io.acclimate.wire.VersionRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows {@code model-versions} from its beginning and gives the listener the version that each domain serves. Of the records that
 * the topic had at the start, only each domain's newest activation is delivered. A tombstone removes a
 * version from the list, and unloads nothing. Weights that are
 * damaged or that the listener does not accept are refused: the listener keeps the version that it has, and {@link #check} mentions
 * the refusal until a later activation of the domain is accepted. {@link ActiveVersions} decides which activation counts.
 *
 * <p>Threads: it has one thread, which alone polls and calls the listener. Any thread may call the accessors.
 */
public final class VersionFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VersionFollower.class);
    /** The largest number of a domain's versions that {@link #versions} lists. */
    public static final int LISTED = ActiveVersions.KEPT;

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final long RETRY_MILLIS = 500;

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Supplier<WeightReader> readers;
    private final Topics topics;
    /** Empty if the caller only wants to know the active versions. Weights are then not fetched. */
    private final Optional<ActivationListener> listener;

    private final Telemetry telemetry;
    private final VersionCodec codec = new VersionCodec();

    private final ActiveVersions versions = new ActiveVersions();
    private final CountDownLatch caughtUp = new CountDownLatch(1);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final WatchedThread thread;
    /** Written by the follower's thread and read by {@link #check}. */
    private volatile Health health;
    /** The consumer's meters, which other threads may read. Written by the follower's thread and read by {@link #check}. */
    private volatile Map<?, ? extends Metric> metrics = Map.of();

    public VersionFollower(
            Map<String, Object> clientProps, Topics topics, ActivationListener listener, Telemetry telemetry) {
        this(Map.copyOf(clientProps), topics, Optional.of(listener), telemetry);
    }

    /** Follows the topic without reading weights. {@link #active} is then the pointer itself, even if a serving process refuses it. */
    public static VersionFollower ofPointers(Map<String, Object> clientProps, Topics topics, Telemetry telemetry) {
        return new VersionFollower(Map.copyOf(clientProps), topics, Optional.empty(), telemetry);
    }

    private VersionFollower(
            Map<String, Object> clientProps,
            Topics topics,
            Optional<ActivationListener> listener,
            Telemetry telemetry) {
        this(
                () -> Clients.consumer(clientProps, "versions"),
                () -> WeightReader.open(clientProps, topics),
                topics,
                listener,
                telemetry);
    }

    /**
     * Opens its clients with these suppliers on its own thread, and again after each failure of Kafka.
     *
     * @param consumers open consumers for the versions topic
     */
    VersionFollower(
            Supplier<Consumer<byte[], byte[]>> consumers,
            Supplier<WeightReader> readers,
            Topics topics,
            Optional<ActivationListener> listener,
            Telemetry telemetry) {
        this.consumers = consumers;
        this.readers = readers;
        this.topics = topics;
        this.listener = listener;
        this.telemetry = telemetry;
        this.health = Health.notReady("the version follower to be started");
        this.thread = new WatchedThread("version-follower", this::run);
    }

    public void start() {
        health = Health.notReady("the broker's answer about " + topics.modelVersions());
        thread.start();
    }

    /** Waits until the listener has received everything that the topic had at the start. Returns false if {@code limit} is over first. */
    public boolean awaitCaughtUp(Duration limit) {
        try {
            return caughtUp.await(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    public Health check() {
        Health now = thread.health(health);
        if (now instanceof Health.NotReady) {
            return now;
        }
        if (!Connections.open(metrics)) {
            return Health.notReady(Connections.MISSING);
        }
        List<String> refusals = versions.refusals();
        return refusals.isEmpty() ? now : new Health.Ready(refusals);
    }

    /** The domain's last activation that was delivered and accepted. */
    public Optional<Activation> active(DomainId domain) {
        return versions.active(domain);
    }

    /** The last activation of each domain that was delivered and accepted. */
    public Map<DomainId, Activation> active() {
        return versions.active();
    }

    /**
     * The newest {@value ActiveVersions#KEPT} versions and the active one, in the order of their numbers. Version 0 has no record and
     * is not among them. Versions that are delivered to a listener have no provenance.
     */
    public List<ModelVersion> versions(DomainId domain) {
        return versions.versions(domain);
    }

    public SortedSet<DomainId> domains() {
        return versions.domains();
    }

    private void run() {
        while (closing.getCount() > 0) {
            try (Consumer<byte[], byte[]> consumer = consumers.get();
                    WeightReader reader = readers.get()) {
                follow(consumer, reader);
            } catch (WakeupException | org.apache.kafka.common.errors.InterruptException e) {
                LOG.debug("version follower stops");
            } catch (KafkaException e) {
                health = Health.notReady("Kafka topic " + topics.modelVersions() + ": " + e.getMessage());
                LOG.warn("cannot follow {}, trying again: {}", topics.modelVersions(), e.getMessage());
                pause();
            }
        }
    }

    private void pause() {
        try {
            closing.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow(Consumer<byte[], byte[]> consumer, WeightReader reader) {
        metrics = consumer.metrics();
        List<TopicPartition> partitions = TopicPartitions.of(consumer, topics.modelVersions());
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, ANSWER);
        boolean complete = false;
        while (closing.getCount() > 0) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                read(record);
            }
            complete = complete || reached(consumer, ends);
            if (complete) {
                deliver(reader);
                caughtUp.countDown();
                health = Health.READY;
            } else {
                health = Health.notReady("the end of " + topics.modelVersions());
            }
        }
    }

    private static boolean reached(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey(), ANSWER) >= end.getValue());
    }

    private void read(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            VersionCodec.versionOf(record.key()).ifPresent(versions::forget);
            return;
        }
        try {
            VersionRecord content = codec.decode(record.value());
            if (content instanceof VersionRecord.Version version) {
                // A thousand domains have tens of thousands of versions, and nothing that is delivered needs their
                // history.
                versions.keep(
                        listener.isEmpty()
                                ? version.version()
                                : version.version().withoutProvenance());
            } else if (content instanceof VersionRecord.Active pointer) {
                versions.offer(pointer.activation());
            }
        } catch (UnreadableRecordException e) {
            report("unreadable", record.topic() + "-" + record.partition() + "-" + record.offset(), e.toString());
        }
    }

    private void deliver(WeightReader reader) {
        for (Activation activation : versions.waiting()) {
            Optional<ModelVersion> version = listener.isEmpty() ? Optional.empty() : find(activation.version(), reader);
            Fetched weights = listener.isEmpty()
                    ? new Fetched.Weights(WeightDelta.EMPTY)
                    : weights(activation.version(), version, reader);
            Optional<Fetched.Refused> refusal = weights instanceof Fetched.Refused bad
                    ? Optional.of(bad)
                    : tell(activation, version, ((Fetched.Weights) weights).delta());
            // The activation waits until now, so that the next attempt finds it if the broker fails in between.
            if (refusal.isPresent()) {
                report(
                        refusal.get().kind(),
                        activation.version().toString(),
                        refusal.get().message());
                versions.refuse(activation, refusal.get().message());
            } else {
                versions.take(activation);
            }
        }
    }

    /** Calls the listener. If the listener fails, this thread must not end, or no later version would ever be served. */
    private Optional<Fetched.Refused> tell(Activation activation, Optional<ModelVersion> version, WeightDelta weights) {
        if (listener.isEmpty()) {
            return Optional.empty();
        }
        try {
            return listener.get()
                    .onActivation(activation, version, weights)
                    .map(reason -> new Fetched.Refused("warm-up", reason));
        } catch (RuntimeException e) {
            LOG.error("the listener failed on {}", activation.version(), e);
            return Optional.of(new Fetched.Refused("failure", e.toString()));
        }
    }

    /** Finds a version. If it is no longer in memory, it is looked up on the topic. */
    private Optional<ModelVersion> find(VersionId id, WeightReader reader) {
        Optional<ModelVersion> known = versions.version(id);
        return known.isEmpty() && id.number() != VersionId.SOURCE ? reader.find(id) : known;
    }

    private Fetched weights(VersionId id, Optional<ModelVersion> version, WeightReader reader) {
        if (id.number() == VersionId.SOURCE) {
            return new Fetched.Weights(WeightDelta.EMPTY);
        }
        return version.isEmpty()
                ? new Fetched.Refused("unknown", "no such version is on " + topics.modelVersions())
                : reader.fetch(version.get());
    }

    private void report(String kind, String what, String why) {
        telemetry.counter(Meter.ACTIVATIONS_REFUSED, kind).increment();
        LOG.error("refused {}, the old version stays: {}", what, why);
    }

    @Override
    public void close() {
        closing.countDown();
        if (!thread.join(ANSWER.multipliedBy(2))) {
            LOG.warn("the version follower did not stop within {}", ANSWER.multipliedBy(2));
        }
        health = Health.notReady("the version follower to be started");
    }
}
