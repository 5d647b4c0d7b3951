package io.acclimate.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KafkaMetersTest {
    private static final String LAG = "kafka.consumer.fetch.manager.records.lag";

    private static Set<String> published(KafkaMeters choice) {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        registry.config().meterFilter(choice.filter());
        for (String name : List.of(LAG, LAG + ".max", "kafka.producer.record.send.total", "acclimate.predictions")) {
            Gauge.builder(name, () -> 1).register(registry);
        }
        Set<String> names = new TreeSet<>();
        registry.getMeters().forEach(meter -> names.add(meter.getId().getName()));
        return names;
    }

    @Test
    void choiceIsAboutMetersOfKafkaAlone() {
        assertThat(published(KafkaMeters.NONE)).containsExactly("acclimate.predictions");
        assertThat(published(KafkaMeters.LAG)).containsExactly("acclimate.predictions", LAG);
        assertThat(published(KafkaMeters.ALL)).hasSize(4);
    }

    @Test
    void dashboardsAndAlertsUseNoMeterOfKafkaButTheLag() throws IOException {
        Set<String> used = new TreeSet<>();
        for (String file : List.of(
                "prometheus/alerts.yml",
                "grafana/dashboards/adaptation.json",
                "grafana/dashboards/domains.json",
                "grafana/dashboards/serving.json")) {
            Matcher matcher = Pattern.compile("\\bkafka_[a-z_]+").matcher(Files.readString(Path.of("ops", file)));
            while (matcher.find()) {
                used.add(matcher.group());
            }
        }
        assertThat(used).containsExactly(LAG.replace('.', '_'));
    }

    /** A consumer without partitions has no lag, but a hundred other meters. */
    @ParameterizedTest
    @EnumSource
    void clientsThatReadNothingAddNoSeriesUnlessAllAreAskedFor(KafkaMeters choice) {
        Map<String, Object> client = Map.of("bootstrap.servers", "127.0.0.1:1");
        try (Telemetry telemetry = Telemetry.prometheus(choice, Optional.empty(), Traces.none());
                KafkaConsumer<byte[], byte[]> consumer =
                        new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer());
                KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer());
                KafkaBinding ofConsumer = telemetry.bindKafka(consumer, "serve");
                KafkaBinding ofProducer = telemetry.bindKafka(producer, "serve")) {
            assertThat(ofConsumer).isNotSameAs(ofProducer);
            long series = telemetry
                    .scrape()
                    .lines()
                    .filter(line -> line.startsWith("kafka_"))
                    .count();

            if (choice == KafkaMeters.ALL) {
                assertThat(series).isGreaterThan(100);
            } else {
                assertThat(series).isZero();
            }
        }
    }
}
