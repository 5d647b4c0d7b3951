package io.acclimate.minibatch;

import io.acclimate.core.Coordinates;
import io.acclimate.core.DomainId;
import io.acclimate.core.ImageId;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.MiniBatch.UnlabelledImage;
import io.acclimate.core.Outcome;
import io.acclimate.core.Payload;
import io.acclimate.minibatch.state.ServedImage;
import io.acclimate.wire.MiniBatchCodec;
import io.acclimate.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Takes a sample of what is served in each domain. In each interval those images count whose ids and places have the lowest hashes, so
 * each image is as likely as any other, and their bytes are read when the interval ends. Intervals last a second at first and double
 * later, up to an hour.
 *
 * <p>What is chosen is held in memory until it is read, so a restart loses it and begins with short intervals again. That changes which images are
 * taken and nothing else: an image that is taken is in one record of mini-batches, which is all that training and a rebuild know of.
 * Rejected: a store for them, since an image of an interval is worth no more than one of the next. Called by the task's stream thread
 * only.
 */
final class UnlabelledProcessor extends ContextualProcessor<byte[], byte[], byte[], byte @Nullable []> {
    /** A value that begins so is a mini-batch of images without labels: no message of a sample begins with this byte. */
    static final byte MARK = 0;

    /** Domains of a task whose images are taken, unless domains are listed. */
    static final int MOST_DOMAINS = 32;

    private final MiniBatchSettings settings;
    private final Topics topics;
    private final PixelSource pixels;
    private final MiniBatchCodec codec = new MiniBatchCodec();
    private final Map<DomainId, Interval> intervals = new TreeMap<>();

    UnlabelledProcessor(MiniBatchSettings settings, Topics topics, PixelSource pixels) {
        this.settings = settings;
        this.topics = topics;
        this.pixels = pixels;
    }

    /** What one interval of a domain has chosen so far, and how long it lasts. */
    private static final class Interval {
        final NavigableMap<Long, Chosen> chosen = new TreeMap<>();
        Duration length = MiniBatchSettings.Sampling.FIRST_INTERVAL;
        long endMillis;
        long servedMillis;
        /** Images that were read, or are gone. Those that did not fit into a mini-batch count: to read them again costs as much. */
        int tried;

        void end(long nowMillis, int images) {
            chosen.clear();
            tried += images;
            if (tried >= MiniBatchSettings.Sampling.SOON) {
                Duration twice = length.multipliedBy(2);
                length = twice.compareTo(MiniBatchSettings.Sampling.LAST_INTERVAL) < 0
                        ? twice
                        : MiniBatchSettings.Sampling.LAST_INTERVAL;
            }
            endMillis = nowMillis + length.toMillis();
        }
    }

    private record Chosen(ImageId id, Coordinates at) {}

    static boolean isUnlabelled(byte[] value) {
        return value.length > 0 && value[0] == MARK;
    }

    static MiniBatch parse(byte[] value) {
        byte[] batch = new byte[value.length - 1];
        System.arraycopy(value, 1, batch, 0, batch.length);
        return new MiniBatchCodec().decode(batch);
    }

    @Override
    public void init(ProcessorContext<byte[], byte @Nullable []> context) {
        super.init(context);
        intervals.clear();
        context.schedule(
                MiniBatchSettings.Sampling.FIRST_INTERVAL, PunctuationType.WALL_CLOCK_TIME, this::endIntervals);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        ServedImage image = ServedImage.parse(topics.images(), record.value());
        long nowMillis = context().currentSystemTimeMs();
        Interval interval = intervals.get(image.domain());
        if (interval == null) {
            if (!isTaken(image.domain(), nowMillis)) {
                return;
            }
            interval = new Interval();
            interval.endMillis = nowMillis + interval.length.toMillis();
            intervals.put(image.domain(), interval);
        }
        interval.servedMillis = nowMillis;
        interval.chosen.put(
                hash(record.key(), image.at()),
                new Chosen(new ImageId(new String(record.key(), StandardCharsets.UTF_8)), image.at()));
        if (interval.chosen.size() > settings.unlabelled().images()) {
            interval.chosen.pollLastEntry();
        }
    }

    /** Anyone who may write images can make up domains, and each costs memory in adapt. */
    private boolean isTaken(DomainId domain, long nowMillis) {
        DomainLimits limits = settings.limits().domains();
        if (!limits.listed().isEmpty()) {
            return limits.listed().contains(domain);
        }
        int places = Math.min(limits.places(), MOST_DOMAINS);
        if (intervals.size() >= places) {
            intervals.values().removeIf(each -> givesUpItsPlace(each, limits, nowMillis));
        }
        return intervals.size() < places;
    }

    /** As with labels, a domain that has had few images keeps its place for a shorter time, so that made-up names do not keep theirs. */
    private static boolean givesUpItsPlace(Interval interval, DomainLimits limits, long nowMillis) {
        Duration unserved = interval.tried < limits.settledLabels() ? limits.probation() : limits.idle();
        return interval.chosen.isEmpty() && nowMillis - interval.servedMillis >= unserved.toMillis();
    }

    private void endIntervals(long nowMillis) {
        intervals.forEach((domain, interval) -> {
            boolean wentBack = interval.endMillis - nowMillis > interval.length.toMillis();
            if (!interval.chosen.isEmpty() && (nowMillis >= interval.endMillis || wentBack)) {
                interval.end(nowMillis, forward(domain, List.copyOf(interval.chosen.values()), nowMillis));
            }
        });
    }

    /**
     * Forwards those images that could be read and that fit into a mini-batch together, or the first alone if it is larger than that, as with
     * labels. Answers how many of the chosen there is an answer about.
     */
    private int forward(DomainId domain, List<Chosen> chosen, long nowMillis) {
        Map<Coordinates, ImageId> wanted = new HashMap<>();
        chosen.forEach(each -> wanted.put(each.at(), each.id()));
        Map<Coordinates, Outcome<Payload>> read = pixels.read(wanted);
        List<UnlabelledImage> images = new ArrayList<>();
        long bytes = 0;
        for (Chosen each : chosen) {
            if (read.get(each.at()) instanceof Outcome.Ok<Payload> ok) {
                long size = ok.value().bytes().array().length;
                if (images.isEmpty() || bytes + size <= settings.flush().maxBytes()) {
                    bytes += size;
                    images.add(new UnlabelledImage(each.id(), ok.value(), each.at()));
                }
            }
        }
        if (!images.isEmpty()) {
            byte[] batch = codec.encode(MiniBatch.unlabelled(domain, 0, images, Instant.ofEpochMilli(nowMillis)));
            byte[] value = new byte[batch.length + 1];
            value[0] = MARK;
            System.arraycopy(batch, 0, value, 1, batch.length);
            context().forward(new Record<>(domain.value().getBytes(StandardCharsets.UTF_8), value, nowMillis));
        }
        return read.size();
    }

    /** FNV-1a, mixed: neighbouring offsets must not have neighbouring hashes. */
    private static long hash(byte[] id, Coordinates at) {
        long hash = 0xcbf29ce484222325L;
        for (byte each : id) {
            hash = (hash ^ (each & 0xff)) * 0x100000001b3L;
        }
        hash = (hash ^ (31L * at.partition() + at.offset())) * 0x9e3779b97f4a7c15L;
        hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
        return hash ^ (hash >>> 31);
    }
}
