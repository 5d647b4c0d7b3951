#!/usr/bin/env bash
# @platformatic/kafka 2.12.1 on a Kafka 4.4.0 broker: isolationLevel: 'READ_COMMITTED' reads records of aborted transactions.
#
# Guessed: the name of the level is the level, or is refused, since the consumer checks its options.
# Seen:    the text is taken without an error and reads as READ_UNCOMMITTED does; only the constant
#          FetchIsolationLevels.READ_COMMITTED leaves aborted records out. Acclimate's table of clients says so.
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
npm init -y >npm.log && npm install --no-audit --no-fund --silent @platformatic/kafka@2.12.1 node@22.22.0 >>npm.log 2>&1
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
cat > Send.java <<'X'
import java.util.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.serialization.StringSerializer;
public class Send {
    public static void main(String[] a) throws Exception {
        Map<String, Object> properties = Map.of("bootstrap.servers", a[0], "transactional.id", "t");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", a[0]))) {
            admin.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get();
        }
        try (var producer = new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("t", "aborted")).get();
            producer.abortTransaction();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("t", "committed"));
            producer.commitTransaction();
        }
    }
}
X
java -cp 'lib/*' Send.java "localhost:$port" 2>send.log
cat > read.mjs <<'X'
import { Consumer, FetchIsolationLevels, MessagesStreamModes } from '@platformatic/kafka';

const levels = { text: 'READ_COMMITTED', constant: FetchIsolationLevels.READ_COMMITTED };
for (const [name, isolationLevel] of Object.entries(levels)) {
  const consumer = new Consumer({ clientId: name, groupId: name, bootstrapBrokers: [process.argv[2]] });
  const stream = await consumer.consume({ topics: ['t'], mode: MessagesStreamModes.EARLIEST, isolationLevel });
  const values = [];
  for await (const message of stream) {
    values.push(message.value.toString());
    if (values.at(-1) === 'committed') break;
  }
  console.log(`${name}: ${values.join(', ')}`);
  await consumer.close(true);
}
X
timeout 60 node_modules/.bin/node read.mjs "localhost:$port" | tee out
diff out - <<'X'
text: aborted, committed
constant: committed
X
echo 'as seen: the text of the level is not the level'
