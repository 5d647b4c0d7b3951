package io.acclimate.minibatch;

import io.acclimate.core.Coordinates;
import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.DomainId;
import io.acclimate.core.ImageId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.Outcome;
import io.acclimate.core.Payload;
import io.acclimate.core.Refusal;
import io.acclimate.minibatch.state.ImageIndex;
import io.acclimate.minibatch.state.PendingLabel;
import io.acclimate.minibatch.state.PendingLabels;
import io.acclimate.minibatch.state.ServedImage;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.ContractHeaders;
import io.acclimate.wire.MiniBatchCodec;
import io.acclimate.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Joins labels without bytes to the images that were served. {@link ServedImage}s and {@link PendingLabel}s come in, both keyed by
 * image id; samples keyed by domain leave by {@link Exit#JOINED}, dead letters by {@link Exit#UNJOINED}. When the image of a label is
 * known, its bytes are read a little later, together with those of other labels. Until then the store holds the label, so a broker
 * that does not answer costs time and loses no label. Called by the task's stream thread only.
 */
final class JoinProcessor extends ContextualProcessor<byte[], byte[], byte[], byte @Nullable []> {
    private static final Duration INTERVAL = Duration.ofMillis(50);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int IMAGES_PER_READ = 32;

    private final JoinSettings settings;
    private final Topics topics;
    private final Telemetry telemetry;
    private final Refusals refusals;
    private final PixelSource pixels;
    /** Pending labels of all tasks of this instance. */
    private final AtomicLong total;

    private final MiniBatchCodec codec = new MiniBatchCodec();

    @SuppressWarnings("NullAway.Init") // by init
    private ImageIndex index;

    @SuppressWarnings("NullAway.Init") // by init
    private PendingLabels pending;

    @SuppressWarnings("NullAway.Init") // by init
    private ClockWatch clock;

    /** When the last prediction came that was made long before. Then the index is behind, and what it lacks may still come. */
    private long behindAtMillis;

    /** No bytes are read before this time, since a read was not answered. */
    private long readAgainAtMillis;

    /** The last read was not answered, and when it ended is not known yet: Kafka Streams tells the time at which it called. */
    private boolean unanswered;

    JoinProcessor(JoinSettings settings, Topics topics, Telemetry telemetry, PixelSource pixels, AtomicLong total) {
        this.settings = settings;
        this.topics = topics;
        this.telemetry = telemetry;
        this.refusals = new Refusals(topics, telemetry);
        this.pixels = pixels;
        this.total = total;
    }

    @Override
    public void init(ProcessorContext<byte[], byte @Nullable []> context) {
        super.init(context);
        long start = context.currentSystemTimeMs();
        clock = new ClockWatch(start);
        index = new ImageIndex(context.getStateStore(ImageIndex.STORE), topics.images(), settings.retention());
        pending = new PendingLabels(context.getStateStore(PendingLabels.STORE), total);
        pending.restore(topics.images(), start);
        behindAtMillis = start - settings.patience().toMillis();
        context.schedule(INTERVAL, PunctuationType.WALL_CLOCK_TIME, now -> {
            expire(noticeClock(now));
            readPixels();
        });
    }

    private long noticeClock(long nowMillis) {
        if (clock.wentBack(nowMillis)) {
            pending.waitAnew(nowMillis);
            behindAtMillis = Math.min(behindAtMillis, nowMillis);
            readAgainAtMillis = nowMillis;
        }
        if (unanswered) {
            // A read takes as long as the pause: a pause from its beginning would be over at its end.
            readAgainAtMillis = nowMillis + PAUSE.toMillis();
            unanswered = false;
        }
        return nowMillis;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        long now = noticeClock(context().currentSystemTimeMs());
        if (ServedImage.isOne(record.value())) {
            index.add(record.key(), record.value(), now);
            if (now - record.timestamp() > settings.patience().toMillis()) {
                behindAtMillis = now;
            }
            if (pending.waitingCount() > 0) {
                joinWaiting(new ImageId(new String(record.key(), StandardCharsets.UTF_8)), now);
            }
        } else {
            label(PendingLabel.parse(topics.images(), record.value()), now);
        }
        if (pending.foundCount() >= IMAGES_PER_READ) {
            readPixels();
        }
    }

    private void joinWaiting(ImageId image, long now) {
        for (PendingLabel label : pending.waitingFor(image)) {
            pending.remove(label);
            label(label, now);
        }
    }

    private void label(PendingLabel label, long now) {
        LabelledSample sample = label.sample();
        var found = index.newest(sample.imageId(), now);
        if (found.isEmpty()) {
            hold(label, now);
            return;
        }
        ServedImage image = found.get().image();
        if (image.isLabelled()) {
            boolean same = image.label().equals(sample.className());
            refuse(
                    label,
                    new Refusal(
                            same ? DeadLetterReason.DUPLICATE_LABEL : DeadLetterReason.LABEL_CONFLICT,
                            "image " + sample.imageId() + " (" + image.at() + ") was labelled '" + image.label()
                                    + "' before"
                                    + (same ? ", too" : " and that stays, got '" + sample.className() + "'")));
            return;
        }
        index.label(sample.imageId(), found.get(), sample.className());
        pending.addFound(label.of(image));
    }

    private void hold(PendingLabel label, long now) {
        if (pending.waitingCount() >= settings.maxWaiting()) {
            refuse(label, missing(label, "and " + settings.maxWaiting() + " labels wait for predictions already"));
        } else {
            pending.add(label, now);
        }
    }

    private void expire(long now) {
        boolean behind = now - behindAtMillis < settings.patience().toMillis();
        for (var oldest = pending.oldest(); oldest.isPresent(); oldest = pending.oldest()) {
            long waited = now - oldest.get().sinceMillis();
            if (waited < settings.patience().toMillis()
                    || (behind && waited < settings.retention().toMillis())) {
                return;
            }
            PendingLabel label = oldest.get().label();
            pending.remove(label);
            refuse(
                    label,
                    missing(label, "and none came within " + settings.patience().toSeconds() + " s of the label"));
        }
    }

    private Refusal missing(PendingLabel label, String more) {
        return new Refusal(
                DeadLetterReason.MISSING_PIXELS,
                "no prediction of image " + label.sample().imageId() + " in the last "
                        + settings.retention().toHours() + " h, " + more + ": send the image's bytes in the label");
    }

    private void readPixels() {
        while (pending.foundCount() > 0 && !unanswered && clock.latestMillis() >= readAgainAtMillis) {
            List<PendingLabel> labels = pending.firstFound(IMAGES_PER_READ);
            Map<Coordinates, Outcome<Payload>> read = pixels.read(labels.stream()
                    .collect(Collectors.toMap(each -> each.image().orElseThrow().at(), each -> each.sample()
                            .imageId())));
            for (PendingLabel label : labels) {
                var answer = read.get(label.image().orElseThrow().at());
                if (answer instanceof Outcome.Ok<Payload> ok) {
                    pending.remove(label);
                    join(label, label.image().orElseThrow(), ok.value());
                } else if (answer instanceof Outcome.Refused<Payload> refused) {
                    pending.remove(label);
                    refuse(label, refused.refusal());
                }
            }
            if (read.size() < labels.size()) {
                unanswered = true;
            }
        }
        if (pending.foundCount() > settings.maxWaiting()) {
            throw new KafkaException(pending.foundCount() + " labels wait for bytes from " + topics.images()
                    + ", which does not answer");
        }
    }

    private void join(PendingLabel label, ServedImage image, Payload bytes) {
        LabelledSample sample = label.sample();
        RecordHeaders headers = new RecordHeaders(label.headers());
        // From here on the label is like one that came with its bytes, also when it is refused later.
        DomainId domain = ContractHeaders.domain(headers) instanceof Outcome.Ok<DomainId> named
                        && ContractHeaders.last(headers, ContractHeaders.DOMAIN).isPresent()
                ? named.value()
                : image.domain();
        ContractHeaders.put(headers, ContractHeaders.DOMAIN, domain.value());
        ContractHeaders.remove(headers, ContractHeaders.CONTENT_TYPE);
        bytes.contentType().ifPresent(type -> ContractHeaders.put(headers, ContractHeaders.CONTENT_TYPE, type));
        telemetry.counter(Meter.LABELS_JOINED, domain.value()).increment();
        byte[] key = domain.value().getBytes(StandardCharsets.UTF_8);
        byte[] joined = codec.encodeSample(sample.withImage(bytes));
        Exit.JOINED.forward(context(), new Record<>(key, joined, clock.latestMillis(), headers));
    }

    private void refuse(PendingLabel label, Refusal refusal) {
        LabelledSample sample = label.sample();
        Exit.UNJOINED.forward(
                context(),
                refusals.letter(
                        sample.label(),
                        sample.labelTime().toEpochMilli(),
                        sample.imageId().value().getBytes(StandardCharsets.UTF_8),
                        label.nullValue() ? null : new byte[0],
                        label.headers(),
                        refusal,
                        clock.latestMillis()));
    }

    @Override
    public void close() {
        pending.close();
    }
}
