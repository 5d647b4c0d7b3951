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

/**
 * Labels are validated; those without bytes are joined to their images; samples are repartitioned by domain and buffered until they
 * are a mini-batch. What a step refuses goes to dead letters. The names of stores, repartition topics and their order are those of
 * running applications: see the test that holds them.
 */
final class MiniBatchTopology {
    private static final Serde<byte[]> BYTES = Serdes.ByteArray();

    private MiniBatchTopology() {}

    /** Counts of what waits, over all tasks of an instance. */
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
        Exit.REFUSED
                .of(validated)
                .to(topics.deadLetters(), Produced.with(BYTES, BYTES).withName("dead-letters"));
        KStream<byte[], byte @Nullable []> samples = Exit.ACCEPTED
                .of(validated)
                .repartition(Repartitioned.with(BYTES, BYTES)
                        .withName("by-domain")
                        .withNumberOfPartitions(settings.streams().partitions()));
        if (settings.join().isOn()) {
            KStream<byte[], byte @Nullable []> labels = Exit.WITHOUT_BYTES.of(validated);
            KStream<byte[], byte[]> served = JoinTopology.served(builder, topics, settings.join(), telemetry);
            samples = samples.merge(
                    JoinTopology.add(builder, labels, served, topics, settings, telemetry, pixels, waiting.labels()),
                    Named.as("all-samples"));
            if (settings.unlabelled().isOn()) {
                samples = samples.merge(unlabelled(served, topics, settings, pixels), Named.as("with-unlabelled"));
            }
        }
        KStream<byte[], byte @Nullable []> buffered = samples.process(
                () -> new BufferProcessor(settings, topics, telemetry, waiting.samples()),
                Named.as("buffer"),
                BufferProcessor.SAMPLE_STORE,
                BufferProcessor.BUFFER_STORE);
        Exit.LIMITED
                .of(buffered)
                .to(topics.deadLetters(), Produced.with(BYTES, BYTES).withName("limited-letters"));
        Exit.FLUSHED
                .of(buffered)
                // The default partitioner on the domain as key is Partitions.ofDomain.
                .to(topics.miniBatches(), Produced.with(BYTES, BYTES).withName("mini-batches"));
        return builder.build();
    }

    private static KStream<byte[], byte @Nullable []> unlabelled(
            KStream<byte[], byte[]> served, Topics topics, MiniBatchSettings settings, PixelSource pixels) {
        return served.process(() -> new UnlabelledProcessor(settings, topics, pixels), Named.as("sample"))
                .repartition(Repartitioned.with(BYTES, BYTES)
                        .withName("unlabelled-by-domain")
                        .withNumberOfPartitions(settings.streams().partitions()));
    }

    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> samples() {
        return Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(BufferProcessor.SAMPLE_STORE), Serdes.Bytes(), BYTES);
    }

    private static StoreBuilder<KeyValueStore<String, byte[]>> buffers() {
        return Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(BufferProcessor.BUFFER_STORE), Serdes.String(), BYTES);
    }
}
