package io.acclimate.minibatch;

import io.acclimate.minibatch.state.ImageIndex;
import io.acclimate.minibatch.state.PendingLabels;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.RecordTime;
import io.acclimate.wire.Topics;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;
import org.jspecify.annotations.Nullable;

/**
 * Predictions are indexed; they and labels without bytes are repartitioned by image id and joined. They are repartitioned since clients
 * partition {@code images} and {@code labels} each in their own way. They are joined by {@link JoinProcessor} and not by Kafka Streams'
 * left join, which may give a label up before its image had time to come (KAFKA-19536).
 */
final class JoinTopology {
    private static final Serde<byte[]> BYTES = Serdes.ByteArray();

    private JoinTopology() {}

    /** Predictions as served images, keyed by image id. */
    static KStream<byte[], byte[]> served(
            StreamsBuilder builder, Topics topics, JoinSettings join, Telemetry telemetry) {
        return builder.stream(
                        topics.predictions(),
                        Consumed.with(BYTES, BYTES)
                                .withName("predictions")
                                // The index would forget older predictions at once.
                                .withOffsetResetPolicy(AutoOffsetReset.byDuration(join.retention()))
                                .withTimestampExtractor(
                                        (prediction, streamTime) -> RecordTime.millis(prediction.timestamp(), 0)))
                .process(() -> new IndexProcessor(topics, telemetry), Named.as("index"));
    }

    /**
     * Adds the join; what it refuses goes to dead letters.
     *
     * @param labels without bytes, keyed by image id
     * @param indexed the served images
     * @return samples keyed by domain
     */
    static KStream<byte[], byte @Nullable []> add(
            StreamsBuilder builder,
            KStream<byte[], byte @Nullable []> labels,
            KStream<byte[], byte[]> indexed,
            Topics topics,
            MiniBatchSettings settings,
            Telemetry telemetry,
            PixelSource pixels,
            AtomicLong pending) {
        JoinSettings join = settings.join();
        builder.addStateStore(images(join.retention()));
        builder.addStateStore(labels());
        KStream<byte[], byte[]> served = indexed.repartition(byImage("served-by-image", settings));
        KStream<byte[], byte @Nullable []> joined = labels.repartition(byImage("labels-by-image", settings))
                .merge(served, Named.as("by-image"))
                .process(
                        () -> new JoinProcessor(join, topics, telemetry, pixels, pending),
                        Named.as("join"),
                        ImageIndex.STORE,
                        PendingLabels.STORE);
        Exit.UNJOINED
                .of(joined)
                .to(topics.deadLetters(), Produced.with(BYTES, BYTES).withName("unjoined-letters"));
        return Exit.JOINED
                .of(joined)
                .repartition(Repartitioned.with(BYTES, BYTES)
                        .withName("joined-by-domain")
                        .withNumberOfPartitions(settings.streams().partitions()));
    }

    private static Repartitioned<byte[], byte[]> byImage(String name, MiniBatchSettings settings) {
        return Repartitioned.with(BYTES, BYTES)
                .withName(name)
                .withNumberOfPartitions(settings.streams().partitions());
    }

    private static StoreBuilder<WindowStore<Bytes, byte[]>> images(Duration retention) {
        return Stores.windowStoreBuilder(
                Stores.persistentWindowStore(ImageIndex.STORE, retention, Duration.ofMillis(1), false),
                Serdes.Bytes(),
                BYTES);
    }

    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> labels() {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(PendingLabels.STORE), Serdes.Bytes(), BYTES);
    }
}
