#!/usr/bin/env bash
# kafka-clients 4.4.0: how far behind a consumer says that it is, after it has worked on a record for a while.
#
# Guessed: with group.protocol=consumer, whose network thread fetches while the application works, currentLag counts the records that came since
#          the last poll; with the classic protocol it is that of the last fetch.
# Seen:    it is that of the last fetch with both. 24 records that came in the 5 s after a poll are not in it, although they have been
#          fetched for the next poll meanwhile. endOffsets counts them, and from then on so does currentLag. Whoever works for long between
#          two polls and asks whether more waits must ask the broker.
set -euo pipefail
work=$(mktemp -d); trap 'kill $broker 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'X'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>4.4.0</version></dependency>
</dependencies></project>
X
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib
read -r port controller < <(python3 -c '
import socket
a, b = socket.create_server(("localhost", 0)), socket.create_server(("localhost", 0))
print(a.getsockname()[1], b.getsockname()[1])')
cat > server.properties <<P
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://localhost:$port,CONTROLLER://localhost:$controller
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
controller.quorum.voters=1@localhost:$controller
log.dirs=$work/data
offsets.topic.replication.factor=1
P
java -cp 'lib/*' kafka.tools.StorageTool format -t 4L6g3nShT-eMCtK--X86sw -c server.properties >format.log 2>&1
java -cp 'lib/*' kafka.Kafka server.properties >broker.log 2>&1 &
broker=$!
cat > Main.java <<'X'
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
public class Main {
    public static void main(String[] a) throws Exception {
        for (String protocol : List.of("classic", "consumer")) {
            var partition = new TopicPartition("t-" + protocol, 0);
            try (var producer = new KafkaProducer<>(
                            Map.<String, Object>of("bootstrap.servers", a[0]), new ByteArraySerializer(), new ByteArraySerializer());
                    var consumer = new KafkaConsumer<>(
                            Map.<String, Object>of("bootstrap.servers", a[0], "group.protocol", protocol, "group.id", "g"),
                            new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                write(producer, partition, 1);
                consumer.assign(List.of(partition));
                consumer.seek(partition, 0);
                while (consumer.poll(Duration.ofMillis(100)).isEmpty()) {}
                write(producer, partition, 24);
                Thread.sleep(5000);
                long said = consumer.currentLag(partition).orElse(-1);
                long is = consumer.endOffsets(List.of(partition)).get(partition) - consumer.position(partition);
                long afterwards = consumer.currentLag(partition).orElse(-1);
                int read = 0;
                while (read < 24) {
                    read += consumer.poll(Duration.ofMillis(100)).count();
                }
                System.out.println(protocol + ": after 5 s currentLag is " + said + ", endOffsets says " + is
                        + ", currentLag then " + afterwards);
            }
        }
    }

    private static void write(KafkaProducer<byte[], byte[]> producer, TopicPartition partition, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            producer.send(new ProducerRecord<>(partition.topic(), 0, null, new byte[100])).get();
        }
    }
}
X
java -cp 'lib/*' Main.java "localhost:$port" 2>log | tee out
diff out - <<'X'
classic: after 5 s currentLag is 0, endOffsets says 24, currentLag then 24
consumer: after 5 s currentLag is 0, endOffsets says 24, currentLag then 24
X
echo 'as seen: currentLag is that of the last fetch'
