package io.acclimate.app.watch;

import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.Bytes;
import io.acclimate.core.Coordinates;
import io.acclimate.core.Outcome;
import io.acclimate.core.Prediction;
import io.acclimate.telemetry.PrequentialWindow;
import io.acclimate.web.LiveFeed;
import io.acclimate.web.RefusedRecord;
import io.acclimate.wire.ContractHeaders;
import io.acclimate.wire.DeadLetters;
import io.acclimate.wire.DeadLetters.DeadLetter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Turns the output of the service into the lines of the live page: prequential accuracies over the last labelled samples, and
 * throughput and latency once per second. Only the thread of the feed calls it.
 */
public final class LiveWatcher implements FeedFollower.Watcher {
    private final LiveFeed feed;
    private final Function<Prediction, Optional<String>> truth;
    private final PrequentialWindow window = new PrequentialWindow();
    private final List<Double> latencies = new ArrayList<>();
    private long since = System.nanoTime();

    public LiveWatcher(LiveFeed feed, Function<Prediction, Optional<String>> truth) {
        this.feed = feed;
        this.truth = truth;
    }

    @Override
    public void prediction(Prediction prediction, Optional<Bytes> picture) {
        feed.prediction(prediction, picture, truth.apply(prediction));
        latencies.add(prediction.took().toNanos() / 1e6);
    }

    @Override
    public void historyIsCut() {
        feed.historyIsCut();
    }

    @Override
    public void event(AdaptationEvent event) {
        feed.event(event);
        if (event instanceof AdaptationEvent.Trained trained) {
            window.add(trained);
            feed.accuracy(trained.at(), OptionalDouble.of(window.active()), OptionalDouble.of(window.source()));
            if (trained.shadow().isPresent()) {
                feed.shadow(trained.at(), window.shadow());
            }
        }
    }

    @Override
    public void deadLetter(ConsumerRecord<byte[], byte[]> record) {
        if (DeadLetters.parse(record) instanceof Outcome.Ok<DeadLetter> ok) {
            DeadLetter letter = ok.value();
            feed.deadLetter(new RefusedRecord(
                    letter.timestamp(),
                    new Coordinates(record.topic(), record.partition(), record.offset()),
                    letter.input(),
                    letter.stage(),
                    letter.reason().name(),
                    letter.message(),
                    text(record.key()),
                    domain(record),
                    Optional.ofNullable(record.value()).map(Bytes::wrap)));
        }
    }

    private static String domain(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(ContractHeaders.DOMAIN);
        return header == null ? "" : text(header.value());
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public void tick() {
        long now = System.nanoTime();
        double seconds = (now - since) / 1e9;
        if (seconds < 1) {
            return;
        }
        Collections.sort(latencies);
        int count = latencies.size();
        feed.throughput(
                Instant.now(),
                count / seconds,
                count == 0 ? Double.NaN : latencies.get(count / 2),
                count == 0 ? Double.NaN : latencies.get((int) (count * 0.99)));
        latencies.clear();
        since = now;
    }
}
