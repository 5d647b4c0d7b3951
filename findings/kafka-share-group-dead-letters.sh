#!/usr/bin/env bash
# Kafka 4.4.0, the dead-letter queue of share groups (KIP-1191): a copy of the record has neither its headers nor its time.
#
# Guessed: errors.deadletterqueue.copy.record.enable, "whether to copy the original record onto the DLQ topic", copies key, value, headers and
#          timestamp, and the headers that name topic, partition, offset, group and reason come on top.
# Seen:    key and value are copied. Of the headers there are only the broker's own, and the timestamp is that of the copy. So of a rejected
#          record with its class, domain or CloudEvents attributes in headers these are lost with the dead letter, and who sends it again
#          sends another record; a program must read the original at __dlq.errors.offset, while its topic still has it. The broker says
#          nothing. Dead letters of a Kafka Streams application (errors.dead.letter.queue.topic.name) do have the headers.
set -euo pipefail
work=$(mktemp -d); trap 'kill $broker 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'P'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>4.4.0</version></dependency>
</dependencies></project>
P
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib
read -r port controller < <(python3 -c 'import socket
s = [socket.create_server(("localhost", 0)) for _ in range(2)]
print(*[x.getsockname()[1] for x in s])')
cat > server.properties <<P
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://localhost:$port,CONTROLLER://localhost:$controller
advertised.listeners=PLAINTEXT://localhost:$port
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
controller.quorum.voters=1@localhost:$controller
log.dirs=$work/data
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.num.partitions=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
P
java -cp 'lib/*' kafka.tools.StorageTool format -t 4L6g3nShT-eMCtK--X86sw -c server.properties >format.log 2>&1
java -Xmx512m -cp 'lib/*' kafka.Kafka server.properties >broker.log 2>&1 &
broker=$!
cat > Main.java <<'J'
import java.time.Duration;
import java.util.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.*;
public class Main {
    static void print(ConsumerRecord<String, String> record) {
        var headers = new StringJoiner(", ");
        record.headers().forEach(header -> headers.add(header.key() + "=" + new String(header.value())));
        String time = record.timestamp() == 1_600_000_000_000L ? "its time" : "a time of today";
        System.out.println(record.topic() + ": " + record.key() + " " + record.value() + ", " + time + ", " + headers);
    }
    public static void main(String[] a) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", a[0]))) {
            var letters = new NewTopic("dlq.labels", 1, (short) 1).configs(Map.of("errors.deadletterqueue.group.enable", "true"));
            admin.createTopics(List.of(new NewTopic("labels", 1, (short) 1).configs(Map.of("retention.ms", "-1")), letters)).all().get();
            List<AlterConfigOp> settings = new ArrayList<>();
            Map.of("share.auto.offset.reset", "earliest", "share.delivery.count.limit", "2", "errors.deadletterqueue.topic.name", "dlq.labels",
                    "errors.deadletterqueue.copy.record.enable", "true").forEach(
                            (name, value) -> settings.add(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET)));
            admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.GROUP, "group"), settings)).all().get();
        }
        try (var producer = new KafkaProducer<>(Map.of("bootstrap.servers", a[0]), new StringSerializer(), new StringSerializer())) {
            for (String value : List.of("good", "bad", "failing")) {
                var record = new ProducerRecord<>("labels", 0, 1_600_000_000_000L, "image-of-" + value, value);
                record.headers().add("label", "cat".getBytes()).add("domain", "street".getBytes());
                producer.send(record).get();
            }
        }
        Map<String, Object> sharing = Map.of("bootstrap.servers", a[0], "group.id", "group", "share.acknowledgement.mode", "explicit");
        try (var consumer = new KafkaShareConsumer<>(sharing, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of("labels"));
            for (int deliveries = 0; deliveries < 4;) {
                for (var record : consumer.poll(Duration.ofSeconds(1))) {
                    print(record);
                    consumer.acknowledge(record, switch (record.value()) {
                        case "bad" -> AcknowledgeType.REJECT;
                        case "failing" -> AcknowledgeType.RELEASE;
                        default -> AcknowledgeType.ACCEPT;
                    });
                    deliveries++;
                }
                consumer.commitSync();
            }
        }
        try (var consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", a[0]), new StringDeserializer(), new StringDeserializer())) {
            var partition = List.of(new TopicPartition("dlq.labels", 0));
            consumer.assign(partition);
            consumer.seekToBeginning(partition);
            for (int found = 0; found < 2;) {
                for (var record : consumer.poll(Duration.ofSeconds(1))) {
                    print(record);
                    found++;
                }
            }
        }
    }
}
J
timeout 90 java -cp 'lib/*' Main.java "localhost:$port" 2>log | tee out
diff out - <<'P'
labels: image-of-good good, its time, label=cat, domain=street
labels: image-of-bad bad, its time, label=cat, domain=street
labels: image-of-failing failing, its time, label=cat, domain=street
labels: image-of-failing failing, its time, label=cat, domain=street
dlq.labels: image-of-bad bad, a time of today, __dlq.errors.topic=labels, __dlq.errors.partition=0, __dlq.errors.offset=1, __dlq.errors.group=group, __dlq.errors.delivery.count=1, __dlq.errors.message=Offset rejected by client.
dlq.labels: image-of-failing failing, a time of today, __dlq.errors.topic=labels, __dlq.errors.partition=0, __dlq.errors.offset=2, __dlq.errors.group=group, __dlq.errors.delivery.count=2, __dlq.errors.message=Offset delivery count exceeded the threshold.
P
echo 'as seen: key and value alone are copied'
