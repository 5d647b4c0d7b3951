package io.acclimate.web;

import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.AdaptationEvent.Activated;
import io.acclimate.core.AdaptationEvent.Trained;
import io.acclimate.core.Bytes;
import io.acclimate.core.DomainId;
import io.acclimate.core.Prediction;
import io.acclimate.web.LiveView.Card;
import io.acclimate.web.LiveView.Image;
import io.acclimate.web.LiveView.Status;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Holds what the live page shows, bounded and in memory. Every item gets the next sequence number, so that a reader can ask for the
 * items after the last one it saw. A new reader gets a snapshot. Any thread may write and read. This object's monitor guards all
 * state and is held only for short copies.
 *
 * <p>The image strip shows at most one picture every 150 ms, because nobody sees more. It shows a prediction without a picture only
 * if there was none for 2 s. All predictions are counted.
 */
public final class LiveFeed {
    private static final int MAX_CARDS = 200;
    private static final int MAX_IMAGES = 24;
    /** Domains come from headers, so their number is not bounded. The page shows the active versions of this many. */
    private static final int MAX_DOMAINS = 50;

    private static final int MAX_IMAGE_BYTES = 64 * 1024;
    /** The characters of a text that the page shows. */
    private static final int MAX_TEXT = 120;

    private static final Duration IMAGE_INTERVAL = Duration.ofMillis(150);
    private static final Duration BLANK_INTERVAL = Duration.ofSeconds(2);

    /** The time that is shown with an item. */
    private final Clock clock;
    /** Monotonic time in nanoseconds, for the interval between two pictures. */
    private final LongSupplier nanos;

    private final Timeline accuracy = new Timeline();
    private final Timeline shadow = new Timeline();
    private final Timeline throughput = new Timeline();
    private final Deque<Card> cards = new ArrayDeque<>();
    private final Deque<Image> images = new ArrayDeque<>();
    private final Map<String, Long> active = new TreeMap<>();
    /** In shadow mode, the versions that would serve otherwise. */
    private final Map<String, Long> shadowed = new TreeMap<>();

    private long sequence;
    private long predictions;
    private long trainedSamples;
    /** The monotonic time of the last picture; empty before the first. */
    private OptionalLong lastImage = OptionalLong.empty();

    public LiveFeed() {
        this(Clock.systemUTC(), System::nanoTime);
    }

    LiveFeed(Clock clock, LongSupplier nanos) {
        this.clock = clock;
        this.nanos = nanos;
    }

    /**
     * Counts a prediction, and shows it if the pace allows.
     *
     * @param picture the record's value, if it is available; PNG, JPEG, GIF, BMP and text are shown
     * @param truth the label, if it is known
     */
    public synchronized void prediction(Prediction prediction, Optional<Bytes> picture, Optional<String> truth) {
        predictions++;
        note(active, prediction.domain(), prediction.modelVersion());
        String url = picture.filter(bytes -> bytes.size() <= MAX_IMAGE_BYTES)
                .map(LiveFeed::dataUrl)
                .orElse("");
        String text = url.isEmpty() ? picture.map(LiveFeed::text).orElse("") : "";
        long now = nanos.getAsLong();
        Duration interval = url.isEmpty() && text.isEmpty() ? BLANK_INTERVAL : IMAGE_INTERVAL;
        if (lastImage.isPresent() && now - lastImage.getAsLong() < interval.toNanos()) {
            return;
        }
        lastImage = OptionalLong.of(now);
        add(
                images,
                MAX_IMAGES,
                new Image(
                        ++sequence,
                        prediction.eventTime().toEpochMilli(),
                        prediction.imageId().value(),
                        prediction.domain().value(),
                        prediction.best().label(),
                        prediction.best().confidence(),
                        prediction.modelVersion(),
                        truth.orElse(""),
                        url,
                        text));
    }

