package io.acclimate.minibatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.Bytes;
import io.acclimate.core.Coordinates;
import io.acclimate.core.ImageId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.Payload;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.MiniBatchCodec;
import io.acclimate.wire.Topics;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BufferProcessorTest {
    private static final long NOON = Instant.parse("2026-01-01T12:00:00Z").toEpochMilli();
    private static final long HOUR = 3_600_000;

    @Test
    void fault24StartsTheWaitAgainWhenTheClockGoesBack() {
        MiniBatchSettings settings = MiniBatchSettings.defaults();
        MockProcessorContext<byte[], byte @Nullable []> context = new MockProcessorContext<>();
        addStores(context);
        BufferProcessor processor =
                new BufferProcessor(settings, Topics.DEFAULT, Telemetry.inMemory(), new AtomicLong());
        context.setCurrentSystemTimeMs(NOON);
        processor.init(context);
        processor.process(sample("a"));

        context.setCurrentSystemTimeMs(NOON - HOUR);
        processor.process(sample("b"));

        assertThat(context.scheduledPunctuators()).hasSize(2);
        assertThat(context.scheduledPunctuators().get(0).cancelled()).isTrue();
        var ages = context.scheduledPunctuators().get(1).getPunctuator();
        ages.punctuate(NOON - HOUR);
        assertThat(context.forwarded()).isEmpty();
        long due = NOON - HOUR + settings.flush().maxWait().toMillis();
        context.setCurrentSystemTimeMs(due);
        ages.punctuate(due);
        assertThat(context.forwarded()).hasSize(1);
    }

    private static void addStores(MockProcessorContext<byte[], byte @Nullable []> context) {
        StateStore samples = Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(BufferProcessor.SAMPLE_STORE), Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingDisabled()
                .build();
        StateStore buffers = Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(BufferProcessor.BUFFER_STORE), Serdes.String(), Serdes.ByteArray())
                .withLoggingDisabled()
                .build();
        samples.init(context.getStateStoreContext(), samples);
        buffers.init(context.getStateStoreContext(), buffers);
        context.addStateStore(samples);
        context.addStateStore(buffers);
    }

    private static Record<byte[], byte[]> sample(String image) {
        LabelledSample sample = new LabelledSample(
                new ImageId(image),
                0,
                "cat",
                new Payload(Bytes.utf8("png"), Optional.empty()),
                new Coordinates("labels", 0, 0),
                Instant.ofEpochMilli(NOON));
        return new Record<>(LabelStream.utf8("default"), new MiniBatchCodec().encodeSample(sample), NOON);
    }
}
