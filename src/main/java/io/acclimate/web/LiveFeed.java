package io.acclimate.web;

import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.AdaptationEvent.Activated;
import io.acclimate.core.AdaptationEvent.Controlled;
import io.acclimate.core.AdaptationEvent.Trained;
import io.acclimate.core.Bytes;
import io.acclimate.core.DomainId;
import io.acclimate.core.Prediction;
import io.acclimate.web.LiveView.Card;
import io.acclimate.web.LiveView.Image;
import io.acclimate.web.LiveView.Status;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SortedSet;
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

    private final Boards boards = new Boards();
    private final DeadLetterShelf deadLetters = new DeadLetterShelf();
    private volatile Lags lags = Lags.UNKNOWN;
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
        Preview preview = Preview.of(picture);
        long now = nanos.getAsLong();
        Duration interval = preview.isEmpty() ? BLANK_INTERVAL : IMAGE_INTERVAL;
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
                        preview.url(),
                        preview.text()));
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
            trained.shadow()
                    .ifPresentOrElse(
                            each -> note(shadowed, trained.domain(), each.version()),
                            () -> shadowed.remove(trained.domain().value()));
        }
        if (event instanceof Activated activated) {
            note(active, activated.domain(), activated.activation().version().number());
        }
        if (event instanceof Controlled controlled && controlled.retires()) {
            active.remove(event.domain().value());
            shadowed.remove(event.domain().value());
        }
        boards.event(++sequence, event);
        Card.of(sequence, event).ifPresent(card -> add(cards, MAX_CARDS, card));
    }

    /** The domains with events that are kept, and those whose images were predicted, of which as many are kept as there are active versions. */
    SortedSet<DomainId> domains() {
        SortedSet<DomainId> all = boards.domains();
        synchronized (this) {
            active.keySet().forEach(domain -> all.add(new DomainId(domain)));
        }
        return all;
    }

    /** Shows a record that could not be processed. */
    public void deadLetter(RefusedRecord record) {
        deadLetters.add(record);
    }

    /**
     * Shows how far each stage is behind, until the next call.
     *
     * @param unknown why some of it is not known, or empty
     */
    public void lags(List<Lags.Stage> stages, String unknown) {
        lags = new Lags(clock.instant(), stages, unknown);
    }

    /** Events before the first that comes are not known: a domain without one may have had some. */
    public void historyIsCut() {
        boards.historyIsCut();
    }

    Boards boards() {
        return boards;
    }

    DeadLetterShelf deadLetters() {
        return deadLetters;
    }

    Lags lags() {
        return lags;
    }

    private static void note(Map<String, Long> versions, DomainId domain, long version) {
        if (versions.size() < MAX_DOMAINS || versions.containsKey(domain.value())) {
            versions.put(domain.value(), version);
        }
    }

    /** Returns everything that is kept, of all domains together. */
    LiveView snapshot() {
        return after(0, Optional.empty());
    }

    /** Returns the items after the one with this sequence number, of all domains together. */
    LiveView after(long cursor) {
        return after(cursor, Optional.empty());
    }

    /**
     * Returns the items after the one with this sequence number.
     *
     * @param of the domain whose accuracies, cards and images are wanted; the rest is of all domains
     */
    synchronized LiveView after(long cursor, Optional<DomainId> of) {
        Optional<Boards.Curve> curve = of.map(domain -> boards.curve(domain, cursor));
        return new LiveView(
                sequence,
                curve.map(Boards.Curve::accuracy).orElseGet(() -> accuracy.after(cursor)),
                curve.map(Boards.Curve::shadow).orElseGet(() -> shadow.after(cursor)),
                throughput.after(cursor),
                curve.map(Boards.Curve::cards).orElseGet(() -> cards.stream()
                        .filter(card -> card.seq() > cursor)
                        .toList()),
                images.stream()
                        .filter(image -> image.seq() > cursor)
                        .filter(image ->
                                of.isEmpty() || image.domain().equals(of.get().value()))
                        .toList(),
                new Status(clock.millis(), predictions, trainedSamples, Map.copyOf(active), Map.copyOf(shadowed)));
    }

    private static <T> void add(Deque<T> queue, int limit, T item) {
        queue.addLast(item);
        if (queue.size() > limit) {
            queue.removeFirst();
        }
    }
}
