package io.acclimate.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.wire.ContractHeaders;
import io.opentelemetry.api.trace.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** A tracing agent gives each record that is sent the trace that is current then, whatever header it has. */
class TracePassingTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String NONE = "0".repeat(32);

    private final List<String> tracesOfSends = new ArrayList<>();

    @Test
    void anAnswerIsSentInTheTraceOfItsImageAlone() throws Exception {
        try (WorkerFixture fixture = new WorkerFixture(ServeSettings.defaults().withWorkers(1))) {
            fixture.producers.add(new Observed());
            fixture.assign();
            MockConsumer<byte[], byte[]> consumer = fixture.consumers.getLast();
            fixture.poll(() -> {
                consumer.addRecord(traced(0, "00-" + TRACE + "-b7ad6b7169203331-01"));
                consumer.addRecord(WorkerFixture.image(1));
                consumer.addRecord(traced(2, "no trace"));
            });
            fixture.stop();

            fixture.worker.run();

            assertThat(tracesOfSends).containsExactly(TRACE, NONE, NONE);
            assertThat(fixture.committed()).hasSize(3);
        }
    }

    private static ConsumerRecord<byte[], byte[]> traced(long offset, String parent) {
        ConsumerRecord<byte[], byte[]> image = WorkerFixture.image(offset);
        ContractHeaders.put(image.headers(), ContractHeaders.TRACEPARENT, parent);
        return image;
    }

    private final class Observed extends MockProducer<byte[], byte[]> {
        Observed() {
            super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
            tracesOfSends.add(Span.current().getSpanContext().getTraceId());
            return super.send(record, callback);
        }
    }
}
