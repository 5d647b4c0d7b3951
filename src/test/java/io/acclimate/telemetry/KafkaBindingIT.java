package io.acclimate.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.broker.TestBroker;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.junit.jupiter.api.Test;

class KafkaBindingIT {
    @Test
    void lagOfConsumersAndOfStreamsStandsOnOnePageAndOtherMetersOnlyWhenAskedFor() throws Exception {
        String topic = TestBroker.uniqueTopics().images();
        Map<String, Object> client = new HashMap<>(TestBroker.clientProperties());
        client.put("auto.offset.reset", "earliest");
        try (Admin admin = Admin.create(client)) {
            admin.createTopics(List.of(new NewTopic(topic, Optional.of(1), Optional.empty())))
                    .all()
                    .get();
        }
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(topic, Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
                .foreach((key, value) -> {});
        java.util.Properties properties = new java.util.Properties();
        properties.putAll(client);
        properties.put("application.id", topic + "-app");
        try (Telemetry telemetry = Telemetry.prometheus(KafkaMeters.ALL, Optional.empty(), Traces.none());
                Telemetry lagAlone = Telemetry.prometheus();
                KafkaStreams streams = new KafkaStreams(builder.build(), properties);
                KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer());
                KafkaConsumer<byte[], byte[]> consumer =
                        new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer());
                KafkaBinding ofStreams = telemetry.bindKafka(streams, "minibatch");
                KafkaBinding ofProducer = telemetry.bindKafka(producer, "replay");
                KafkaBinding ofConsumer = telemetry.bindKafka(consumer, "serve");
                KafkaBinding again = lagAlone.bindKafka(consumer, "serve")) {
            assertThat(List.of(ofStreams, ofProducer, ofConsumer, again)).doesNotHaveDuplicates();
            streams.start();
            producer.send(new ProducerRecord<>(topic, new byte[] {1})).get();
            consumer.assign(List.of(new TopicPartition(topic, 0)));

            await().atMost(Duration.ofMinutes(3)).untilAsserted(() -> {
                consumer.poll(Duration.ofMillis(50));
                assertThat(telemetry.scrape())
                        .containsPattern(
                                "(?m)^kafka_consumer_fetch_manager_records_lag\\{.*role=\"serve\".*topic=\"" + topic)
                        .containsPattern(
                                "(?m)^kafka_consumer_fetch_manager_records_lag\\{.*role=\"minibatch\".*topic=\""
                                        + topic)
                        .containsPattern("(?m)^kafka_producer_[a-z_]+\\{.*role=\"replay\"");
                assertThat(lagAlone.scrape().lines().filter(line -> line.startsWith("kafka_")))
                        .singleElement()
                        .asString()
                        .startsWith("kafka_consumer_fetch_manager_records_lag{");
            });
        }
    }
}
