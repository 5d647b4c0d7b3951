package io.acclimate.adapt.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MembershipTest {
    private static final TopicPartition MINI_BATCHES = new TopicPartition("mini-batches", 0);
    private static final TopicPartition COMMANDS = new TopicPartition("model-control", 0);

    private Optional<RuntimeException> failure = Optional.empty();
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest") {
        @Override
        public synchronized Map<TopicPartition, Long> endOffsets(
                Collection<TopicPartition> partitions, Duration timeout) {
            failure.ifPresent(thrown -> {
                throw thrown;
            });
            return super.endOffsets(partitions, timeout);
        }
    };

    @BeforeEach
    void assign() {
        consumer.assign(List.of(MINI_BATCHES, COMMANDS));
        consumer.updateBeginningOffsets(Map.of(MINI_BATCHES, 0L, COMMANDS, 0L));
        consumer.updateEndOffsets(Map.of(MINI_BATCHES, 12L, COMMANDS, 900L));
        consumer.seek(MINI_BATCHES, 10);
        consumer.seek(COMMANDS, 0);
    }

    private boolean waits() {
        return Membership.waits(consumer, "mini-batches");
    }

    @Test
    void whatCameSinceTheLastFetchWaits() {
        assertThat(waits())
                .as("two markers, and commands, which are not asked for")
                .isFalse();

        consumer.updateEndOffsets(Map.of(MINI_BATCHES, 13L));

        assertThat(waits()).isTrue();
    }

    @Test
    void whereKafkaDoesNotAnswerInTimeNothingWaits() {
        failure = Optional.of(new TimeoutException("slow"));

        assertThat(waits()).isFalse();
    }

    @Test
    void aWakeupEndsTheNextPollAndNotTheMiniBatchInWork() {
        failure = Optional.of(new WakeupException());

        assertThat(waits()).isFalse();
        assertThatThrownBy(() -> consumer.poll(Duration.ZERO)).isInstanceOf(WakeupException.class);
    }

    @Test
    void halfOfTheOffsetsBehindThePositionMayBeTheEndsOfTransactions() {
        consumer.updateEndOffsets(Map.of(MINI_BATCHES, 21L));

        assertThat(Membership.behind(consumer, "mini-batches")).isEqualTo(5);
    }

    @Test
    void whatWaitsInASuspendedPartitionTakesNoTimeFromOthers() {
        consumer.updateEndOffsets(Map.of(MINI_BATCHES, 900_000L));
        consumer.pause(List.of(MINI_BATCHES));

        assertThat(Membership.behind(consumer, "mini-batches")).isZero();
    }
}
