#!/usr/bin/env bash
# kafka-ts 1.5.0, KafkaJS 2.2.4 and @platformatic/kafka 2.12.1: messages that are each small enough are refused together as too large.
#
# Guessed: a topic takes 1 MiB (max.message.bytes), so that eight pictures of 300 kB arrive, sent one by one without waiting or in one call: a
#          client makes several batches of them, as the Java client does, which splits a batch that is too large.
# Seen:    all messages of one call for one partition become one batch, which the broker measures as a whole: it is refused, and none of the
#          eight is written. kafka-ts also puts separate calls into one batch while a request is under way: of eight, the first is written
#          and seven are refused, with an error to each call. Nothing is split to be sent again. It shows when many pictures come at once, and not
#          in a test with one. KafkaJS and Platformatic keep separate calls apart.
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
npm init -y >npm.log && npm install --no-audit --no-fund --silent kafka-ts@1.5.0 kafkajs@2.2.4 @platformatic/kafka@2.12.1 node@22.22.0 >>npm.log 2>&1
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
P
java -cp 'lib/*' kafka.tools.StorageTool format -t 4L6g3nShT-eMCtK--X86sw -c server.properties >format.log 2>&1
java -Xmx512m -cp 'lib/*' kafka.Kafka server.properties >broker.log 2>&1 &
broker=$!
cat > Main.java <<'J'
import java.util.*;
import java.util.concurrent.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.*;
/** With topics: makes them, and sends eight pictures to the first in batches of up to 4 MB. Without: says how many records each has. */
public class Main {
    public static void main(String[] a) throws Exception {
        List<String> topics = List.of("java", "kafka-ts-calls", "kafka-ts-call", "kafkajs-calls", "kafkajs-call", "platformatic-calls", "platformatic-call");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", a[0]))) {
            if (a[1].equals("count")) {
                for (String topic : topics) {
                    var partition = new TopicPartition(topic, 0);
                    System.out.println(topic + ": " + admin.listOffsets(Map.of(partition, OffsetSpec.latest())).partitionResult(partition).get().offset());
                }
                return;
            }
            admin.createTopics(topics.stream().map(each -> new NewTopic(each, 1, (short) 1)).toList()).all().get();
            Map<String, Object> sending = Map.of("bootstrap.servers", a[0], "linger.ms", 500, "batch.size", 4_000_000, "max.request.size", 4_000_000);
            try (var producer = new KafkaProducer<>(sending, new StringSerializer(), new ByteArraySerializer())) {
                List<Future<RecordMetadata>> sent = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    sent.add(producer.send(new ProducerRecord<>("java", "image-" + i, new byte[300_000])));
                }
                for (var each : sent) {
                    each.get();
                }
            }
        }
    }
}
J
timeout 60 java -cp 'lib/*' Main.java "localhost:$port" send 2>log
cat > main.mjs <<'J'
import kafkaTs from 'kafka-ts';
import kafkajs from 'kafkajs';
import { Producer } from '@platformatic/kafka';

const [host, port] = process.argv[2].split(':');
kafkaTs.setLogger({ debug() {}, info() {}, warn() {}, error() {} });
const ts = kafkaTs.createKafkaClient({ clientId: 'f', bootstrapServers: [{ host, port: Number(port) }] }).createProducer({});
const js = new kafkajs.Kafka({ brokers: [process.argv[2]], logLevel: kafkajs.logLevel.NOTHING, retry: { retries: 1 } }).producer();
await js.connect();
const platformatic = new Producer({ clientId: 'f', bootstrapBrokers: [process.argv[2]], retries: 1 });
const senders = {
  'kafka-ts': (topic, messages) => ts.send(messages.map((each) => ({ topic, ...each }))),
  kafkajs: (topic, messages) => js.send({ topic, messages }),
  platformatic: (topic, messages) => platformatic.send({ messages: messages.map((each) => ({ topic, ...each, key: Buffer.from(each.key) })) }),
};
for (const [name, send] of Object.entries(senders)) {
  const images = Array.from({ length: 8 }, (_, i) => ({ key: `image-${i}`, value: Buffer.alloc(300_000) }));
  await Promise.allSettled(images.map((image) => send(`${name}-calls`, [image])));
  await Promise.allSettled([send(`${name}-call`, images)]);
}
process.exit(0);
J
timeout 90 node_modules/.bin/node main.mjs "localhost:$port"
timeout 60 java -cp 'lib/*' Main.java "localhost:$port" count 2>log | tee out
diff out - <<'J'
java: 8
kafka-ts-calls: 1
kafka-ts-call: 0
kafkajs-calls: 8
kafkajs-call: 0
platformatic-calls: 8
platformatic-call: 0
J
echo 'as seen: what is sent together is measured together'
