#!/usr/bin/env bash
# Kafka Streams 4.4.0 with group.protocol=streams: a new version of an application with another topology does not start, though all are stopped.
#
# Guessed: where every instance is closed and the group is empty, a new version starts from the committed offsets, whatever it changed, as with the
#          classic protocol; only together with running instances would topologies have to agree.
# Seen:    a filter more is taken. A state store or a source topic more is refused: "Topology updates are not supported
#          yet", and the client goes to ERROR. The broker keeps the topology of the first start with the group. One start of the new
#          version with group.protocol=classic helps: the empty group is converted, keeps its offsets, and the next start with streams
#          takes the new topology.
set -euo pipefail
work=$(mktemp -d); trap 'kill $broker 2>/dev/null || true; rm -rf "$work"' EXIT
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
transaction.state.log.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
P
java -cp 'lib/*' kafka.tools.StorageTool format -t 4L6g3nShT-eMCtK--X86sw -c server.properties >format.log 2>&1
java -Xmx512m -cp 'lib/*' kafka.Kafka server.properties >broker.log 2>&1 &
broker=$!
cat > Main.java <<'J'
import java.nio.file.Files;
import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.serialization.*;
import org.apache.kafka.streams.*;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.*;
public class Main {
    static String broker;
    static int sent;
    static void send() throws Exception {
        try (var producer = new KafkaProducer<>(Map.of("bootstrap.servers", broker), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("labels", "key", "label-" + sent++)).get();
        }
    }
    /** Starts the application, waits for its first result or failure, and closes it so that the group is empty. */
    static void run(String application, String protocol, String version, List<String> topics, UnaryOperator<KStream<String, String>> change)
            throws Exception {
        var properties = new Properties();
        properties.put("bootstrap.servers", broker);
        properties.put("application.id", application);
        properties.put("group.protocol", protocol);
        properties.put("default.key.serde", Serdes.StringSerde.class);
        properties.put("default.value.serde", Serdes.StringSerde.class);
        properties.put("state.dir", Files.createTempDirectory("state").toString());
        properties.put("statestore.cache.max.bytes", 0);
        properties.put("auto.offset.reset", "latest");
        var result = new CompletableFuture<String>();
        var builder = new StreamsBuilder();
        change.apply(builder.stream(topics)).foreach((key, value) -> result.complete(value));
        try (var streams = new KafkaStreams(builder.build(), properties)) {
            streams.setUncaughtExceptionHandler(failure -> {
                result.complete(failure.getCause().getMessage());
                return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
            });
            var running = new CountDownLatch(1);
            streams.setStateListener((now, before) -> {
                if (now == KafkaStreams.State.RUNNING) {
                    running.countDown();
                }
            });
            streams.start();
            if (version.equals("first")) {
                running.await(30, TimeUnit.SECONDS);
                send();
            }
            System.out.println(application + ", " + protocol + ", " + version + ": " + result.get(30, TimeUnit.SECONDS));
            streams.close(new KafkaStreams.CloseOptions().leaveGroup(true).timeout(Duration.ofSeconds(20)));
        }
        send();
    }
    public static void main(String[] a) throws Exception {
        broker = a[0];
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker))) {
            admin.createTopics(List.of(new NewTopic("labels", 1, (short) 1), new NewTopic("more", 1, (short) 1))).all().get();
        }
        List<String> labels = List.of("labels");
        UnaryOperator<KStream<String, String>> filter = stream -> stream.filter((key, value) -> true);
        UnaryOperator<KStream<String, String>> store = stream -> stream.groupByKey().reduce((before, next) -> next).toStream();
        for (String protocol : List.of("classic", "streams")) {
            String name = "of-" + protocol;
            run(name, protocol, "first", labels, stream -> stream);
            run(name, protocol, "a filter more", labels, filter);
            run(name, protocol, "a store more", labels, store);
            run(name, protocol, "a topic more", List.of("labels", "more"), filter);
        }
        run("of-streams", "classic", "a store more", labels, store);
        run("of-streams", "streams", "a store more", labels, store);
    }
}
J
timeout 100 java -Djava.io.tmpdir="$work" -cp 'lib/*' Main.java "localhost:$port" 2>log | tee out
diff out - <<'P'
of-classic, classic, first: label-0
of-classic, classic, a filter more: label-1
of-classic, classic, a store more: label-2
of-classic, classic, a topic more: label-3
of-streams, streams, first: label-5
of-streams, streams, a filter more: label-6
of-streams, streams, a store more: Topology updates are not supported yet.
of-streams, streams, a topic more: Topology updates are not supported yet.
of-streams, classic, a store more: label-7
of-streams, streams, a store more: label-10
P
echo 'as seen: the topology stays with the group'
