#!/usr/bin/env bash
# KafkaJS 2.2.4 on a Kafka 4.4.0 broker: a group that has read all of a transactional topic keeps a lag of 1, and the Java client does not.
#
# Guessed: a consumer that has read to the end commits the end of the partition, as the Java client does, so that the lag is 0.
# Seen:    KafkaJS commits the offset behind the last record that it gave out. A transaction ends with a marker behind that, so that the
#          group stays one offset short of the end for ever. An alert on lag never rests on topics of Acclimate, which are transactional;
#          the table of clients says so.
set -euo pipefail
work=$(mktemp -d); broker=
trap '[ -z "$broker" ] || kill "$broker" 2>/dev/null || true; wait; rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'X'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>4.4.0</version></dependency>
</dependencies></project>
X
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib
npm init -y >npm.log && npm install --no-audit --no-fund --silent kafkajs@2.2.4 node@22.22.0 >>npm.log 2>&1
read -r port controller < <(python3 -c 'import socket
s = [socket.create_server(("localhost", 0)) for _ in range(2)]
print(*[x.getsockname()[1] for x in s])')
cat > server.properties <<X
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
transaction.state.log.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
X
java -cp 'lib/*' kafka.tools.StorageTool format -t 4L6g3nShT-eMCtK--X86sw -c server.properties >format.log 2>&1
java -Xmx512m -cp 'lib/*' kafka.Kafka server.properties >broker.log 2>&1 &
broker=$!
cat > Main.java <<'X'
import java.time.Duration;
import java.util.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.*;
public class Main {
    static final TopicPartition T = new TopicPartition("t", 0);
    public static void main(String[] a) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", a[0]))) {
            if (a[1].equals("send")) {
                admin.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get();
                Map<String, Object> properties = Map.of("bootstrap.servers", a[0], "transactional.id", "t");
                try (var producer = new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
                    producer.initTransactions();
                    producer.beginTransaction();
                    producer.send(new ProducerRecord<>("t", "first"));
                    producer.send(new ProducerRecord<>("t", "last"));
                    producer.commitTransaction();
                }
                Map<String, Object> reading = Map.of("bootstrap.servers", a[0], "group.id", "java", "auto.offset.reset", "earliest",
                        "isolation.level", "read_committed", "enable.auto.commit", "false");
                try (var consumer = new KafkaConsumer<>(reading, new StringDeserializer(), new StringDeserializer())) {
                    consumer.subscribe(List.of("t"));
                    // Two polls: the marker is passed with the one after the records.
                    for (int seen = 0, after = 0; seen < 2 || after < 10; after += seen == 2 ? 1 : 0) {
                        seen += consumer.poll(Duration.ofMillis(200)).count();
                    }
                    consumer.commitSync();
                }
                return;
            }
            long end = admin.listOffsets(Map.of(T, OffsetSpec.latest())).partitionResult(T).get().offset();
            for (String group : List.of("java", "kafkajs")) {
                long at = admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().get(T).offset();
                System.out.println(group + ": committed " + at + " of " + end + ", lag " + (end - at));
            }
        }
    }
}
X
java -cp 'lib/*' Main.java "localhost:$port" send 2>send.log
cat > read.mjs <<'X'
import kafkajs from 'kafkajs';

const kafka = new kafkajs.Kafka({ clientId: 'k', brokers: [process.argv[2]], logLevel: kafkajs.logLevel.NOTHING });
const consumer = kafka.consumer({ groupId: 'kafkajs' });
await consumer.connect();
await consumer.subscribe({ topics: ['t'], fromBeginning: true });
await new Promise(resolve => {
  consumer.run({ eachMessage: async ({ message }) => { if (message.value.toString() === 'last') setTimeout(resolve, 5000); } });
});
await consumer.disconnect();
X
timeout 60 node_modules/.bin/node read.mjs "localhost:$port"
java -cp 'lib/*' Main.java "localhost:$port" show 2>show.log | tee out
diff out - <<'X'
java: committed 3 of 3, lag 0
kafkajs: committed 2 of 3, lag 1
X
echo 'as seen: the lag of 1 does not go away'
