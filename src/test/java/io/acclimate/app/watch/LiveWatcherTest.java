package io.acclimate.app.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.ClassScore;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.DomainId;
import io.acclimate.core.ImageId;
import io.acclimate.core.Prediction;
import io.acclimate.core.Refusal;
import io.acclimate.web.LiveFeed;
import io.acclimate.web.SeenFeed;
import io.acclimate.wire.DeadLetters;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class LiveWatcherTest {
    private static final Instant AT = Instant.ofEpochMilli(1_000);

    private final LiveFeed feed = new LiveFeed();
    private final SeenFeed seen = new SeenFeed(feed);
    private final LiveWatcher watcher = new LiveWatcher(feed, prediction -> Optional.of("Bag"));

    private static AdaptationEvent.Trained trained(int samples, int active, int source) {
        return new AdaptationEvent.Trained(
                DomainId.DEFAULT, AT, 1, samples, 0, 3, active, source, 1, 0, Map.of("total", 0.5));
    }

    private List<Double> lastAccuracy() {
        List<List<Double>> all = seen.accuracy();
        return all.get(all.size() - 1);
    }

    @Test
    void accuracyIsOverTheSamplesOfAllRecentMiniBatches() {
        watcher.event(trained(30, 15, 3));
        watcher.event(trained(10, 5, 5));

        assertThat(lastAccuracy()).containsExactly(1_000.0, 0.5, 0.2);
    }

    @Test
    void miniBatchesThatTheWindowNoLongerNeedsAreForgotten() {
        watcher.event(trained(10_000, 0, 0));

        watcher.event(trained(10_000, 10_000, 5_000));

        assertThat(lastAccuracy()).containsExactly(1_000.0, 1.0, 0.5);
    }

    @Test
    void oneMiniBatchIsKeptHoweverLargeItIs() {
        watcher.event(trained(10_000, 2_500, 0));

        assertThat(lastAccuracy()).containsExactly(1_000.0, 0.25, 0.0);
    }

    @Test
    void otherEventsAreShownAndLeaveTheAccuracyAlone() {
        watcher.event(new AdaptationEvent.Controlled(DomainId.DEFAULT, AT, "id", "pause", true, "paused"));

        assertThat(seen.cards()).isEqualTo(1);
        assertThat(seen.accuracy()).isEmpty();
    }

    @Test
    void predictionsAreCounted() {
        watcher.prediction(
                new Prediction(
                        new ImageId("img-1"),
                        DomainId.DEFAULT,
                        List.of(new ClassScore(8, "Bag", 0.9f)),
                        3,
                        new Coordinates("images", 0, 0),
                        AT,
                        Duration.ofMillis(5)),
                Optional.empty());

        assertThat(seen.predictions()).isEqualTo(1);
    }

    @Test
    void aDeadLetterIsShownWithItsReasonAndPlace() {
        RecordHeaders headers = new RecordHeaders();
        headers.add("domain", "night".getBytes(StandardCharsets.UTF_8));
        ConsumerRecord<byte[], byte[]> input = new ConsumerRecord<>(
                "labels",
                2,
                7,
                1_000,
                TimestampType.CREATE_TIME,
                1,
                1,
                new byte[] {'k'},
                new byte[] {'v'},
                headers,
                Optional.empty());
        ProducerRecord<byte[], byte[]> stored = DeadLetters.record(
                "dead-letters", input, new Refusal(DeadLetterReason.UNKNOWN_CLASS, "no such class"), "minibatch");

        watcher.deadLetter(new ConsumerRecord<>(
                "dead-letters",
                0,
                0,
                0,
                TimestampType.CREATE_TIME,
                1,
                1,
                stored.key(),
                stored.value(),
                stored.headers(),
                Optional.empty()));

        assertThat(seen.deadLetters())
                .contains("UNKNOWN_CLASS", "no such class", "offset=7", "domain=night", "key=k", "text=v");
    }
}
