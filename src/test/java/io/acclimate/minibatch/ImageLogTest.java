package io.acclimate.minibatch;

import static io.acclimate.minibatch.LabelStream.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.Bytes;
import io.acclimate.core.Coordinates;
import io.acclimate.core.ImageId;
import io.acclimate.core.Outcome;
import io.acclimate.core.Payload;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ImageLogTest {
    private static final TopicPartition PARTITION = new TopicPartition("images", 0);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    /** Each look at the clock is 300 ms later. */
    private final AtomicLong nanos = new AtomicLong();

    private final ImageLog log = new ImageLog(
            () -> consumer,
            Duration.ofSeconds(1),
            () -> nanos.getAndAdd(Duration.ofMillis(300).toNanos()));

    private static Coordinates at(long offset) {
        return new Coordinates("images", 0, offset);
    }

    /** MockConsumer takes records of assigned partitions only, so they come while it is polled. */
    private void holds(long begin, long end, List<ConsumerRecord<byte[], byte[]>> records) {
        consumer.updateBeginningOffsets(Map.of(PARTITION, begin));
        consumer.updateEndOffsets(Map.of(PARTITION, end));
        consumer.schedulePollTask(() -> records.forEach(consumer::addRecord));
    }

    private static ConsumerRecord<byte[], byte[]> image(long offset, String id, byte @Nullable [] value) {
        RecordHeaders headers = new RecordHeaders();
        headers.add("content-type", utf8("image/png"));
        return new ConsumerRecord<>(
                "images", 0, offset, 0, TimestampType.CREATE_TIME, 0, 0, utf8(id), value, headers, Optional.empty());
    }

    private static String refusal(@Nullable Outcome<Payload> answer) {
        return answer instanceof Outcome.Refused<Payload> refused
                ? refused.refusal().message()
                : "not refused";
    }

    @Test
    void readsTheWantedImagesWithTheirContentType() {
        holds(0, 10, List.of(image(3, "cat", utf8("png")), image(4, "dog", utf8("other"))));

        Map<Coordinates, Outcome<Payload>> read = log.read(Map.of(at(3), new ImageId("cat")));

        assertThat(read).isEqualTo(Map.of(at(3), Outcome.ok(new Payload(Bytes.utf8("png"), Optional.of("image/png")))));
    }

    @Test
    void nothingIsOpenedForNothing() {
        ImageLog unopened = new ImageLog(
                () -> {
                    throw new IllegalStateException("opened");
                },
                Duration.ofSeconds(1),
                nanos::get);

        assertThat(unopened.read(Map.of())).isEmpty();
        unopened.close();
    }

    @Test
    void anotherImageAtThePlaceOrNoBytesAreRefused() {
        holds(0, 10, List.of(image(3, "dog", utf8("png")), image(4, "cat", null)));

        Map<Coordinates, ImageId> wanted = new HashMap<>();
        wanted.put(at(3), new ImageId("cat"));
        wanted.put(at(4), new ImageId("cat"));
        Map<Coordinates, Outcome<Payload>> read = log.read(wanted);

        assertThat(refusal(read.get(at(3)))).contains("cat", "holds another image there");
        assertThat(refusal(read.get(at(4)))).contains("cat", "holds no bytes there");
    }

    @Test
    void anOffsetThatALaterRecordSkipsIsGone() {
        holds(0, 10, List.of(image(5, "dog", utf8("png"))));

        Map<Coordinates, Outcome<Payload>> read = log.read(Map.of(at(3), new ImageId("cat")));

        assertThat(refusal(read.get(at(3)))).contains("holds no record there", "send them in the label");
    }

    @Test
    void aBrokerThatDoesNotAnswerLeavesTheImageForLater() {
        holds(0, 10, List.of());

        assertThat(log.read(Map.of(at(3), new ImageId("cat")))).isEmpty();
    }

    @Test
    void afterASampleThatIsNotAnsweredNoneIsReadForAWhileAndLabelsAre() {
        TopicPartition other = new TopicPartition("images", 1);
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L, other, 0L));
        consumer.updateEndOffsets(Map.of(PARTITION, 10L, other, 10L));
        Map<Coordinates, ImageId> wanted = Map.of(at(3), new ImageId("cat"));
        assertThat(log.sample(wanted)).isEmpty();

        consumer.schedulePollTask(() -> consumer.addRecord(image(3, "cat", utf8("png"))));
        assertThat(log.sample(wanted)).as("at once").isEmpty();
        assertThat(log.read(wanted)).as("for a label").hasSize(1);

        consumer.schedulePollTask(() -> consumer.addRecord(image(3, "cat", utf8("png"))));
        nanos.addAndGet(Duration.ofSeconds(11).toNanos());
        assertThat(log.sample(wanted)).as("others have a turn").isEmpty();
        nanos.addAndGet(Duration.ofSeconds(11).toNanos());
        assertThat(log.sample(wanted)).as("later").hasSize(1);
    }

    @Test
    void aPartitionThatDoesNotAnswerKeepsNoOtherFromBeingSampled() {
        TopicPartition other = new TopicPartition("images", 1);
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L, other, 0L));
        consumer.updateEndOffsets(Map.of(PARTITION, 10L, other, 10L));
        assertThat(log.sample(Map.of(at(3), new ImageId("cat")))).isEmpty();

        Coordinates elsewhere = new Coordinates("images", 1, 3);
        consumer.schedulePollTask(
                () -> consumer.addRecord(new ConsumerRecord<>("images", 1, 3, utf8("dog"), utf8("png"))));
        assertThat(log.sample(Map.of(elsewhere, new ImageId("dog"))))
                .as("at once")
                .isEmpty();
        nanos.addAndGet(Duration.ofSeconds(11).toNanos());
        assertThat(log.sample(Map.of(at(3), new ImageId("cat")))).isEmpty();
        assertThat(log.sample(Map.of(elsewhere, new ImageId("dog")))).hasSize(1);
    }

    @Test
    void closesItsConsumerAndMayBeClosedAgain() {
        holds(0, 10, List.of());
        log.read(Map.of(at(3), new ImageId("cat")));

        log.close();
        log.close();

        assertThat(consumer.closed()).isTrue();
    }
}
