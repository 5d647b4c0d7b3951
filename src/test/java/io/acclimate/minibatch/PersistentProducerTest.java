package io.acclimate.minibatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.kafka.CommitWatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class PersistentProducerTest {
    private static final Map<TopicPartition, OffsetAndMetadata> OFFSETS =
            Map.of(new TopicPartition("labels", 0), new OffsetAndMetadata(7));
    private static final ConsumerGroupMetadata GROUP = new MockConsumer<byte[], byte[]>("earliest").groupMetadata();

    private final AtomicBoolean running = new AtomicBoolean(true);

    /** Leaves the first calls for offsets and for a commit unanswered, and notes all. */
    private static final class Unanswered extends MockProducer<byte[], byte[]> {
        private final List<String> calls = new ArrayList<>();
        private int offsets;
        private int commits;

        Unanswered(int offsets, int commits) {
            super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
            this.offsets = offsets;
            this.commits = commits;
        }

        @Override
        public void sendOffsetsToTransaction(
                Map<TopicPartition, OffsetAndMetadata> taken, ConsumerGroupMetadata group) {
            calls.add("offsets");
            if (offsets-- > 0) {
                throw new TimeoutException("no answer");
            }
            super.sendOffsetsToTransaction(taken, group);
        }

        @Override
        public void commitTransaction() {
            calls.add("commit");
            if (commits-- > 0) {
                throw new TimeoutException("no answer");
            }
            super.commitTransaction();
        }
    }

    @Test
    void fault06OffsetsAndCommitsWithoutAnAnswerAreAskedForAgain() {
        Unanswered kafka = new Unanswered(2, 1);
        try (PersistentProducer producer = begun(kafka)) {
            producer.sendOffsetsToTransaction(OFFSETS, GROUP);
            producer.commitTransaction();
        }
        assertThat(kafka.calls).containsExactly("offsets", "offsets", "offsets", "commit", "commit");
        assertThat(kafka.history()).hasSize(1);
        assertThat(kafka.consumerGroupOffsetsHistory()).hasSize(1);
    }

    @Test
    void fault06ATransactionWhoseOffsetsWereNotTakenIsNeverCommitted() {
        Unanswered kafka = new Unanswered(1, 0);
        running.set(false);
        try (PersistentProducer producer = begun(kafka)) {
            assertThatThrownBy(() -> producer.sendOffsetsToTransaction(OFFSETS, GROUP))
                    .isInstanceOf(TimeoutException.class);

            assertThatThrownBy(producer::commitTransaction)
                    .isInstanceOf(KafkaException.class)
                    .hasMessageContaining("without its offsets");

            assertThat(kafka.calls).containsExactly("offsets");
            producer.abortTransaction();
            write(producer);
            producer.sendOffsetsToTransaction(OFFSETS, GROUP);
            producer.commitTransaction();
        }
        assertThat(kafka.history()).hasSize(1);
        assertThat(kafka.consumerGroupOffsetsHistory()).hasSize(1);
    }

    @Test
    void fault06ARecordThatTimedOutIsReportedAsLostAndNotAsOneToTryAgain() {
        MockProducer<byte[], byte[]> kafka =
                new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
        List<Exception> failures = new ArrayList<>();
        try (PersistentProducer producer = new PersistentProducer(kafka, running::get, new CommitWatch())) {
            producer.initTransactions();
            producer.beginTransaction();
            var unused = producer.send(
                    new ProducerRecord<>("mini-batches", new byte[] {1}), (metadata, failure) -> failures.add(failure));
            kafka.errorNext(new TimeoutException("no answer"));
        }
        assertThat(failures).singleElement().satisfies(failure -> assertThat(failure)
                .isNotInstanceOf(RetriableException.class)
                .isInstanceOf(KafkaException.class)
                .hasMessageContaining("mini-batches")
                .hasMessageContaining("no answer"));
    }

    private PersistentProducer begun(Unanswered kafka) {
        PersistentProducer producer = new PersistentProducer(kafka, running::get, new CommitWatch());
        producer.initTransactions();
        write(producer);
        return producer;
    }

    private static void write(PersistentProducer producer) {
        producer.beginTransaction();
        var unused = producer.send(new ProducerRecord<>("mini-batches", new byte[] {1}));
    }
}