    /** Adds accuracies over the same recent labelled samples. An empty one is not known yet. */
    public synchronized void accuracy(Instant at, OptionalDouble adapted, OptionalDouble source) {
        accuracy.add(++sequence, at, adapted.orElse(Double.NaN), source.orElse(Double.NaN));
    }

    /** Adds the accuracy, in shadow mode, of the version that would serve otherwise. */
    public synchronized void shadow(Instant at, double accuracy) {
        shadow.add(++sequence, at, accuracy);
    }

    /** Adds rates since the last call. The latencies are from image record to prediction, and NaN if there was no prediction. */
    public synchronized void throughput(Instant at, double imagesPerSecond, double p50Millis, double p99Millis) {
        throughput.add(++sequence, at, imagesPerSecond, p50Millis, p99Millis);
    }

    public synchronized void event(AdaptationEvent event) {
        if (event instanceof Trained trained) {
            trainedSamples += trained.samples() - (long) trained.holdout();
            trained.shadow().ifPresent(each -> note(shadowed, trained.domain(), each.version()));
        }
        if (event instanceof Activated activated) {
            note(active, activated.domain(), activated.activation().version().number());
        }
        Optional<Card> card = Card.of(sequence + 1, event);
        if (card.isPresent()) {
            sequence++;
            add(cards, MAX_CARDS, card.get());
        }
    }

    private static void note(Map<String, Long> versions, DomainId domain, long version) {
        if (versions.size() < MAX_DOMAINS || versions.containsKey(domain.value())) {
            versions.put(domain.value(), version);
        }
    }

    /** Returns everything that is kept. */
    LiveView snapshot() {
        return after(0);
    }

    /** Returns the items after the one with this sequence number. */
    synchronized LiveView after(long cursor) {
        return new LiveView(
                sequence,
                accuracy.after(cursor),
                shadow.after(cursor),
                throughput.after(cursor),
                cards.stream().filter(card -> card.seq() > cursor).toList(),
                images.stream().filter(image -> image.seq() > cursor).toList(),
                new Status(clock.millis(), predictions, trainedSamples, Map.copyOf(active), Map.copyOf(shadowed)));
    }

    private static <T> void add(Deque<T> queue, int limit, T item) {
        queue.addLast(item);
        if (queue.size() > limit) {
            queue.removeFirst();
        }
    }

    private static String dataUrl(Bytes bytes) {
        byte[] array = bytes.array();
        Optional<String> type = pictureType(array);
        return type.map(t -> "data:" + t + ";base64," + Base64.getEncoder().encodeToString(array))
                .orElse("");
    }

    /** The beginning of a text; empty for values that are no text in UTF-8 or have control characters, as tensors do. */
    private static String text(Bytes bytes) {
        try {
            String all =
                    StandardCharsets.UTF_8.newDecoder().decode(bytes.buffer()).toString();
            if (all.codePoints().anyMatch(c -> Character.isISOControl(c) && !Character.isWhitespace(c))) {
                return "";
            }
            int end = all.offsetByCodePoints(0, Math.min(MAX_TEXT, all.codePointCount(0, all.length())));
            return end < all.length() ? all.substring(0, end) + "…" : all;
        } catch (CharacterCodingException e) {
            return "";
        }
    }

    private static Optional<String> pictureType(byte[] array) {
        record Magic(String type, List<Integer> bytes) {}
        List<Magic> known = List.of(
                new Magic("image/png", List.of(0x89, 0x50, 0x4e, 0x47)),
                new Magic("image/jpeg", List.of(0xff, 0xd8)),
                new Magic("image/gif", List.of(0x47, 0x49, 0x46)),
                new Magic("image/bmp", List.of(0x42, 0x4d)));
        for (Magic magic : known) {
            byte[] start = Arrays.copyOf(array, magic.bytes.size());
            boolean same = true;
            for (int i = 0; i < start.length; i++) {
                same &= (start[i] & 0xff) == magic.bytes.get(i);
            }
            if (same) {
                return Optional.of(magic.type);
            }
        }
        return Optional.empty();
    }
}
