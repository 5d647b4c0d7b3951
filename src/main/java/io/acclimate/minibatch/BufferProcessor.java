package io.acclimate.minibatch;

import io.acclimate.core.DomainId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.MiniBatch.FlushCause;
import io.acclimate.core.MiniBatch.UnlabelledImage;
import io.acclimate.minibatch.state.OpenBuffer;
import io.acclimate.minibatch.state.Tenancy;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.ContractHeaders;
import io.acclimate.wire.MiniBatchCodec;
import io.acclimate.wire.Topics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Collects each domain's samples and flushes them as mini-batches. It has two stores: one with an entry for each waiting sample, so
 * that a sample costs one small write and not a rewrite of the buffer, and one with an entry for each domain. A sample that exceeds
 * its producer's rate or its class's share becomes a dead letter here, since this processor alone sees all samples of a domain.
 * Called by the task's stream thread only.
 */
final class BufferProcessor extends ContextualProcessor<byte[], byte[], byte[], byte @Nullable []> {
    /** Names of the stores, and in part of their changelogs. */
    static final String SAMPLE_STORE = "samples";

    static final String BUFFER_STORE = "buffers";

    private final MiniBatchSettings settings;
    private final LimitedLabels limited;
    private final Places places;
    private final Telemetry telemetry;
    /** Waiting samples of all tasks of this instance. */
    private final AtomicLong waiting;

    private final MiniBatchCodec codec = new MiniBatchCodec();
    /** What the store of buffers has of the domains with a place, so that flushing by time needs no scan. */
    private final Map<DomainId, OpenBuffer> buffers = new TreeMap<>();

    @SuppressWarnings("NullAway.Init") // by init
    private KeyValueStore<Bytes, byte[]> sampleStore;

    @SuppressWarnings("NullAway.Init") // by init
    private KeyValueStore<String, byte[]> bufferStore;

    @SuppressWarnings("NullAway.Init") // by init
    private Cancellable ages;

    @SuppressWarnings("NullAway.Init") // by init
    private ClockWatch clock;

    BufferProcessor(MiniBatchSettings settings, Topics topics, Telemetry telemetry, AtomicLong waiting) {
        this.settings = settings;
        this.limited = new LimitedLabels(settings, topics, telemetry);
        this.places = new Places(settings.limits().domains());
        this.telemetry = telemetry;
        this.waiting = waiting;
    }

    @Override
    public void init(ProcessorContext<byte[], byte @Nullable []> context) {
        super.init(context);
        sampleStore = context.getStateStore(SAMPLE_STORE);
        bufferStore = context.getStateStore(BUFFER_STORE);
        load(context.currentSystemTimeMs());
        buffers.forEach(this::recount);
        waiting.addAndGet(samplesHere());
        clock = new ClockWatch(context.currentSystemTimeMs());
        ages = scheduleAges();
    }

    private void load(long nowMillis) {
        buffers.clear();
        Map<DomainId, Tenancy> tenancies = new HashMap<>();
        try (var entries = bufferStore.all()) {
            entries.forEachRemaining(entry -> {
                OpenBuffer buffer = OpenBuffer.parse(entry.value).knownAt(nowMillis);
                if (!buffer.tenancy().ended()) {
                    DomainId domain = new DomainId(entry.key);
                    buffers.put(domain, buffer);
                    tenancies.put(domain, buffer.tenancy());
                }
            });
        }
        places.restore(tenancies);
    }

    private Cancellable scheduleAges() {
        // Looked at four times in a wait, a flush is at most a quarter of the wait late. 100 ms is often enough for any
        // wait.
        long interval = Math.max(1, Math.min(100, settings.flush().maxWait().toMillis() / 4));
        return context().schedule(Duration.ofMillis(interval), PunctuationType.WALL_CLOCK_TIME, this::flushAged);
    }

