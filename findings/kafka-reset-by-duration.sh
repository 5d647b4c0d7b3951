#!/usr/bin/env bash
# kafka-clients 4.4.0, auto.offset.reset=by_duration (KIP-1106): without a record that is so new there is no position; what comes is late or lost.
#
# Guessed: by_duration:PT1H begins with the first record of the last hour, and where there is none, at the end, as kafka-consumer-groups does
#          when it resets by duration: what is sent from then on is read, as with latest.
# Seen:    on an empty topic, or behind older records, position() ends with a TimeoutException and poll gives nothing. The lookup is repeated
#          only after request.timeout.ms, 30 seconds, so that a record sent meanwhile comes up to half a minute late. Reading begins with the
#          first record whose own time lies within the hour: records with older times, such as pictures with the time at which they were
#          taken, are lost where they come before it, though they were sent while the consumer was there. It is so in both group
#          protocols. Kafka Streams' AutoOffsetReset.byDuration, which Acclimate's minibatch uses, looks for itself and goes to the end.
set -euo pipefail
broker=; work=$(mktemp -d); trap 'kill $broker 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'P'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>4.4.0</version></dependency>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-streams</artifactId><version>4.4.0</version></dependency>
</dependencies></project>
P
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib
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
import java.time.Duration;
import java.util.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.*;
import org.apache.kafka.streams.*;
import org.apache.kafka.streams.kstream.Consumed;
/** The consumers read side by side for 40 seconds; at the second 4 the record "yesterday" is sent, at 8 "now". */
public class Main {
    public static void main(String[] a) throws Exception {
        List<String> cases = List.of("classic latest empty", "classic latest old", "classic by_duration:PT1H empty",
                "classic by_duration:PT1H old", "consumer by_duration:PT1H empty", "consumer by_duration:PT1H old");
        List<String> topics = new ArrayList<>();
        cases.forEach(each -> topics.add("images-" + topics.size()));
        List<Consumer<String, String>> consumers = new ArrayList<>();
        List<List<String>> read = new ArrayList<>();
        List<String> positions = new ArrayList<>();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", a[0]));
                var producer = new KafkaProducer<>(Map.of("bootstrap.servers", a[0]), new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < cases.size(); i++) {
                String[] words = cases.get(i).split(" ");
                var topic = new NewTopic(topics.get(i), 1, (short) 1).configs(Map.of("retention.ms", "-1"));
                admin.createTopics(List.of(topic)).all().get();
                if (words[2].equals("old")) {
                    send(producer, topics.get(i), "before", 3);
                }
                var consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", a[0], "group.id", topics.get(i), "group.protocol", words[0],
                        "auto.offset.reset", words[1]), new StringDeserializer(), new StringDeserializer());
                consumer.assign(List.of(new TopicPartition(topics.get(i), 0)));
                consumers.add(consumer);
                read.add(new ArrayList<>());
            }
            String streamed = "images-streams";
            admin.createTopics(List.of(new NewTopic(streamed, 1, (short) 1).configs(Map.of("retention.ms", "-1")))).all().get();
            send(producer, streamed, "before", 3);
            List<String> ofStreams = Collections.synchronizedList(new ArrayList<>());
            var builder = new StreamsBuilder();
            builder.stream(streamed, Consumed.with(Serdes.String(), Serdes.String())
                    .withOffsetResetPolicy(AutoOffsetReset.byDuration(Duration.ofHours(1)))).foreach((key, value) -> ofStreams.add(value));
            var settings = new Properties();
            settings.putAll(Map.of("bootstrap.servers", a[0], "application.id", "streams", "state.dir", "state"));
            var streams = new KafkaStreams(builder.build(), settings);
            streams.start();
            while (streams.state() != KafkaStreams.State.RUNNING) {
                Thread.sleep(100);
            }
            long start = System.nanoTime();
            int sent = 0;
            for (long second = 0; second < 40; second = (System.nanoTime() - start) / 1_000_000_000L) {
                for (int i = 0; i < consumers.size(); i++) {
                    for (var record : consumers.get(i).poll(Duration.ofMillis(50))) {
                        long late = System.currentTimeMillis() - record.timestamp();
                        String when = record.value().equals("yesterday") ? "" : late < 8_000 ? " at once" : late > 15_000 ? " late" : " then";
                        read.get(i).add(record.value() + when);
                    }
                }
                if (second >= 4 && sent == 0) {
                    for (int i = 0; i < consumers.size(); i++) {
                        try {
                            positions.add("position " + consumers.get(i).position(new TopicPartition(topics.get(i), 0), Duration.ofMillis(300)));
                        } catch (TimeoutException e) {
                            positions.add("no position");
                        }
                        send(producer, topics.get(i), "yesterday", 1);
                    }
                    send(producer, streamed, "yesterday", 1);
                    sent++;
                } else if (second >= 8 && sent == 1) {
                    for (String topic : topics) {
                        send(producer, topic, "now", 0);
                    }
                    sent++;
                }
            }
            consumers.forEach(Consumer::close);
            System.out.println("Kafka Streams byDuration old: read " + ofStreams);
            streams.close();
        }
        for (int i = 0; i < cases.size(); i++) {
            System.out.println(cases.get(i) + ": " + positions.get(i) + ", read " + read.get(i));
        }
    }
    static void send(Producer<String, String> producer, String topic, String value, int daysAgo) throws Exception {
        long time = System.currentTimeMillis() - Duration.ofDays(daysAgo).toMillis();
        producer.send(new ProducerRecord<>(topic, 0, time, "image", value)).get();
    }
}
J
timeout 120 java -cp 'lib/*' Main.java "localhost:$port" 2>log | tee out
diff out - <<'P'
Kafka Streams byDuration old: read [yesterday]
classic latest empty: position 0, read [yesterday, now at once]
classic latest old: position 1, read [yesterday, now at once]
classic by_duration:PT1H empty: no position, read [now late]
classic by_duration:PT1H old: no position, read [now late]
consumer by_duration:PT1H empty: no position, read [now late]
consumer by_duration:PT1H old: no position, read [now late]
P
echo 'as seen: by_duration waits half a minute, and for a record of the last hour'
