package io.acclimate.app.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.Bytes;
import io.acclimate.core.ClassScore;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DomainId;
import io.acclimate.core.ImageId;
import io.acclimate.core.Prediction;
import io.acclimate.telemetry.Health;
import io.acclimate.wire.EventCodec;
import io.acclimate.wire.PredictionCodec;
import io.acclimate.wire.Topics;
import io.acclimate.wire.WireFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The follower's thread over topics in memory. */
@Tag("slow")
class FeedFollowerTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Topics TOPICS = Topics.DEFAULT;
    private static final Instant AT = Instant.ofEpochMilli(1_000);
    private static final AdaptationEvent PAUSED =
            new AdaptationEvent.Controlled(DomainId.DEFAULT, AT, "id", "pause", true, "paused");

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("latest");
    private final MockConsumer<byte[], byte[]> pictures = new MockConsumer<>("latest");
    private final PredictionCodec predictions = new PredictionCodec(WireFormat.JSON);
    private final EventCodec events = new EventCodec(WireFormat.JSON);
    private final Seen seen = new Seen();
    private final FeedFollower follower = new FeedFollower(consumer, pictures, TOPICS, predictions, events, seen);

    /** Keeps what it is told, and fails where it is asked to. */
    private static final class Seen implements FeedFollower.Watcher {
        final List<Prediction> predictions = new CopyOnWriteArrayList<>();
        final List<Bytes> pictures = new CopyOnWriteArrayList<>();
        final List<AdaptationEvent> events = new CopyOnWriteArrayList<>();
        final AtomicInteger deadLetters = new AtomicInteger();
        volatile boolean broken;

        @Override
        public void prediction(Prediction prediction, Optional<Bytes> picture) {
            picture.ifPresent(pictures::add);
            predictions.add(prediction);
        }

        @Override
        public void event(AdaptationEvent event) {
            if (broken) {
                throw new IllegalStateException("a bug");
            }
            events.add(event);
        }

        @Override
        public void deadLetter(ConsumerRecord<byte[], byte[]> record) {
            deadLetters.incrementAndGet();
        }

        @Override
        public void tick() {}
    }

    FeedFollowerTest() {
        List.of(TOPICS.predictions(), TOPICS.adaptationEvents(), TOPICS.deadLetters())
                .forEach(this::exists);
        pictures.updateEndOffsets(Map.of(new TopicPartition(TOPICS.images(), 0), 100L));
    }

    private void exists(String topic) {
        consumer.updatePartitions(topic, List.of(new PartitionInfo(topic, 0, null, null, null)));
        consumer.updateBeginningOffsets(Map.of(new TopicPartition(topic, 0), 5L));
        consumer.updateEndOffsets(Map.of(new TopicPartition(topic, 0), 5L));
    }

    @AfterEach
    void close() {
        follower.close();
    }

    private void arrive(String topic, long offset, byte @Nullable [] value) {
        consumer.addRecord(new ConsumerRecord<>(topic, 0, offset, new byte[0], value));
    }

    private void start() {
        follower.start();
        await().atMost(LIMIT).until(() -> follower.check() instanceof Health.Ready);
    }

    private static Prediction prediction(long image) {
        return new Prediction(
                new ImageId("img-" + image),
                DomainId.DEFAULT,
                List.of(new ClassScore(8, "Bag", 0.9f)),
                3,
                new Coordinates(TOPICS.images(), 0, image),
                AT,
                Duration.ofMillis(5));
    }

    @Test
    void tellsTheWatcherOfEachKindOfOutput() {
        start();

        arrive(TOPICS.predictions(), 5, predictions.encode(prediction(1)));
        arrive(TOPICS.adaptationEvents(), 5, events.encode(PAUSED));
        arrive(TOPICS.deadLetters(), 5, null);

        await().atMost(LIMIT)
                .until(() -> seen.predictions.size() == 1
                        && seen.events.equals(List.of(PAUSED))
                        && seen.deadLetters.get() == 1);
    }

    @Test
    void afterARestartItReadsABoundedNumberOfEarlierEventsAndDeadLettersAndNoEarlierPrediction() {
        TopicPartition happened = new TopicPartition(TOPICS.adaptationEvents(), 0);
        TopicPartition refused = new TopicPartition(TOPICS.deadLetters(), 0);
        consumer.updateBeginningOffsets(Map.of(happened, 0L, refused, 100L));
        consumer.updateEndOffsets(Map.of(happened, FeedFollower.EVENTS + 7, refused, 105L));

        start();

        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(consumer.position(happened)).isEqualTo(7);
            assertThat(consumer.position(refused)).isEqualTo(100);
            assertThat(consumer.position(new TopicPartition(TOPICS.predictions(), 0)))
                    .isEqualTo(5);
        });
    }

    @Test
    void fetchesThePictureOfAPredictionByItsCoordinates() {
        pictures.schedulePollTask(
                () -> pictures.addRecord(new ConsumerRecord<>(TOPICS.images(), 0, 7, new byte[0], new byte[] {1, 2})));
        start();

        await().atMost(LIMIT).until(() -> {
            arrive(
                    TOPICS.predictions(),
                    consumer.position(new TopicPartition(TOPICS.predictions(), 0)),
                    predictions.encode(prediction(7)));
            return !seen.pictures.isEmpty();
        });

        assertThat(seen.pictures).containsExactly(Bytes.wrap(new byte[] {1, 2}));
    }

    @Test
    void ignoresTombstonesAndReadsOnAfterARecordThatIsUnreadable() {
        start();

        arrive(TOPICS.predictions(), 5, null);
        arrive(TOPICS.adaptationEvents(), 5, new byte[] {1});
        await().atMost(LIMIT).until(() -> consumer.position(new TopicPartition(TOPICS.adaptationEvents(), 0)) == 6);
        arrive(TOPICS.adaptationEvents(), 6, events.encode(PAUSED));

        await().atMost(LIMIT).until(() -> seen.events.size() == 1);
        assertThat(seen.predictions).isEmpty();
    }

    @Test
    void aRecordThatIsUnreadableCostsNoOtherOfItsPoll() {
        consumer.schedulePollTask(() -> {
            arrive(TOPICS.adaptationEvents(), 5, new byte[] {1});
            arrive(TOPICS.adaptationEvents(), 6, events.encode(PAUSED));
            arrive(TOPICS.adaptationEvents(), 7, events.encode(PAUSED));
        });

        start();

        await().atMost(LIMIT).until(() -> seen.events.equals(List.of(PAUSED, PAUSED)));
    }

    @Test
    void readsOnAfterAFailureOfKafka() {
        start();
        consumer.setPollException(new KafkaException("no broker"));

        arrive(TOPICS.adaptationEvents(), 5, events.encode(PAUSED));

        await().atMost(LIMIT).until(() -> seen.events.size() == 1 && follower.check() instanceof Health.Ready);
    }

    @Test
    void anExceptionThatNobodyExpectsMakesItNotReadyWithTheReason() {
        start();
        seen.broken = true;

        arrive(TOPICS.adaptationEvents(), 5, events.encode(PAUSED));

        await().atMost(LIMIT).untilAsserted(() -> assertThat(follower.check())
                .isEqualTo(Health.notReady("a restart, because thread feed-follower has ended:"
                        + " java.lang.IllegalStateException: a bug")));
        assertThat(consumer.closed()).isTrue();
        assertThat(pictures.closed()).isTrue();
    }

    @Test
    void doesNotStartWithoutItsTopics() {
        consumer.updatePartitions(TOPICS.deadLetters(), List.of());

        assertThatThrownBy(follower::start)
                .isInstanceOf(TimeoutException.class)
                .hasMessage("topic " + TOPICS.deadLetters() + " does not exist");
        assertThat(follower.check()).isEqualTo(Health.notReady("the first poll"));
    }

    @Test
    void closesItsConsumersWhenItIsClosed() {
        start();

        follower.close();

        assertThat(consumer.closed()).isTrue();
        assertThat(pictures.closed()).isTrue();
    }
}