    /** Kafka Streams schedules by the wall clock: after that went back by an hour, the next call is an hour away. */
    private void noticeClock(long nowMillis) {
        if (clock.wentBack(nowMillis)) {
            ages.cancel();
            ages = scheduleAges();
        }
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        noticeClock(context().currentSystemTimeMs());
        DomainId domain = new DomainId(new String(record.key(), StandardCharsets.UTF_8));
        byte[] sample = record.value();
        if (UnlabelledProcessor.isUnlabelled(sample)) {
            unlabelled(domain, UnlabelledProcessor.parse(sample).unlabelled());
            return;
        }
        LabelledSample labelled = codec.decodeSample(sample);
        long now = context().currentSystemTimeMs();
        OpenBuffer buffer = buffer(domain);
        places.advance(labelled.labelTime().toEpochMilli(), now);
        Places.Answer place = places.ask(domain, buffer.tenancy());
        var letter = limited.refuse(domain, labelled, record.headers(), place, now);
        if (letter.isPresent()) {
            Exit.LIMITED.forward(context(), letter.get());
            return;
        }
        if (place instanceof Places.Answer.InPlaceOf other) {
            leave(other.leaving());
        }
        buffer = buffer.with(places.labelled(domain, buffer.tenancy()));
        if (!buffer.isEmpty()
                && buffer.bytes() + sample.length > settings.flush().maxBytes()) {
            buffer = flush(domain, buffer, FlushCause.BYTES);
        }
        sampleStore.put(key(domain, buffer.sequence(), buffer.samples()), sample);
        waiting.incrementAndGet();
        limited.took(domain, labelled.classIndex());
        trace(domain, labelled, buffer.sequence(), now);
        buffer = save(domain, buffer.plus(sample.length, now));
        if (buffer.samples() >= settings.flush().maxSamples()) {
            flush(domain, buffer, FlushCause.COUNT);
        } else if (buffer.bytes() >= settings.flush().maxBytes()) {
            flush(domain, buffer, FlushCause.BYTES);
        }
    }

    /** Says in the label's trace that it waits, for which mini-batch of the domain. */
    private void trace(DomainId domain, LabelledSample sample, long sequence, long nowMillis) {
        telemetry
                .traces()
                .step("buffer label", sample.traceparent(), Instant.ofEpochMilli(nowMillis))
                .ifPresent(step -> step.with("acclimate.domain", domain.value())
                        .with("acclimate.image.id", sample.imageId().value())
                        .with("acclimate.label", sample.className())
                        .with("acclimate.mini_batch.sequence", sequence)
                        .end());
    }

    /** Of a domain without a place it is read from the store, in which a domain that had one once has its numbers. */
    private OpenBuffer buffer(DomainId domain) {
        OpenBuffer buffer = buffers.get(domain);
        if (buffer != null) {
            return buffer;
        }
        byte[] stored = bufferStore.get(domain.value());
        return stored == null ? OpenBuffer.FIRST : OpenBuffer.parse(stored);
    }

    private void leave(DomainId domain) {
        OpenBuffer buffer = buffer(domain);
        if (!buffer.isEmpty()) {
            buffer = flush(domain, buffer, FlushCause.TIME);
        }
        save(domain, buffer.with(buffer.tenancy().end()));
        buffers.remove(domain);
        places.leave(domain);
        limited.left(domain);
    }

    /**
     * Sends images without labels at once, after the samples that wait: mini-batches are numbered in their order. A domain that has
     * only such images takes no place from those with labels, since they leave nothing here but a number in the store.
     */
    private void unlabelled(DomainId domain, List<UnlabelledImage> images) {
        OpenBuffer buffer = buffer(domain);
        if (!buffer.isEmpty()) {
            buffer = flush(domain, buffer, FlushCause.TIME);
        }
        long now = context().currentSystemTimeMs();
        send(MiniBatch.unlabelled(domain, buffer.sequence(), images, Instant.ofEpochMilli(now)), now);
        store(domain, buffer.next());
        telemetry.counter(Meter.UNLABELLED_BATCHED, domain.value()).increment(images.size());
    }

