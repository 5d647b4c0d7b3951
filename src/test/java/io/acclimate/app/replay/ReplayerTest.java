package io.acclimate.app.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.acclimate.core.DomainId;
import io.acclimate.core.Outcome;
import io.acclimate.dataset.Bundled;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.dataset.Png;
import io.acclimate.wire.ContractHeaders;
import io.acclimate.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class ReplayerTest {
    private final LabelledImages data = Bundled.sourceReplay();
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final ByHand pace = new ByHand();

    @Test
    void imagesKeepTheRateAndLabelsTheDelay() throws InterruptedException {
        ReplaySettings settings = new ReplaySettings(
                new DomainId("cam-1"),
                "image-",
                10,
                10,
                new LabelSettings(1, Duration.ofMillis(250), 0, LabelSettings.Content.BYTES),
                1);
        List<String> order = new ArrayList<>();
        Replayer.Result result =
                replayer(settings).run((images, labels) -> order.add(images + "/" + labels + "@" + pace.millis()));
        assertThat(result).isEqualTo(new Replayer.Result(10, 10, 0));
        assertThat(order)
                .startsWith("1/0@0", "2/0@100", "3/0@200", "3/1@250", "4/1@300")
                .endsWith("10/10@1150");
        ProducerRecord<byte[], byte[]> label = sent(Topics.DEFAULT.labels()).get(3);
        assertThat(new String(label.key(), StandardCharsets.UTF_8)).isEqualTo("image-3");
        assertThat(label.value()).isEqualTo(Png.encode(data.pixels(3)));
        assertThat(ContractHeaders.label(label.headers()))
                .isEqualTo(Outcome.ok(data.classNames().name(data.label(3))));
        assertThat(ContractHeaders.domain(label.headers())).isEqualTo(Outcome.ok(new DomainId("cam-1")));
    }

    @Test
    void labelsWithTheirIdAloneHaveNoValue() throws InterruptedException {
        replayer(ReplaySettings.unpaced(2, 1)
                        .withLabels(new LabelSettings(1, Duration.ZERO, 0, LabelSettings.Content.ID)))
                .run((images, labels) -> {});
        assertThat(sent(Topics.DEFAULT.images()))
                .allSatisfy(image -> assertThat(image.value()).isNotEmpty());
        assertThat(sent(Topics.DEFAULT.labels())).hasSize(2).allSatisfy(label -> assertThat(label.value())
                .isNull());
    }

    @Test
    void labelsAreThinnedAndSpoiltByTheirSharesAndTheSeedAlone() throws InterruptedException {
        ReplaySettings settings = ReplaySettings.unpaced(3000, 7)
                .withLabels(new LabelSettings(0.3, Duration.ZERO, 0.4, LabelSettings.Content.BYTES));
        Replayer.Result result = replayer(settings).run((images, labels) -> {});
        assertThat(result.images()).isEqualTo(3000);
        assertThat(result.labels() / 3000.0).isCloseTo(0.3, within(0.04));
        assertThat((double) result.wrongLabels() / result.labels()).isCloseTo(0.4, within(0.06));
        producer.clear();
        assertThat(replayer(settings).run((images, labels) -> {})).isEqualTo(result);
    }

    @Test
    void aRefusedRecordStopsTheReplay() {
        producer.sendException = new RecordTooLargeException("too large");
        assertThatThrownBy(() -> replayer(ReplaySettings.unpaced(5, 1)).run((images, labels) -> {}))
                .isInstanceOf(KafkaException.class);
    }

    private Replayer replayer(ReplaySettings settings) {
        return new Replayer(producer, Topics.DEFAULT, data, settings, pace);
    }

    private List<ProducerRecord<byte[], byte[]>> sent(String topic) {
        return producer.history().stream()
                .filter(record -> record.topic().equals(topic))
                .toList();
    }

    private static final class ByHand implements Replayer.Pace {
        private long nanos;

        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public void pause(Duration time) {
            nanos += time.toNanos();
        }

        long millis() {
            return nanos / 1_000_000;
        }
    }
}
