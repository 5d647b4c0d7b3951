package io.acclimate.minibatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.Coordinates;
import io.acclimate.core.ImageId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.Payload;
import io.acclimate.minibatch.state.OpenBuffer;
import io.acclimate.minibatch.state.Tenancy;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.MiniBatchCodec;
import io.acclimate.wire.Topics;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BufferProcessorTest {
    private static final long NOON = Instant.parse("2026-01-01T12:00:00Z").toEpochMilli();
    private static final long MINUTE = 60_000;
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

    @Test
    void afterARestartPlacesAreAsBeforeAndADomainWithoutOneContinuesItsNumbers() {
        Restarts restarts = new Restarts(1);
        restarts.begin(NOON).process(sample("a", "a-0", NOON));
        restarts.begin(NOON + MINUTE).process(sample("b", "b-0", NOON + MINUTE));

        BufferProcessor third = restarts.begin(NOON + MINUTE + 1);
        third.process(sample("a", "too-early", NOON + MINUTE + 1));
        restarts.context.setCurrentSystemTimeMs(NOON + 2 * MINUTE);
        third.process(sample("a", "a-1", NOON + 2 * MINUTE));

        assertThat(restarts.buffer("a").sequence()).isEqualTo(1);
        assertThat(restarts.buffer("a").tenancy()).isEqualTo(new Tenancy(2, NOON + 2 * MINUTE, false));
        assertThat(restarts.buffer("b").tenancy()).isEqualTo(new Tenancy(1, NOON + MINUTE, true));
        assertThat(restarts.context.forwarded(Exit.LIMITED.child())).hasSize(1);
    }

    @Test
    void domainsOfBuildsThatKeptPlacesForGoodLoseThemWhenTheyAreIdle() {
        Restarts restarts = new Restarts(1);
        restarts.buffers.put("old", new OpenBuffer(7, 0, 0, 0).toBytes());
        BufferProcessor processor = restarts.begin(NOON);
        processor.process(sample("a", "too-early", NOON));
        restarts.context.setCurrentSystemTimeMs(NOON + MINUTE);

        processor.process(sample("a", "a-0", NOON + MINUTE));

        assertThat(restarts.context.forwarded(Exit.LIMITED.child())).hasSize(1);
        assertThat(restarts.buffer("a").samples()).isEqualTo(1);
        assertThat(restarts.buffer("old").sequence()).isEqualTo(7);
        assertThat(restarts.buffer("old").tenancy().ended()).isTrue();
    }

    /** Processors one after another on the same stores. */
    private static final class Restarts {
        private final MiniBatchSettings settings;
        private final KeyValueStore<Bytes, byte[]> samples = sampleStore();
        final KeyValueStore<String, byte[]> buffers = bufferStore();
        MockProcessorContext<byte[], byte @Nullable []> context = new MockProcessorContext<>();

        Restarts(int places) {
            settings = MiniBatchSettings.defaults().withLabelLimits(new LabelLimits(0, 1, 1, places));
            samples.init(context.getStateStoreContext(), samples);
            buffers.init(context.getStateStoreContext(), buffers);
        }

        BufferProcessor begin(long nowMillis) {
            context = new MockProcessorContext<>();
            context.addStateStore(samples);
            context.addStateStore(buffers);
            context.setCurrentSystemTimeMs(nowMillis);
            BufferProcessor processor =
                    new BufferProcessor(settings, Topics.DEFAULT, Telemetry.inMemory(), new AtomicLong());
            processor.init(context);
            return processor;
        }

        OpenBuffer buffer(String domain) {
            return OpenBuffer.parse(buffers.get(domain));
        }
    }

    private static void addStores(MockProcessorContext<byte[], byte @Nullable []> context) {
        KeyValueStore<Bytes, byte[]> samples = sampleStore();
        KeyValueStore<String, byte[]> buffers = bufferStore();
        samples.init(context.getStateStoreContext(), samples);
        buffers.init(context.getStateStoreContext(), buffers);
        context.addStateStore(samples);
        context.addStateStore(buffers);
    }

    private static KeyValueStore<Bytes, byte[]> sampleStore() {
        return Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(BufferProcessor.SAMPLE_STORE), Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingDisabled()
                .build();
    }

    private static KeyValueStore<String, byte[]> bufferStore() {
        return Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(BufferProcessor.BUFFER_STORE), Serdes.String(), Serdes.ByteArray())
                .withLoggingDisabled()
                .build();
    }

    private static Record<byte[], byte[]> sample(String image) {
        return sample("default", image, NOON);
    }

    private static Record<byte[], byte[]> sample(String domain, String image, long millis) {
        LabelledSample sample = new LabelledSample(
                new ImageId(image),
                0,
                "cat",
                new Payload(io.acclimate.core.Bytes.utf8("png"), Optional.empty()),
                new Coordinates("labels", 0, 0),
                Instant.ofEpochMilli(millis));
        return new Record<>(LabelStream.utf8(domain), new MiniBatchCodec().encodeSample(sample), millis);
    }
}
