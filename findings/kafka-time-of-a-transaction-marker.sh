#!/usr/bin/env bash
# Kafka 4.4.0 and kafka-clients 4.4.0: the marker that ends a transaction is taken for a record when offsets are asked for by time.
#
# Guessed: offsetsForTimes gives "the earliest offset whose timestamp is greater than or equal to the given timestamp", and null "if there is
#          no such message"; OffsetSpec.maxTimestamp gives the record with the largest timestamp. Nobody reads markers, so they do not count.
# Seen:    three records of an hour ago in a transaction: of a time after all of them offsetsForTimes names offset 3, where the marker is, with
#          the time of the commit, and a reader that seeks there waits for ever; maxTimestamp names it, too. Without a transaction
#          it is null, and the last record. read_committed changes nothing. So "is there a record since" must not be asked in this way.
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
transaction.state.log.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.min.isr=1
P
java -cp 'lib/*' kafka.tools.StorageTool format -t 4L6g3nShT-eMCtK--X86sw -c server.properties >format.log 2>&1
java -Xmx512m -cp 'lib/*' kafka.Kafka server.properties >broker.log 2>&1 &
broker=$!
cat > Main.java <<'X'
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.*;
public class Main {
    static long offset(Admin admin, TopicPartition partition, OffsetSpec spec) throws Exception {
        var options = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);
        return admin.listOffsets(Map.of(partition, spec), options).partitionResult(partition).get().offset();
    }
    public static void main(String[] a) throws Exception {
        long hourAgo = System.currentTimeMillis() - 3_600_000;
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", a[0]))) {
            for (boolean transactional : new boolean[] {false, true}) {
                var partition = new TopicPartition(transactional ? "transaction" : "plain", 0);
                admin.createTopics(List.of(new NewTopic(partition.topic(), 1, (short) 1))).all().get();
                Map<String, Object> sending = new HashMap<>(Map.of("bootstrap.servers", a[0]));
                if (transactional) {
                    sending.put("transactional.id", "t");
                }
                try (var producer = new KafkaProducer<>(sending, new StringSerializer(), new StringSerializer())) {
                    if (transactional) {
                        producer.initTransactions();
                        producer.beginTransaction();
                    }
                    for (int i = 0; i < 3; i++) {
                        producer.send(new ProducerRecord<>(partition.topic(), 0, hourAgo + i, "key", "value"));
                    }
                    if (transactional) {
                        producer.commitTransaction();
                    }
                }
                // The marker is written soon after the commit was answered.
                while (offset(admin, partition, OffsetSpec.latest()) < (transactional ? 4 : 3)) {}
                Map<String, Object> reading = Map.of("bootstrap.servers", a[0], "isolation.level", "read_committed");
                try (var consumer = new KafkaConsumer<>(reading, new StringDeserializer(), new StringDeserializer())) {
                    var found = consumer.offsetsForTimes(Map.of(partition, hourAgo + 60_000)).get(partition);
                    System.out.println(partition.topic() + ": from a minute later on " + (found == null ? "nothing" : "offset " + found.offset())
                            + ", largest timestamp at offset " + offset(admin, partition, OffsetSpec.maxTimestamp()));
                    if (found != null) {
                        consumer.assign(List.of(partition));
                        consumer.seek(partition, found.offset());
                        int read = 0;
                        for (int i = 0; i < 10; i++) {
                            read += consumer.poll(Duration.ofMillis(200)).count();
                        }
                        System.out.println(partition.topic() + ": " + read + " records read from offset " + found.offset() + " on");
                    }
                }
            }
        }
    }
}
X
java -cp 'lib/*' Main.java "localhost:$port" 2>log | tee out
diff out - <<'X'
plain: from a minute later on nothing, largest timestamp at offset 2
transaction: from a minute later on offset 3, largest timestamp at offset 3
transaction: 0 records read from offset 3 on
X
echo 'as seen: the marker counts as a record'
