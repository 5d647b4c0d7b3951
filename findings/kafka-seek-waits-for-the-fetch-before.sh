#!/usr/bin/env bash
# kafka-clients 4.4.0: a consumer that reads single records by assign, seek and poll waits half a second for each, on a topic to which
# nothing is written.
#
# Guessed: poll returns a record that is there as soon as the broker answers, some milliseconds after assign and seek, wherever the
#          consumer has read before.
# Seen:    poll sends the next fetch before it returns. Behind the last record the broker holds that fetch for fetch.max.wait.ms (500),
#          and until it is answered nothing else is fetched from that broker, although unsubscribe and assign have given its partition up. Each
#          read after the first took 513 ms, and with fetch.max.wait.ms=10 it took 18 ms. The reads are of one partition's last record.
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
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", a[0]), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < 20; i++) {
                producer.send(new ProducerRecord<>("t", 0, null, new byte[100])).get();
            }
        }
        for (int wait : List.of(500, 10)) {
            Map<String, Object> properties =
                    Map.of("bootstrap.servers", a[0], "fetch.max.wait.ms", wait, "group.protocol", "classic");
            try (var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                read(consumer);
                long began = System.nanoTime();
                for (int i = 0; i < 10; i++) {
                    read(consumer);
                }
                long millis = (System.nanoTime() - began) / 10_000_000;
                System.out.println("fetch.max.wait.ms=" + wait + ": a read takes " + (millis > 300 ? "over 300 ms" : millis < 100 ? "less than 100 ms" : millis + " ms"));
                System.err.println(millis + " ms a read");
            }
        }
    }

    /** The last record of the partition. */
    private static void read(KafkaConsumer<byte[], byte[]> consumer) {
        var partition = new TopicPartition("t", 0);
        consumer.assign(List.of(partition));
        consumer.seek(partition, 19);
        while (consumer.poll(Duration.ofMillis(100)).isEmpty()) {}
        consumer.unsubscribe();
    }
}
X
java -cp 'lib/*' Main.java "localhost:$port" 2>times | tee out
grep ' ms a read' times
diff out - <<'X'
fetch.max.wait.ms=500: a read takes over 300 ms
fetch.max.wait.ms=10: a read takes less than 100 ms
X
echo 'as seen: a read waits for the fetch behind the record before'
