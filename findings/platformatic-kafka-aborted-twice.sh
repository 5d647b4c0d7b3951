#!/usr/bin/env bash
# @platformatic/kafka 2.12.1 with isolationLevel READ_COMMITTED, the constant: aborted records are given out where a producer aborted twice.
#
# Guessed: it reads what the Java client reads with read_committed: no record of a transaction that was aborted.
# Seen:    where one fetch holds two aborted transactions of the same producer, the records of the first one are given out, and of three
#          those of the first two. With one abort, or aborts of two producers, it is as guessed. So it is with a new group that
#          reads a topic from its beginning after a service has had two failures: it sees results that do not count.
set -euo pipefail
work=$(mktemp -d); trap 'kill $broker 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'P'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>4.4.0</version></dependency>
</dependencies></project>
P
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib
npm init -y >npm.log && npm install --no-audit --no-fund --silent @platformatic/kafka@2.12.1 node@22.22.0 >>npm.log 2>&1
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
transaction.state.log.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
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
/** Of each word, the first letter is a producer; then + commits, - aborts, and a digit is sent. The record z is committed at last. */
public class Main {
    public static void main(String[] a) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", a[0]))) {
            for (int i = 1; i < a.length; i++) {
                String topic = "t" + i;
                admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
                Map<Character, KafkaProducer<String, String>> producers = new HashMap<>();
                Set<Character> open = new HashSet<>();
                for (String word : (a[i] + " zz z+").split(" ")) {
                    char name = word.charAt(0);
                    if (!producers.containsKey(name)) {
                        Map<String, Object> sending = Map.of("bootstrap.servers", a[0], "transactional.id", topic + name);
                        producers.put(name, new KafkaProducer<>(sending, new StringSerializer(), new StringSerializer()));
                        producers.get(name).initTransactions();
                    }
                    if (open.add(name)) {
                        producers.get(name).beginTransaction();
                    }
                    switch (word.charAt(1)) {
                        case '+' -> producers.get(name).commitTransaction();
                        case '-' -> producers.get(name).abortTransaction();
                        default -> producers.get(name).send(new ProducerRecord<>(topic, word)).get();
                    }
                    if (word.matches(".[+-]")) {
                        open.remove(name);
                    }
                }
                producers.values().forEach(KafkaProducer::close);
                Map<String, Object> reading = Map.of("bootstrap.servers", a[0], "isolation.level", "read_committed");
                try (var consumer = new KafkaConsumer<>(reading, new StringDeserializer(), new StringDeserializer())) {
                    var partition = new TopicPartition(topic, 0);
                    consumer.assign(List.of(partition));
                    consumer.seekToBeginning(List.of(partition));
                    List<String> values = new ArrayList<>();
                    while (!values.contains("zz")) {
                        consumer.poll(Duration.ofSeconds(1)).forEach(read -> values.add(read.value()));
                    }
                    System.out.println(topic + ", " + a[i] + ": Java " + String.join(" ", values));
                }
            }
        }
    }
}
J
java -cp 'lib/*' Main.java "localhost:$port" 'a1 a- a2 a+' 'a1 a- b2 b- a3 a+' 'a1 a- a2 a+ a3 a- a4 a+' 'a1 a- a2 a- a3 a- a4 a+' 2>log | tee out
cat > read.mjs <<'J'
import { Consumer, FetchIsolationLevels, MessagesStreamModes } from '@platformatic/kafka';

for (const topic of ['t1', 't2', 't3', 't4']) {
  const consumer = new Consumer({ clientId: topic, groupId: topic, bootstrapBrokers: [process.argv[2]] });
  const isolationLevel = FetchIsolationLevels.READ_COMMITTED;
  const stream = await consumer.consume({ topics: [topic], mode: MessagesStreamModes.EARLIEST, isolationLevel });
  const values = [];
  for await (const message of stream) {
    values.push(message.value.toString());
    if (values.at(-1) === 'zz') break;
  }
  console.log(`${topic}: Platformatic ${values.join(' ')}`);
  await consumer.close(true);
}
J
timeout 60 node_modules/.bin/node read.mjs "localhost:$port" | tee -a out
diff out - <<'J'
t1, a1 a- a2 a+: Java a2 zz
t2, a1 a- b2 b- a3 a+: Java a3 zz
t3, a1 a- a2 a+ a3 a- a4 a+: Java a2 a4 zz
t4, a1 a- a2 a- a3 a- a4 a+: Java a4 zz
t1: Platformatic a2 zz
t2: Platformatic a3 zz
t3: Platformatic a1 a2 a4 zz
t4: Platformatic a1 a2 a4 zz
J
echo 'as seen: of a producer'"'"'s aborts only the last one counts'
