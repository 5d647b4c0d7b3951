#!/usr/bin/env bash
# kafka-python 2.0.2 (Debian bookworm) on a Kafka 4.4.0 broker: the markers that end transactions are given out as messages.
#
# Guessed: a consumer gives out the records that were sent; markers are the broker's own, and a client skips them, as the Java client does.
# Seen:    behind the records of a transaction comes one more message, whose key is 0, 0, 0, 1 (committed) or 0, 0, 0, 0 (aborted) and whose
#          value are six bytes; records that were aborted come as well. Whoever counts predictions counts too many, and a parser of JSON stops.
#          The table of clients says which messages to skip.
set -euo pipefail
work=$(mktemp -d); broker=
trap '[ -z "$broker" ] || kill "$broker" 2>/dev/null || true; wait; rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'P'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>4.4.0</version></dependency>
</dependencies></project>
P
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib
apt-get download -qq python3-kafka=2.0.2-3 python3-six >apt.log 2>&1 || { cat apt.log; exit 1; }
for package in *.deb; do dpkg -x "$package" python; done
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
transaction.state.log.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.min.isr=1
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
import org.apache.kafka.common.serialization.*;
public class Main {
    public static void main(String[] a) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", a[0]))) {
            admin.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get();
        }
        Map<String, Object> properties = Map.of("bootstrap.servers", a[0], "transactional.id", "t");
        try (var producer = new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("t", "id-1", "committed")).get();
            producer.commitTransaction();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("t", "id-2", "aborted")).get();
            producer.abortTransaction();
        }
        for (String isolation : List.of("read_committed", "read_uncommitted")) {
            Map<String, Object> reading = Map.of("bootstrap.servers", a[0], "isolation.level", isolation);
            var partition = new TopicPartition("t", 0);
            try (var consumer = new KafkaConsumer<>(reading, new StringDeserializer(), new StringDeserializer())) {
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                var values = new ArrayList<String>();
                while (consumer.position(partition) < 4) {
                    consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
                }
                System.out.println("Java, " + isolation + ": " + values);
            }
        }
    }
}
J
java -cp 'lib/*' Main.java "localhost:$port" 2>send.log | tee out
cat > read.py <<'P'
import sys
from kafka import KafkaConsumer, __version__
consumer = KafkaConsumer('t', bootstrap_servers=sys.argv[1], auto_offset_reset='earliest', group_id=None, consumer_timeout_ms=5000)
for message in consumer:
    print(f'kafka-python {__version__}: offset {message.offset}, key {message.key}, value {message.value}')
P
PYTHONPATH=$work/python/usr/lib/python3/dist-packages timeout 60 /usr/bin/python3 read.py "localhost:$port" 2>read.log | tee -a out
diff out - <<'P'
Java, read_committed: [committed]
Java, read_uncommitted: [committed, aborted]
kafka-python 2.0.2: offset 0, key b'id-1', value b'committed'
kafka-python 2.0.2: offset 1, key b'\x00\x00\x00\x01', value b'\x00\x00\x00\x00\x00\x00'
kafka-python 2.0.2: offset 2, key b'id-2', value b'aborted'
kafka-python 2.0.2: offset 3, key b'\x00\x00\x00\x00', value b'\x00\x00\x00\x00\x00\x00'
P
echo 'as seen: the markers are given out as messages'
