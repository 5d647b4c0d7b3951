package io.acclimate.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.ClassScore;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DomainId;
import io.acclimate.core.ImageId;
import io.acclimate.core.Prediction;
import io.acclimate.wire.Encoding;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class PredictionHeadersGoldenTest {
    @Test
    void aPredictionHasTheseHeaders() {
        RecordHeaders given = new RecordHeaders();
        given.add("domain", utf8("site-1"));
        given.add("traceparent", utf8("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
        given.add("anything", utf8("else"));
        ConsumerRecord<byte[], byte[]> image = new ConsumerRecord<>(
                "images", 2, 99, 0, TimestampType.CREATE_TIME, 3, 3, utf8("img"), utf8("png"), given, Optional.empty());
        Prediction prediction = new Prediction(
                new ImageId("img"),
                new DomainId("site-1"),
                List.of(new ClassScore(0, "cat", 1)),
                0,
                new Coordinates("images", 2, 99),
                Instant.EPOCH,
                Duration.ZERO);

        ProducerRecord<byte[], byte[]> record =
                new PredictionRecords("predictions", Encoding.JSON).record(image, prediction);

        assertThat(StreamSupport.stream(record.headers().spliterator(), false)
                        .map(each -> each.key() + ": " + new String(each.value(), StandardCharsets.UTF_8)))
                .as("consumers and routers select predictions by these CloudEvents headers")
                .containsExactly(
                        "ce_id: images-2-99",
                        "ce_source: /acclimate/serve",
                        "ce_type: io.acclimate.prediction.v1",
                        "ce_specversion: 1.0",
                        "content-type: application/json",
                        "domain: site-1",
                        "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        assertThat(record.partition()).as("a prediction follows its image").isEqualTo(2);
        assertThat(record.key()).isEqualTo(utf8("img"));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
