package io.acclimate.minibatch;

import io.acclimate.core.ClassNames;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.RecordTime;
import io.acclimate.wire.Topics;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/** labels, validate, join those without bytes, repartition by domain, buffer, mini-batches; and from each step to dead-letters. */
final class MiniBatchTopology {
    static final String SAMPLE_STORE = "samples";
    static final String BUFFER_STORE = "buffers";
    /** The ways on from validation, which {@link LabelProcessor} names when it forwards. */
    static final String ACCEPTED = "accepted";

    static final String WITHOUT_BYTES = "without-bytes";
    static final String REFUSED = "refused";
    /** The two ways on from the buffers, which {@link BufferProcessor} names when it forwards. */
    static final String FLUSHED = "flushed";

    static final String LIMITED = "limited";

    private static final Serde<byte[]> BYTES = Serdes.ByteArray();

    private MiniBatchTopology() {}

    /** What waits in all tasks of an instance. */
    record Waiting(AtomicLong samples, AtomicLong labels) {
        Waiting() {
            this(new AtomicLong(), new AtomicLong());
        }
    }

    static Topology build(
            ClassNames classes,
            Topics topics,
            MiniBatchSettings settings,
            Telemetry telemetry,
            PixelSource pixels,
            Waiting waiting) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.addStateStore(samples());
        builder.addStateStore(buffers());
        KStream<byte[], byte @Nullable []> validated = builder.stream(
                        topics.labels(),
                        Consumed.with(BYTES, BYTES)
                                .withName("labels")
                                // A record without a time is a label like any other.
                                .withTimestampExtractor((label, streamTime) -> RecordTime.millis(label.timestamp(), 0)))
                .process(() -> new LabelProcessor(classes, settings.join(), topics, telemetry), Named.as("validate"));
        validated
                .filter((key, letter) -> true, Named.as(REFUSED))
                .to(topics.deadLetters(), Produced.with(BYTES, BYTES).withName("dead-letters"));
        KStream<byte[], byte @Nullable []> samples = validated
                .filter((domain, sample) -> true, Named.as(ACCEPTED))
                .repartition(Repartitioned.with(BYTES, BYTES)
                        .withName("by-domain")
                        .withNumberOfPartitions(settings.partitions()));
        if (settings.join().isOn()) {
            var labels = validated.filter((id, label) -> true, Named.as(WITHOUT_BYTES));
            samples = samples.merge(
                    JoinTopology.add(builder, labels, topics, settings, telemetry, pixels, waiting.labels()),
                    Named.as("all-samples"));
        }
        KStream<byte[], byte @Nullable []> buffered = samples.process(
                () -> new BufferProcessor(settings, topics, telemetry, waiting.samples()),
                Named.as("buffer"),
                SAMPLE_STORE,
                BUFFER_STORE);
        buffered.filter((key, letter) -> true, Named.as(LIMITED))
                .to(topics.deadLetters(), Produced.with(BYTES, BYTES).withName("limited-letters"));
        buffered.filter((domain, batch) -> true, Named.as(FLUSHED))
                // The default partitioner on the domain as key is Partitions.ofDomain.
                .to(topics.miniBatches(), Produced.with(BYTES, BYTES).withName("mini-batches"));
        return builder.build();
    }

    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> samples() {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(SAMPLE_STORE), Serdes.Bytes(), BYTES);
    }

    private static StoreBuilder<KeyValueStore<String, byte[]>> buffers() {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(BUFFER_STORE), Serdes.String(), BYTES);
    }
}
