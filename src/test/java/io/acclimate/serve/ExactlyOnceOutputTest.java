package io.acclimate.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.broker.SlowCommits;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ExactlyOnceOutputTest {
    private static final TopicPartition IMAGES = new TopicPartition("images", 0);

    @Test
    void fault06ACommitThatTimesOutIsAskedForAgainAndNeverAborted() {
        SlowCommits producer = new SlowCommits(2);
        try (ExactlyOnceOutput output = new ExactlyOnceOutput(producer, () -> true)) {
            output.open();
            predict(output);
            assertThat(producer.calls()).containsExactly("commit", "commit", "commit");
            assertThat(producer.history()).hasSize(1);
            assertThat(producer.consumerGroupOffsetsHistory()).hasSize(1);
            predict(output);
            assertThat(producer.history()).hasSize(2);
        }
    }

    @Test
    void fault06WhenStoppingACommitWithoutAnAnswerIsLeftToTheSuccessorAndNotAborted() {
        SlowCommits producer = new SlowCommits(1);
        ExactlyOnceOutput output = new ExactlyOnceOutput(producer, () -> false);
        output.open();
        assertThatThrownBy(() -> predict(output)).isInstanceOf(Output.OutcomeUnknownException.class);
        output.close();
        assertThat(producer.calls()).containsExactly("commit", "close");
    }

    private static void predict(ExactlyOnceOutput output) {
        output.begin();
        output.send(new ProducerRecord<>("predictions", "one".getBytes(StandardCharsets.UTF_8)));
        output.commit(
                Map.of(IMAGES, new OffsetAndMetadata(1)), new MockConsumer<byte[], byte[]>("earliest").groupMetadata());
    }
}
