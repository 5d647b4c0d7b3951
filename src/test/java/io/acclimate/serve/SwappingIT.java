package io.acclimate.serve;

import static io.acclimate.serve.ServeFixture.LIMIT;
import static io.acclimate.serve.ServeFixture.PARTITIONS;
import static io.acclimate.serve.ServeFixture.bytes;
import static io.acclimate.serve.ServeFixture.png;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.core.Prediction;
import io.acclimate.infer.BiasModel;
import io.acclimate.telemetry.Health;
import io.acclimate.telemetry.Meter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which version serving answers with while versions come. */
class SwappingIT {
    private final ServeFixture fixture = new ServeFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void servesTheActiveVersionFromItsFirstPrediction() throws Exception {
        fixture.activate(1);
        fixture.activate(2);
        fixture.send(new ProducerRecord<>(fixture.topics.images(), 0, bytes("first"), png(1)));
        fixture.flush();

        Serving serving = fixture.start(fixture.settings());

        Prediction first = fixture.prediction(0);
        assertThat(first.modelVersion()).isEqualTo(2);
        assertThat(first.best().label()).isEqualTo("two");
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(serving.liveSessions()).isEqualTo(1));
    }

    @Test
    void fault14AThousandSwapsUnderLoadLoseNothingAndLeaveNoMemoryBehind() throws Exception {
        int swaps = 1_000;
        long mostOutside = 0;
        Serving serving = fixture.start(fixture.settings());
        byte[] image = png(7);
        int sent = 0;
        for (int number = 1; number <= swaps; number++) {
            for (int i = 0; i < 20; i++) {
                fixture.send(new ProducerRecord<>(
                        fixture.topics.images(), sent % PARTITIONS, bytes("image-" + sent++), image));
            }
            fixture.activate(number);
            long want = number;
            // Images keep coming while this version is built, warmed up and swapped in.
            while (fixture.telemetry.total(Meter.ACTIVE_VERSION, "default") < want) {
                fixture.send(new ProducerRecord<>(
                        fixture.topics.images(), sent % PARTITIONS, bytes("image-" + sent++), image));
                fixture.flush();
            }
            if (number == swaps / 5) {
                mostOutside = residentOutsideTheHeap() + resident() / 10;
            }
        }
        assertThat(residentOutsideTheHeap()).isLessThan(mostOutside);
        fixture.flush();

        List<ConsumerRecord<byte[], byte[]>> records = fixture.read(fixture.topics.predictions(), sent);
        Map<Integer, Long> next = new HashMap<>();
        long last = 0;
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Prediction prediction = fixture.prediction(record);
            assertThat(prediction.input().offset()).isEqualTo(next.merge(record.partition(), 1L, Long::sum) - 1);
            assertThat(prediction.best().classIndex()).isEqualTo((int) (prediction.modelVersion() % BiasModel.CLASSES));
            last = Math.max(last, prediction.modelVersion());
        }
        assertThat(records).hasSize(sent);
        assertThat(last).isGreaterThan(swaps / 2);
        assertThat(fixture.telemetry.total(Meter.SWAP_TIME)).isEqualTo(swaps);
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(serving.liveSessions()).isEqualTo(1));
        assertThat(fixture.telemetry.total(Meter.LABEL_TO_SERVED)).isPositive();
        serving.close();
        assertThat(serving.liveSessions()).isZero();
    }

    @Test
    void keepsTheOldVersionWhenTheNewOneGivesNoNumbers() throws Exception {
        Serving serving = fixture.start(fixture.settings());
        fixture.activate(1);
        await().atMost(LIMIT).until(() -> fixture.telemetry.total(Meter.ACTIVE_VERSION, "default") == 1);

        fixture.publish(2, BiasModel.nan());

        await().atMost(LIMIT).until(() -> fixture.telemetry.total(Meter.ACTIVATIONS_REFUSED) == 1);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(serving.check())
                .isInstanceOfSatisfying(Health.Ready.class, ready -> assertThat(ready.remarks())
                        .singleElement()
                        .asString()
                        .contains("refused")));
        fixture.send(new ProducerRecord<>(fixture.topics.images(), 0, bytes("after"), png(1)));
        fixture.flush();
        assertThat(fixture.prediction(0).modelVersion()).isEqualTo(1);
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(serving.liveSessions()).isEqualTo(1));
    }

    /** Bytes of the process in memory. */
    private static long resident() throws IOException {
        String status = Files.readString(Path.of("/proc/self/status"));
        return Long.parseLong(status.replaceAll("(?s).*VmRSS:\\s+(\\d+) kB.*", "$1")) << 10;
    }

    /** Anonymous bytes in memory beyond the first 4 GiB of addresses, where a heap this small lies: sessions are among them. */
    private static long residentOutsideTheHeap() throws IOException {
        long bytes = 0;
        boolean outside = false;
        for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
            if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
                outside = line.indexOf('-') > 8;
            } else if (outside && line.startsWith("Anonymous:")) {
                bytes += Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        return bytes;
    }
}
