package io.acclimate.adapt.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.adapt.random.Effort;
import io.acclimate.adapt.rebuild.History.KeptMiniBatch;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.Bytes;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DomainId;
import io.acclimate.core.ImageId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.Payload;
import io.acclimate.kafka.FakeLog;
import io.acclimate.wire.ContractHeaders;
import io.acclimate.wire.Encoding;
import io.acclimate.wire.EventCodec;
import io.acclimate.wire.MiniBatchCodec;
import io.acclimate.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** One partition of mini-batches in memory, read by few records at a time. */
class KeptRecordsTest {
    private static final Topics TOPICS = Topics.DEFAULT;
    private static final TopicPartition BATCHES = new TopicPartition(TOPICS.miniBatches(), 0);
    private static final DomainId CAMERA = new DomainId("camera-1");
    private static final DomainId OTHER = new DomainId("camera-2");
    private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");

    private final FakeLog log = new FakeLog().perPoll(3);
    private final KeptRecords kept = new KeptRecords(log, TOPICS);

    KeptRecordsTest() {
        Node node = new Node(0, "localhost", 1);
        Node[] replicas = {node};
        log.updatePartitions(
                TOPICS.miniBatches(), List.of(new PartitionInfo(TOPICS.miniBatches(), 0, node, replicas, replicas)));
    }

    private void put(DomainId domain, long offset, long sequence) {
        LabelledSample sample = new LabelledSample(
                new ImageId("image-" + sequence),
                0,
                "",
                new Payload(Bytes.wrap(new byte[] {1}), Optional.empty()),
                new Coordinates("labels", 0, sequence),
                TIME);
        MiniBatch batch = new MiniBatch(domain, sequence, MiniBatch.FlushCause.COUNT, List.of(sample), TIME, TIME);
        put(domain, offset, new MiniBatchCodec().encode(batch));
    }

    private void put(DomainId domain, long offset, byte[] value) {
        log.put(BATCHES, offset, domain.value().getBytes(StandardCharsets.UTF_8), value);
    }

    @Test
    void findsTheDomainsMiniBatchesUpToTheLastAcrossGapsAndOtherRecords() {
        put(CAMERA, 0, 7);
        put(OTHER, 1, 1);
        put(CAMERA, 2, new byte[] {1, 2, 3});
        put(CAMERA, 90, 8);
        put(CAMERA, 91, 9);
        put(CAMERA, 92, 10);

        List<KeptMiniBatch> places = kept.miniBatches(CAMERA, 91);

        assertThat(places).containsExactly(new KeptMiniBatch(0, 7), new KeptMiniBatch(90, 8), new KeptMiniBatch(91, 9));
    }

    @Test
    void readsAscendingMiniBatchesSeveralAtATime() {
        for (int i = 0; i < 8; i++) {
            put(CAMERA, i, i);
        }
        kept.miniBatch(CAMERA, 0);
        log.onPoll(() -> {
            throw new AssertionError("the records were read ahead");
        });

        MiniBatch last = kept.miniBatch(CAMERA, 7);

        assertThat(last.sequence()).isEqualTo(7);
    }

    @Test
    void namesTheMiniBatchThatIsGone() {
        put(CAMERA, 5, 5);

        assertThatThrownBy(() -> kept.miniBatch(CAMERA, 3))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("offset 3")
                .hasMessageContaining(TOPICS.miniBatches());
    }

    @Test
    void anEventTellsWhereItsWorkerHadLostItsPredecessorsState() {
        Node node = new Node(0, "localhost", 1);
        Node[] replicas = {node};
        for (String topic : List.of(TOPICS.adaptationEvents(), TOPICS.modelControl())) {
            log.updatePartitions(topic, List.of(new PartitionInfo(topic, 0, node, replicas, replicas)));
        }
        event(0, new AdaptationEvent.Discarded(CAMERA, TIME, 5, List.of("no image")), "mini-batches-0-17", "11");
        event(1, new AdaptationEvent.Discarded(CAMERA, TIME, 6, List.of("no image")), "mini-batches-0-18", "");
        event(2, new AdaptationEvent.Controlled(CAMERA, TIME, "c", "pause", false, "no"), "model-control-0-3", "12");

        History history = kept.history(CAMERA);

        assertThat(history.stateLostAt(17)).hasValue(11);
        assertThat(history.stateLostAt(18)).isEmpty();
        assertThat(history.commandsAfter(18)).singleElement().satisfies(each -> assertThat(each.stateLostAt())
                .hasValue(12));
        assertThat(history.allStatesLost()).containsExactlyInAnyOrder(11L, 12L);
    }

    private void event(long offset, AdaptationEvent event, String subject, String lost) {
        RecordHeaders headers = new RecordHeaders();
        ContractHeaders.put(headers, ContractHeaders.CE_SUBJECT, subject);
        if (!lost.isEmpty()) {
            ContractHeaders.put(headers, ContractHeaders.CE_STATE_LOST_AT, lost);
        }
        byte[] key = CAMERA.value().getBytes(StandardCharsets.UTF_8);
        byte[] value = new EventCodec(Encoding.JSON).encode(event);
        log.put(new ConsumerRecord<>(
                TOPICS.adaptationEvents(),
                0,
                offset,
                0,
                TimestampType.CREATE_TIME,
                key.length,
                value.length,
                key,
                value,
                headers,
                Optional.empty()));
    }

    @Test
    void aDomainWithoutRecordsHasAnEmptyHistoryWithoutGaps() {
        Node node = new Node(0, "localhost", 1);
        Node[] replicas = {node};
        log.updatePartitions(
                TOPICS.adaptationEvents(),
                List.of(new PartitionInfo(TOPICS.adaptationEvents(), 0, node, replicas, replicas)));

        History history = kept.history(CAMERA);

        assertThat(history.commands()).isEmpty();
        assertThat(history.gap()).isEmpty();
    }

    @Test
    void aMiniBatchThatWasLeftOutIsLeftOutAgainAndCommandsMayFollowIt() {
        Node node = new Node(0, "localhost", 1);
        Node[] replicas = {node};
        for (String topic : List.of(TOPICS.adaptationEvents(), TOPICS.modelControl())) {
            log.updatePartitions(topic, List.of(new PartitionInfo(topic, 0, node, replicas, replicas)));
        }
        event(0, new AdaptationEvent.Discarded(CAMERA, TIME, 5, List.of("no image")), "mini-batches-0-17", "");
        event(1, new AdaptationEvent.LeftOut(CAMERA, TIME, 6, 32), "mini-batches-0-18", "");
        event(2, new AdaptationEvent.Controlled(CAMERA, TIME, "c", "pause", false, "no"), "model-control-0-3", "12");

        History history = kept.history(CAMERA);

        assertThat(history.effort(17)).isEqualTo(Effort.FULL);
        assertThat(history.effort(18)).isEqualTo(Effort.LEFT_OUT);
        assertThat(history.commandsAfter(18)).hasSize(1);
    }
}