    private void flushAged(long nowMillis) {
        for (DomainId domain : List.copyOf(buffers.keySet())) {
            OpenBuffer buffer = buffers.getOrDefault(domain, OpenBuffer.FIRST);
            if (buffer.isEmpty()) {
                continue;
            }
            if (nowMillis < buffer.openedAtMillis()) {
                // The clock went back: the wait begins again, since it could last hours otherwise.
                save(domain, buffer.openedAt(nowMillis));
            } else if (nowMillis - buffer.openedAtMillis()
                    >= settings.flush().maxWait().toMillis()) {
                flush(domain, buffer, FlushCause.TIME);
            }
        }
    }

    private OpenBuffer flush(DomainId domain, OpenBuffer buffer, FlushCause cause) {
        List<LabelledSample> samples = new ArrayList<>(buffer.samples());
        for (int i = 0; i < buffer.samples(); i++) {
            byte[] sample = sampleStore.delete(key(domain, buffer.sequence(), i));
            if (sample == null) {
                throw new IllegalStateException(
                        "the store lost sample " + i + " of " + buffer + " of domain " + domain);
            }
            samples.add(codec.decodeSample(sample));
        }
        long now = context().currentSystemTimeMs();
        MiniBatch batch = new MiniBatch(
                domain,
                buffer.sequence(),
                cause,
                samples,
                Instant.ofEpochMilli(buffer.openedAtMillis()),
                Instant.ofEpochMilli(now));
        send(batch, now);
        limited.flushed(domain);
        count(batch, Math.max(0, now - buffer.openedAtMillis()));
        return save(domain, buffer.next());
    }

    private void send(MiniBatch batch, long now) {
        DomainId domain = batch.domain();
        RecordHeaders headers = ContractHeaders.cloudEvent(
                domain + "/" + batch.sequence(),
                "/acclimate/minibatch",
                "io.acclimate.mini-batch",
                ContractHeaders.PROTOBUF);
        ContractHeaders.put(headers, ContractHeaders.DOMAIN, domain.value());
        byte[] key = domain.value().getBytes(StandardCharsets.UTF_8);
        Exit.FLUSHED.forward(context(), new Record<>(key, codec.encode(batch), now, headers));
    }

    private void count(MiniBatch batch, long waitedMillis) {
        int size = batch.samples().size();
        String domain = batch.domain().value();
        waiting.addAndGet(-size);
        telemetry.counter(Meter.SAMPLES_BATCHED, domain).increment(size);
        telemetry.summary(Meter.MINI_BATCH_SIZE, domain, batch.cause().name()).record(size);
        telemetry.timer(Meter.MINI_BATCH_WAIT, domain).record(Duration.ofMillis(waitedMillis));
    }

    private void recount(DomainId domain, OpenBuffer buffer) {
        limited.flushed(domain);
        for (int i = 0; i < buffer.samples(); i++) {
            byte[] sample = sampleStore.get(key(domain, buffer.sequence(), i));
            if (sample != null) {
                limited.took(domain, codec.decodeSample(sample).classIndex());
            }
        }
    }

    private OpenBuffer save(DomainId domain, OpenBuffer buffer) {
        buffers.put(domain, buffer);
        bufferStore.put(domain.value(), buffer.toBytes());
        return buffer;
    }

    /** Saves the numbers of a domain, which gets no place by that, now or at the next start. */
    private void store(DomainId domain, OpenBuffer buffer) {
        if (buffers.containsKey(domain)) {
            save(domain, buffer);
        } else {
            bufferStore.put(domain.value(), buffer.with(buffer.tenancy().end()).toBytes());
        }
    }

    /** No domain contains a zero byte, so the keys of one domain are never between those of another. */
    private static Bytes key(DomainId domain, long sequence, int index) {
        byte[] name = domain.value().getBytes(StandardCharsets.UTF_8);
        return Bytes.wrap(ByteBuffer.allocate(name.length + 13)
                .put(name)
                .put((byte) 0)
                .putLong(sequence)
                .putInt(index)
                .array());
    }

    private long samplesHere() {
        return buffers.values().stream().mapToLong(OpenBuffer::samples).sum();
    }

    @Override
    public void close() {
        waiting.addAndGet(-samplesHere());
        buffers.clear();
        places.clear();
    }
}
