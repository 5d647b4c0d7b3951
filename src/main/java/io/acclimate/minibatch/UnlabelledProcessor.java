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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Takes a sample of what is served in each domain. In each interval those images count whose ids and places have the lowest hashes, so
 * each image is as likely as any other, and their bytes are read when the interval ends. They fill one mini-batch at most, in which the first is
 * alone if it is larger than that, as with labels. Intervals last a second at first and double later, up to an hour.
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

    private static final Duration BETWEEN_READS = Duration.ofMillis(50);
    private static final int IMAGES_PER_READ = 32;

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

    /** What is served in a domain: what the interval has chosen so far and how long it lasts, and what the one before it has left to read. */
    private static final class Interval {
        final NavigableMap<Long, Chosen> chosen = new TreeMap<>();
        Duration length = MiniBatchSettings.Sampling.FIRST_INTERVAL;
        long endMillis;
        long servedMillis;
        /** Images that were read, or are gone. Those that did not fit into a mini-batch count: to read them again costs as much. */
        int tried;

        /** Chosen by the interval before, and not read yet; in the order of their hashes. */
        final Deque<Chosen> wanted = new ArrayDeque<>();
        /** Of the same interval, read already. */
        final List<UnlabelledImage> taken = new ArrayList<>();

        long takenBytes;
        /** When these were chosen, or their read was not answered: those that wait for longest are next. */
        long waitsSinceMillis;

        private long read;
        private long readBytes;

        void choose(Chosen image, int most, long nowMillis) {
            servedMillis = nowMillis;
            if (chosen.isEmpty()) {
                // Where nothing was served for long, the first image would be an interval of its own.
                endMillis = Math.max(endMillis, nowMillis + MiniBatchSettings.Sampling.FIRST_INTERVAL.toMillis());
            }
            chosen.put(image.hash(), image);
            if (chosen.size() > most) {
                chosen.pollLastEntry();
            }
        }

        /** Begins the next interval when this one is over and what the one before it has chosen is read. */
        void passTo(long nowMillis) {
            boolean wentBack = endMillis - nowMillis > length.toMillis();
            if (chosen.isEmpty() || !wanted.isEmpty() || (nowMillis < endMillis && !wentBack)) {
                return;
            }
            wanted.addAll(chosen.values());
            waitsSinceMillis = nowMillis;
            chosen.clear();
            if (tried + wanted.size() >= MiniBatchSettings.Sampling.SOON) {
                Duration twice = length.multipliedBy(2);
                length = twice.compareTo(MiniBatchSettings.Sampling.LAST_INTERVAL) < 0
                        ? twice
                        : MiniBatchSettings.Sampling.LAST_INTERVAL;
            }
            endMillis = nowMillis + length.toMillis();
        }

        /** What to read next: no more than is likely to fit into the mini-batch, as far as the domain's images are known. */
        List<Chosen> next(int most, long maxBytes) {
            return wanted.stream()
                    .limit(Math.min(most, Math.max(1, likely(maxBytes))))
                    .toList();
        }

        private long likely(long maxBytes) {
            return readBytes == 0 ? Long.MAX_VALUE : (maxBytes - takenBytes) * read / readBytes;
        }

        /** Takes what was read of the next ones. Images that there is no answer about are left out, unless that is all of them. */
        void take(List<Chosen> next, Map<Coordinates, Outcome<Payload>> answers, long maxBytes, long nowMillis) {
            if (next.stream().noneMatch(each -> answers.containsKey(each.at()))) {
                waitsSinceMillis = nowMillis;
                return;
            }
            boolean full = false;
            for (Chosen each : next) {
                wanted.remove();
                Outcome<Payload> answer = answers.get(each.at());
                if (answer != null) {
                    tried++;
                }
                if (answer instanceof Outcome.Ok<Payload> ok) {
                    int size = ok.value().bytes().array().length;
                    read++;
                    readBytes += size;
                    if (taken.isEmpty() || takenBytes + size <= maxBytes) {
                        takenBytes += size;
                        taken.add(new UnlabelledImage(each.id(), ok.value(), each.at()));
                    } else {
                        full = true;
                    }
                }
            }
            if (full || (!taken.isEmpty() && likely(maxBytes) < 1)) {
                wanted.clear();
            }
        }

        /** What was taken, once there is nothing more to read. */
        List<UnlabelledImage> complete() {
            if (!wanted.isEmpty()) {
                return List.of();
            }
            List<UnlabelledImage> all = List.copyOf(taken);
            taken.clear();
            takenBytes = 0;
            return all;
        }

        boolean isIdle() {
            return chosen.isEmpty() && wanted.isEmpty();
        }
    }

    private record Chosen(ImageId id, Coordinates at) {
        /** The JDK's mixing: neighbouring offsets must not have neighbouring hashes. Not recorded anywhere, so it may change with the JDK. */
        long hash() {
            return new SplittableRandom(id.fnv1a() ^ (31L * at.partition() + at.offset())).nextLong();
        }
    }

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
        context.schedule(BETWEEN_READS, PunctuationType.WALL_CLOCK_TIME, this::read);
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
            intervals.put(image.domain(), interval);
        }
        Chosen chosen = new Chosen(new ImageId(new String(record.key(), StandardCharsets.UTF_8)), image.at());
        interval.choose(chosen, settings.unlabelled().images(), nowMillis);
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
        return interval.isIdle() && nowMillis - interval.servedMillis >= unserved.toMillis();
    }

    /**
     * Makes one read for all domains, of a bounded number of images. Labels are processed by the same thread: as long as images come slowly or not
     * at all, one read for each domain would hold them up for as many seconds.
     */
    private void read(long nowMillis) {
        intervals.values().forEach(each -> each.passTo(nowMillis));
        long maxBytes = settings.flush().maxBytes();
        Map<DomainId, List<Chosen>> next = new LinkedHashMap<>();
        Map<Coordinates, ImageId> wanted = new HashMap<>();
        intervals.entrySet().stream()
                .filter(each -> !each.getValue().wanted.isEmpty())
                .sorted(Comparator.comparingLong(each -> each.getValue().waitsSinceMillis))
                .forEachOrdered(each -> {
                    List<Chosen> images = each.getValue().next(IMAGES_PER_READ - wanted.size(), maxBytes);
                    if (!images.isEmpty()) {
                        next.put(each.getKey(), images);
                        images.forEach(image -> wanted.put(image.at(), image.id()));
                    }
                });
        if (wanted.isEmpty()) {
            return;
        }
        Map<Coordinates, Outcome<Payload>> answers = pixels.sample(wanted);
        next.forEach((domain, images) -> {
            Interval interval = intervals.get(domain);
            if (interval != null) {
                interval.take(images, answers, maxBytes, nowMillis);
                forward(domain, interval.complete(), nowMillis);
            }
        });
    }

    private void forward(DomainId domain, List<UnlabelledImage> images, long nowMillis) {
        if (images.isEmpty()) {
            return;
        }
        byte[] batch = codec.encode(MiniBatch.unlabelled(domain, 0, images, Instant.ofEpochMilli(nowMillis)));
        byte[] value = new byte[batch.length + 1];
        value[0] = MARK;
        System.arraycopy(batch, 0, value, 1, batch.length);
        context().forward(new Record<>(domain.value().getBytes(StandardCharsets.UTF_8), value, nowMillis));
    }
}
