package io.acclimate.app.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.AdaptationEvent.Controlled;
import io.acclimate.core.ControlCommand;
import io.acclimate.core.DomainId;
import io.acclimate.wire.ControlCodec;
import io.acclimate.wire.EventCodec;
import io.acclimate.wire.Topics;
import io.acclimate.wire.WireFormat;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class ControlTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Topics TOPICS = Topics.DEFAULT;
    private static final TopicPartition EVENTS = new TopicPartition(TOPICS.adaptationEvents(), 0);
    private static final ControlCommand PAUSE = new ControlCommand.Pause("c2", new DomainId("camera-1"));

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("latest");
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());

    ControlTest() {
        consumer.updatePartitions(EVENTS.topic(), List.of(new PartitionInfo(EVENTS.topic(), 0, null, null, null)));
        consumer.updateEndOffsets(Map.of(EVENTS, 5L));
    }

    private static Controlled controlled(String commandId) {
        return new Controlled(PAUSE.domain(), Instant.EPOCH, commandId, "pause", true, "paused");
    }

    /** At the first poll, so that it comes after the command was sent. */
    private void answer(byte[]... values) {
        consumer.schedulePollTask(() -> {
            for (int i = 0; i < values.length; i++) {
                consumer.addRecord(new ConsumerRecord<>(EVENTS.topic(), 0, 5 + i, new byte[0], values[i]));
            }
        });
    }

    private static byte[] event(Controlled event) {
        return new EventCodec(WireFormat.JSON).encode(event);
    }

    @Test
    void sendsTheCommandUnderItsDomainAndGivesTheWorkersAnswer() throws Exception {
        answer(event(controlled("c2")));

        Optional<Controlled> answer = Control.send(consumer, producer, TOPICS, PAUSE, LONG);

        assertThat(answer).contains(controlled("c2"));
        assertThat(producer.history()).singleElement().satisfies(sent -> {
            assertThat(sent.topic()).isEqualTo(TOPICS.modelControl());
            assertThat(sent.key()).isEqualTo("camera-1".getBytes(StandardCharsets.UTF_8));
            assertThat(new ControlCodec().decode(sent.value())).isEqualTo(PAUSE);
        });
    }

    @Test
    void passesOverAnswersToOthersAndWhatIsNoEvent() throws Exception {
        answer(event(controlled("c1")), new byte[] {1}, event(controlled("c2")));

        Optional<Controlled> answer = Control.send(consumer, producer, TOPICS, PAUSE, LONG);

        assertThat(answer).contains(controlled("c2"));
    }

    @Test
    void hasNoAnswerWhenNoneComesInTime() throws Exception {
        Optional<Controlled> answer = Control.send(consumer, producer, TOPICS, PAUSE, Duration.ofMillis(1));

        assertThat(answer).isEmpty();
        assertThat(producer.history()).hasSize(1);
    }

    @Test
    void failsWhenTheCommandIsNotTaken() {
        producer.sendException = new TopicAuthorizationException("no right to write");

        assertThatThrownBy(() -> Control.send(consumer, producer, TOPICS, PAUSE, LONG))
                .isInstanceOfAny(ExecutionException.class, KafkaException.class)
                .hasMessageContaining("no right to write");
    }
}
