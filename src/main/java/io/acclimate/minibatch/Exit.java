package io.acclimate.minibatch;

import io.acclimate.minibatch.state.PendingLabel;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * The ways out of the processors. A processor that sends records different ways forwards each to a child by name. In Kafka Streams'
 * DSL, which alone can make repartition topics, it has one output stream; so each way out is a child that passes every record on,
 * and {@link #of} continues the topology from it. A record forwarded without an exit would go all ways, and no processor here does.
 */
enum Exit {
    /** From {@link LabelProcessor}: samples with bytes, keyed by domain. */
    ACCEPTED("accepted"),
    /** From {@link LabelProcessor}: {@link PendingLabel}s, keyed by image id. */
    WITHOUT_BYTES("without-bytes"),
    /** From {@link LabelProcessor}: dead letters. */
    REFUSED("refused"),
    /** From {@link JoinProcessor}: samples that got their image's bytes, keyed by domain. */
    JOINED("joined"),
    /** From {@link JoinProcessor}: dead letters. */
    UNJOINED("unjoined"),
    /** From {@link BufferProcessor}: mini-batches, keyed by domain. */
    FLUSHED("flushed"),
    /** From {@link BufferProcessor}: dead letters. */
    LIMITED("limited");

    private final String child;

    Exit(String child) {
        this.child = child;
    }

    /** The name of the topology's node. */
    String child() {
        return child;
    }

    /** What {@code processed}'s processor forwards this way. */
    KStream<byte[], byte @Nullable []> of(KStream<byte[], byte @Nullable []> processed) {
        return processed.process(PassOn::new, Named.as(child));
    }

    void forward(ProcessorContext<byte[], byte @Nullable []> context, Record<byte[], byte @Nullable []> record) {
        context.forward(record, child);
    }

    private static final class PassOn
            extends ContextualProcessor<byte[], byte @Nullable [], byte[], byte @Nullable []> {
        @Override
        public void process(Record<byte[], byte @Nullable []> record) {
            context().forward(record);
        }
    }
}
