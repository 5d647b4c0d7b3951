#!/usr/bin/env bash
# cloudevents 10.0.0 (the SDK for JavaScript) and KafkaJS 2.2.4: a message that KafkaJS read is no event for Kafka.toEvent.
#
# Guessed: Kafka.toEvent takes a message as KafkaJS gives it, whose key, value and headers are Buffers, and makes an event with the texts of
#          the ce_ headers as its attributes.
# Seen:    Kafka.isEvent says true, and toEvent throws "contentType.startsWith is not a function": it takes headers for texts. Without the
#          header content-type it gives an event whose id, source, type and specversion are Buffers, and no error. With headers made texts
#          before, the attributes are texts and the data are read from the Buffer, but partitionkey is the Buffer of the key.
set -euo pipefail
work=$(mktemp -d); trap 'kill $broker 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
npm init -y >npm.log && npm install --no-audit --no-fund --silent cloudevents@10.0.0 kafkajs@2.2.4 node@22.22.0 >>npm.log 2>&1
cat > pom.xml <<'P'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>4.4.0</version></dependency>
</dependencies></project>
P
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
offsets.topic.num.partitions=1
group.initial.rebalance.delay.ms=0
P
java -cp 'lib/*' kafka.tools.StorageTool format -t 4L6g3nShT-eMCtK--X86sw -c server.properties >format.log 2>&1
java -Xmx512m -cp 'lib/*' kafka.Kafka server.properties >broker.log 2>&1 &
broker=$!
cat > main.mjs <<'J'
import { Kafka as Events } from 'cloudevents';
import kafkajs from 'kafkajs';

const kafka = new kafkajs.Kafka({ clientId: 'k', brokers: [process.argv[2]], logLevel: kafkajs.logLevel.NOTHING, retry: { retries: 20 } });
const producer = kafka.producer();
await producer.connect();
const attributes = { ce_id: '7', ce_source: '/camera', ce_type: 'picture', ce_specversion: '1.0' };
await producer.send({ topic: 't', messages: [
  { key: 'cat-1', value: '{"label":"cat"}', headers: { ...attributes, 'content-type': 'application/json' } },
  { key: 'cat-2', value: '{"label":"cat"}', headers: attributes },
] });
await producer.disconnect();

const kind = (value) => Buffer.isBuffer(value) ? 'Buffer' : typeof value;
function show(what, message) {
  try {
    const event = Events.toEvent(message);
    console.log(`${what}: id ${kind(event.id)}, specversion ${kind(event.specversion)}, data ${kind(event.data)}, partitionkey ${kind(event.partitionkey)}`);
  } catch (error) {
    console.log(`${what}: isEvent ${Events.isEvent(message)}, ${error.message}`);
  }
}
const consumer = kafka.consumer({ groupId: 'g' });
await consumer.connect();
await consumer.subscribe({ topics: ['t'], fromBeginning: true });
await new Promise(resolve => {
  consumer.run({ eachMessage: async ({ message }) => {
    const type = message.headers['content-type'] ? 'with a content type' : 'without a content type';
    show(type, message);
    const texts = Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, value.toString()]));
    show(`${type}, headers as texts`, { ...message, headers: texts });
    if (message.key.toString() === 'cat-2') resolve();
  } });
});
await consumer.disconnect();
J
timeout 60 node_modules/.bin/node main.mjs "localhost:$port" | tee out
diff out - <<'P'
with a content type: isEvent true, contentType.startsWith is not a function
with a content type, headers as texts: id string, specversion string, data object, partitionkey Buffer
without a content type: id Buffer, specversion Buffer, data Buffer, partitionkey Buffer
without a content type, headers as texts: id string, specversion string, data Buffer, partitionkey Buffer
P
echo 'as seen: headers are taken for texts'
