#!/usr/bin/env bash
# kafka-crab-js 5.0.0 (librdkafka for Node.js): a header without a value is missing, and what is compressed with zstd cannot be read.
#
# Guessed: it gives what the Java client sent: a header whose value is null is there, as a key or value of null is told from an empty one
#          ("preserve keys, headers, and tombstones"), and the four codecs of Kafka are read, as librdkafka's own builds read them.
# Seen:    of the headers a (null), b (empty) and c (cat) there are b and c, so that a service that passes a message on sends another one. gzip,
#          snappy and lz4 are read; of zstd the library in its package says "Local: Not implemented". Its README says neither.
set -euo pipefail
broker=; work=$(mktemp -d); trap 'kill $broker 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'P'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>4.4.0</version></dependency>
</dependencies></project>
P
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib
npm init -y >npm.log && npm install --no-audit --no-fund --silent kafka-crab-js@5.0.0 kafka-crab-js-linux-x64-gnu@5.0.0 node@24.21.0 >>npm.log 2>&1
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
group.initial.rebalance.delay.ms=0
P
java -cp 'lib/*' kafka.tools.StorageTool format -t 4L6g3nShT-eMCtK--X86sw -c server.properties >format.log 2>&1
java -Xmx512m -cp 'lib/*' kafka.Kafka server.properties >broker.log 2>&1 &
broker=$!
cat > Main.java <<'J'
import java.util.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.serialization.*;
public class Main {
    public static void main(String[] a) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", a[0]))) {
            for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
                admin.createTopics(List.of(new NewTopic(codec, 1, (short) 1))).all().get();
                Map<String, Object> sending = Map.of("bootstrap.servers", a[0], "compression.type", codec);
                try (var producer = new KafkaProducer<>(sending, new StringSerializer(), new StringSerializer())) {
                    var record = new ProducerRecord<>(codec, "image", "picture".repeat(50));
                    record.headers().add("a", null).add("b", new byte[0]).add("c", "cat".getBytes());
                    producer.send(record).get();
                }
            }
        }
    }
}
J
timeout 60 java -cp 'lib/*' Main.java "localhost:$port" 2>log
cat > main.mjs <<'J'
import { KafkaClient } from 'kafka-crab-js';

const client = new KafkaClient({ brokers: process.argv[2], clientId: 'f', logLevel: 'off' });
for (const topic of ['none', 'gzip', 'snappy', 'lz4', 'zstd']) {
  const consumer = client.createConsumer({ groupId: topic, enableAutoCommit: false, configuration: { 'auto.offset.reset': 'earliest' } });
  await consumer.subscribe(topic);
  try {
    const message = await consumer.recv();
    const headers = Object.entries(message.headers).map(([name, value]) => `${name}='${value}'`).sort();
    console.log(`${topic}: ${message.payload.length} bytes, headers ${headers.join(' ')}`);
  } catch (error) {
    console.log(`${topic}: ${error.message.match(/Local: [A-Za-z ]+/)}`);
  }
  await consumer.disconnect();
}
process.exit(0);
J
timeout 60 node_modules/.bin/node main.mjs "localhost:$port" 2>>log | grep -v '^{' | tee out
diff out - <<'J'
none: 350 bytes, headers b='' c='cat'
gzip: 350 bytes, headers b='' c='cat'
snappy: 350 bytes, headers b='' c='cat'
lz4: 350 bytes, headers b='' c='cat'
zstd: Local: Not implemented
J
echo 'as seen: no header without a value, and no zstd'
