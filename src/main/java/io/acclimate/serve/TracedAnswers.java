package io.acclimate.serve;

import io.acclimate.telemetry.Traces;
import io.acclimate.wire.ContractHeaders;
import java.time.Instant;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Sends the answer to an image in the image's trace. The step lasts from the poll to the hand-over to the producer; a batch that is read
 * again after a rebalance has one for each time. One thread.
 */
final class TracedAnswers {
    private final Traces traces;

    TracedAnswers(Traces traces) {
        this.traces = traces;
    }

    /** @param polled when work on the poll began that brought the image */
    void send(
            ConsumerRecord<byte[], byte[]> image,
            Answer answer,
            ProducerRecord<byte[], byte[]> output,
            Instant polled,
            Consumer<ProducerRecord<byte[], byte[]>> sink) {
        Header parent = ContractHeaders.last(image.headers(), ContractHeaders.TRACEPARENT)
                .orElse(null);
        if (parent == null) {
            sink.accept(output);
            return;
        }
        // A tracing agent gives what is sent the current trace, and would begin a new one here.
        traces.step("predict image", ContractHeaders.traceparent(image.headers()), polled)
                .ifPresentOrElse(
                        step -> {
                            tell(step, image, answer, output);
                            Traces.within(parent.value(), () -> sink.accept(output));
                            step.end();
                        },
                        () -> Traces.within(parent.value(), () -> sink.accept(output)));
    }

    private static void tell(
            Traces.Step step,
            ConsumerRecord<byte[], byte[]> image,
            Answer answer,
            ProducerRecord<byte[], byte[]> output) {
        step.with("messaging.system", "kafka")
                .with("messaging.destination.name", image.topic())
                .with("messaging.destination.partition.id", Integer.toString(image.partition()))
                .with("messaging.kafka.offset", image.offset());
        if (answer instanceof Answer.Predicted predicted) {
            step.with("acclimate.image.id", predicted.prediction().imageId().value())
                    .with("acclimate.domain", predicted.prediction().domain().value())
                    .with("acclimate.model.version", predicted.prediction().modelVersion())
                    .with("acclimate.label", predicted.prediction().best().label());
            ContractHeaders.put(output.headers(), ContractHeaders.TRACEPARENT, step.traceparent());
        } else if (answer instanceof Answer.Refused refused) {
            // A dead letter keeps the headers of the record, so that it can be sent again as it was.
            step.failed(refused.refusal().reason() + ": " + refused.refusal().message());
        }
    }
}
