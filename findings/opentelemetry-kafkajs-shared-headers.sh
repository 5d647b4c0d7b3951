#!/usr/bin/env bash
# @opentelemetry/instrumentation-kafkajs 0.33.0, KafkaJS 2.2.4: messages that are given the same headers object get one trace between them.
#
# Guessed: each message of a send gets the traceparent of its own span, and the objects of the caller stay as they are, as without
#          the instrumentation.
# Seen:    the traceparent is written into the caller's headers object. Where messages share it, as those that differ by key and value only
#          do, each has a span, and all are sent with the traceparent of the last one: the others' spans have no successor, and the answers to
#          all images hang below one. A next send with the object replaces what stands there. An object for each message is as guessed.
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
npm init -y >npm.log && npm install --no-audit --no-fund --silent --ignore-scripts kafkajs@2.2.4 @opentelemetry/api@1.10.0 \
    @opentelemetry/core@3.1.1 @opentelemetry/sdk-trace@3.1.1 @opentelemetry/instrumentation-kafkajs@0.33.0 >>npm.log 2>&1
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
cat > main.js <<'J'
const { propagation, trace } = require('@opentelemetry/api');
const { W3CTraceContextPropagator } = require('@opentelemetry/core');
const { TracerProvider, SimpleSpanProcessor, InMemorySpanExporter } = require('@opentelemetry/sdk-trace');
const { KafkaJsInstrumentation } = require('@opentelemetry/instrumentation-kafkajs');

const exporter = new InMemorySpanExporter();
trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
propagation.setGlobalPropagator(new W3CTraceContextPropagator());
new KafkaJsInstrumentation();
const { Kafka, logLevel } = require('kafkajs');

const kafka = new Kafka({ brokers: [process.argv[2]], logLevel: logLevel.NOTHING, retry: { retries: 20 } });
const span = (traceparent) => String(traceparent).split('-')[2];

async function send(name, headers) {
  const topic = `images-${name}`;
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 1 }] });
  await admin.disconnect();
  const producer = kafka.producer();
  await producer.connect();
  exporter.reset();
  const messages = ['cat', 'dog', 'owl'].map((key) => ({ key, value: key, headers: headers() }));
  await producer.send({ topic, messages });
  await producer.disconnect();
  const spans = exporter.getFinishedSpans().filter((each) => each.name.startsWith('send'));
  const ids = new Map(spans.map((each) => [each.spanContext().spanId, each.attributes['messaging.kafka.message.key']]));
  console.log(`${name}: spans of ${[...ids.values()].join(', ')}; caller's object ${Object.keys(messages[0].headers).join(', ')}`);
  const consumer = kafka.consumer({ groupId: name });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  let read = 0;
  await new Promise((resolve) => consumer.run({
    eachMessage: async ({ message }) => {
      console.log(`${name}: ${message.key} was sent with the span of ${ids.get(span(message.headers.traceparent))}`);
      if (++read === messages.length) setTimeout(resolve, 100);
    },
  }));
  await consumer.disconnect();
}

(async () => {
  await send('own', () => ({ domain: 'street' }));
  const shared = { domain: 'street' };
  await send('shared', () => shared);
})();
J
timeout 90 node main.js "localhost:$port" | tee out
diff out - <<'J'
own: spans of cat, dog, owl; caller's object domain, traceparent
own: cat was sent with the span of cat
own: dog was sent with the span of dog
own: owl was sent with the span of owl
shared: spans of cat, dog, owl; caller's object domain, traceparent
shared: cat was sent with the span of owl
shared: dog was sent with the span of owl
shared: owl was sent with the span of owl
J
echo 'as seen: one headers object, one trace'
