#!/usr/bin/env bash
# kafka-ts 1.5.0 on a Kafka 4.4.0 broker: a consumer that starts from a time that no record has yet asks for the offset -1 until one has it.
#
# Guessed: "start consuming messages from timestamp" with the time of now reads what is sent from now on, as -1, the latest offset, does.
# Seen:    where no record has that time or a later one, the consumer has no place to begin. It logs "Offset out of range. Resetting offsets."
#          many times a second, and after its retries an error. What is sent meanwhile with an older time, such as a picture with the time
#          at which it was taken, is passed over; reading begins at the first record that is new enough. With -1 all is read. KafkaJS's
#          fetchTopicOffsetsByTimestamp gives the end of the partition for the same question.
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
npm init -y >npm.log && npm install --no-audit --no-fund --silent kafka-ts@1.5.0 kafkajs@2.2.4 node@22.22.0 >>npm.log 2>&1
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
cat > main.js <<'J'
const kafkaTs = require('kafka-ts');
const { Kafka, logLevel } = require('kafkajs');

let warned = 0;
kafkaTs.setLogger({ debug() {}, info() {}, error() {}, warn(text) { if (String(text).includes('Offset out of range')) warned++; } });
const [host, port] = process.argv[2].split(':');
const client = kafkaTs.createKafkaClient({ clientId: 'f', bootstrapServers: [{ host, port: Number(port) }] });
const sleep = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

(async () => {
  const admin = new Kafka({ brokers: [process.argv[2]], logLevel: logLevel.NOTHING, retry: { retries: 20 } }).admin();
  await admin.connect();
  const producer = client.createProducer({});
  const day = 24 * 3600 * 1000;
  for (const [topic, fromTimestamp] of [['latest', () => -1n], ['now', () => BigInt(Date.now())]]) {
    const configEntries = [{ name: 'retention.ms', value: '-1' }];
    await admin.createTopics({ topics: [{ topic, numPartitions: 1, configEntries }], waitForLeaders: true });
    const send = (value, daysAgo) => producer.send([{ topic, key: 'image', value, timestamp: BigInt(Date.now() - daysAgo * day) }]);
    await send('before', 3);
    warned = 0;
    const from = fromTimestamp();
    const values = [];
    const onBatch = async (messages) => { values.push(...messages.map((message) => String(message.value))); };
    const consumer = await client.startConsumer({ topics: [topic], fromTimestamp: from, onBatch });
    await sleep(1000);
    await send('yesterday', 1);
    await sleep(1000);
    await send('today', 0);
    for (let i = 0; i < 100 && values.at(-1) !== 'today'; i++) await sleep(100);
    const [{ offset }] = await admin.fetchTopicOffsetsByTimestamp(topic, Date.now() + day);
    console.log(`from ${topic}: read ${values.join(', ')}; warned ${warned > 5 ? 'many times' : warned}; KafkaJS says ${offset}`);
    await consumer.close();
  }
  process.exit(0);
})();
J
timeout 60 node_modules/.bin/node main.js "localhost:$port" 2>log | tee out
diff out - <<'J'
from latest: read yesterday, today; warned 0; KafkaJS says 3
from now: read today; warned many times; KafkaJS says 3
J
echo 'as seen: from a time without records nothing has a place'
