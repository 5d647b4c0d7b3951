package io.acclimate.app.watch;

import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.Bytes;
import io.acclimate.core.Coordinates;
import io.acclimate.core.Prediction;
import io.acclimate.kafka.ClientProperties;
import io.acclimate.kafka.TopicPartitions;
import io.acclimate.telemetry.Health;
import io.acclimate.telemetry.WatchedThread;
import io.acclimate.wire.EventCodec;
import io.acclimate.wire.PredictionCodec;
import io.acclimate.wire.Topics;
import io.acclimate.wire.UnreadableRecordException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the output of the service (predictions, adaptation events, dead letters) for the page and for the demo's score.
 *
 * <p>It has one thread, which reads everything and calls the watcher. A few pictures per second are fetched by coordinates, so that
 * watching costs the same at any rate of images.
 */
public final class FeedFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FeedFollower.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(15);
    /** The events and dead letters that are read again at the start. Their number bounds how long a start takes. */
    static final long EVENTS = 10_000;

    static final long DEAD_LETTERS = 500;
    private static final Duration BETWEEN_PICTURES = Duration.ofMillis(400);

    /** Is called for each record, on the follower's thread. */
    public interface Watcher {
        /** Takes a prediction. A few predictions per second come with the bytes of their image. */
        void prediction(Prediction prediction, Optional<Bytes> picture);

        void event(AdaptationEvent event);

        /** Takes a record of the topic of dead letters, whose headers say why it was refused. */
        void deadLetter(ConsumerRecord<byte[], byte[]> record);

        /** Is called before all others if older events of adaptation are not read. */
        default void historyIsCut() {}

        /** Is called after each poll, even if it brought nothing. */
        void tick();
    }

    private final Topics topics;
    private final Watcher watcher;
    private final PredictionCodec predictions;
    private final EventCodec events;
    private final Consumer<byte[], byte[]> consumer;
    private final Consumer<byte[], byte[]> pictures;
    private final WatchedThread thread;
    private volatile boolean closing;
    private volatile String trouble = "the first poll";

    public FeedFollower(
            Map<String, Object> client,
            Topics topics,
            PredictionCodec predictions,
            EventCodec events,
            Watcher watcher) {
        this(
                ClientProperties.of(client)
                        .force(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest")
                        .openReader(),
                ClientProperties.of(client)
                        .force(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest")
                        .force(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1)
                        .force(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 64 * 1024)
                        .forSinglePieces()
                        .openReader(),
                topics,
                predictions,
                events,
                watcher);
    }

    /**
     * Closes both consumers when it has ended.
     *
     * @param consumer for the output of the service
     * @param pictures for single images
     */
    FeedFollower(
            Consumer<byte[], byte[]> consumer,
            Consumer<byte[], byte[]> pictures,
            Topics topics,
            PredictionCodec predictions,
            EventCodec events,
            Watcher watcher) {
        this.consumer = consumer;
        this.pictures = pictures;
        this.topics = topics;
        this.watcher = watcher;
        this.predictions = predictions;
        this.events = events;
        this.thread = new WatchedThread("feed-follower", this::run);
    }

    /**
     * Starts at the end of the predictions, and before the end of the other topics, so that a restart does not lose what the page showed:
     * {@value #EVENTS} events and {@value #DEAD_LETTERS} dead letters at most, markers of transactions among them.
     */
    public void start() {
        Map<TopicPartition, Long> starts = new HashMap<>();
        List<TopicPartition> ending = TopicPartitions.of(consumer, topics.predictions());
        starts.putAll(before(topics.adaptationEvents(), EVENTS));
        starts.putAll(before(topics.deadLetters(), DEAD_LETTERS));
        List<TopicPartition> all = new ArrayList<>(ending);
        all.addAll(starts.keySet());
        consumer.assign(all);
        consumer.seekToEnd(ending);
        starts.forEach(consumer::seek);
        ending.forEach(consumer::position);
        if (starts.entrySet().stream()
                .anyMatch(each -> each.getKey().topic().equals(topics.adaptationEvents()) && each.getValue() > 0)) {
            watcher.historyIsCut();
        }
        thread.start();
    }

    /** The offsets that lie together {@code records} before the ends of the topic's partitions, or where these begin. */
    private Map<TopicPartition, Long> before(String topic, long records) {
        List<TopicPartition> partitions = TopicPartitions.of(consumer, topic);
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions, ANSWER);
        Map<TopicPartition, Long> starts = new HashMap<>();
        consumer.endOffsets(partitions, ANSWER)
                .forEach((partition, end) -> starts.put(
                        partition, Math.max(begins.getOrDefault(partition, 0L), end - records / partitions.size())));
        return starts;
    }

    public Health check() {
        return thread.health(trouble.isEmpty() ? Health.READY : Health.notReady(trouble));
    }

    private void run() {
        long lastPicture = System.nanoTime();
        try (consumer;
                pictures) {
            while (!closing) {
                try {
                    ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                    boolean pictureDue = System.nanoTime() - lastPicture > BETWEEN_PICTURES.toNanos();
                    for (ConsumerRecord<byte[], byte[]> record : records) {
                        if (tell(record, pictureDue)) {
                            lastPicture = System.nanoTime();
                            pictureDue = false;
                        }
                    }
                    watcher.tick();
                    trouble = "";
                } catch (WakeupException e) {
                    LOG.debug("woken to close");
                } catch (KafkaException e) {
                    // The brokers may be away. The client tries again by itself, and the health says why the page is
                    // still.
                    trouble = "Kafka: " + e.getMessage();
                }
            }
        }
    }

    /**
     * Tells the watcher of one record. A record that nobody can read must not cost the others of its poll, which at the start are most of
     * the history.
     *
     * @return whether a picture was asked for
     */
    private boolean tell(ConsumerRecord<byte[], byte[]> record, boolean pictureDue) {
        try {
            if (record.value() == null && !record.topic().equals(topics.deadLetters())) {
                LOG.debug("ignoring a tombstone at {}-{}-{}", record.topic(), record.partition(), record.offset());
            } else if (record.topic().equals(topics.predictions())) {
                Prediction prediction = predictions.decode(record.value());
                watcher.prediction(prediction, pictureDue ? picture(prediction.input()) : Optional.empty());
                return pictureDue;
            } else if (record.topic().equals(topics.adaptationEvents())) {
                watcher.event(events.decode(record.value()));
            } else {
                watcher.deadLetter(record);
            }
        } catch (UnreadableRecordException e) {
            LOG.debug(
                    "ignoring a record at {}-{}-{} that cannot be read: {}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    e.getMessage());
        }
        return false;
    }

    private Optional<Bytes> picture(Coordinates at) {
        TopicPartition partition = new TopicPartition(at.topic(), at.partition());
        pictures.assign(List.of(partition));
        pictures.seek(partition, at.offset());
        for (ConsumerRecord<byte[], byte[]> record : pictures.poll(POLL)) {
            if (record.offset() == at.offset() && record.value() != null) {
                return Optional.of(Bytes.wrap(record.value()));
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        closing = true;
        consumer.wakeup();
        pictures.wakeup();
        if (!thread.join(GRACE)) {
            LOG.warn("the follower of the feed did not stop within {}", GRACE);
        }
    }
}
