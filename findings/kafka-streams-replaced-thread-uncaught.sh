#!/usr/bin/env bash
# Kafka Streams 4.4.0: with REPLACE_THREAD, the failure of a thread that replaced another one goes to the JVM's uncaught handler, too.
#
# Guessed: a StreamsUncaughtExceptionHandler decides about all threads alike, so that a failure that it has answered reaches nobody else.
# Seen:    the thread of the start dies quietly. A thread that replaced one is answered by the same handler in the same way, and then its
#          failure is uncaught: by default its stack goes to standard error, beside the log, and a test that watches for uncaught failures
#          ends. Only threads that exist when the handler is set are given a handler of their own that does nothing. A failure that is answered
#          with SHUTDOWN_CLIENT is quiet in any thread. No broker is needed: the consumers here fail at each poll.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'P'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-streams</artifactId><version>4.4.0</version></dependency>
</dependencies></project>
P
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib
cat > Main.java <<'J'
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
public class Main {
    static final class Clients implements KafkaClientSupplier {
        public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
            return new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        }
        public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
            return new MockConsumer<>("earliest") {
                @Override public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
                    throw new KafkaException("no answer");
                }
            };
        }
        public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
            return new MockConsumer<>("earliest");
        }
        public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
            return new MockConsumer<>("earliest");
        }
        public org.apache.kafka.clients.admin.Admin getAdmin(Map<String, Object> config) {
            return org.apache.kafka.clients.admin.Admin.create(config);
        }
    }
    public static void main(String[] a) throws Exception {
        Set<Thread> uncaught = ConcurrentHashMap.newKeySet();
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> uncaught.add(thread));
        var properties = new Properties();
        properties.put("application.id", "a");
        properties.put("bootstrap.servers", "localhost:1");
        properties.put("num.stream.threads", "1");
        properties.put("state.dir", Files.createTempDirectory("state").toString());
        var builder = new StreamsBuilder();
        builder.stream("in").to("out");
        var streams = new KafkaStreams(builder.build(), properties, new Clients());
        // One thread at a time: each is replaced by the next one, and the last stops the client.
        List<Thread> answered = new CopyOnWriteArrayList<>();
        var last = new CountDownLatch(1);
        streams.setUncaughtExceptionHandler(failure -> {
            answered.add(Thread.currentThread());
            if (answered.size() < 4) {
                return StreamThreadExceptionResponse.REPLACE_THREAD;
            }
            last.countDown();
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        streams.start();
        last.await();
        for (int i = 0; i < answered.size(); i++) {
            answered.get(i).join();
            System.out.println((i == 0 ? "thread of the start" : "replacement " + i) + ", answered "
                    + (i < 3 ? "REPLACE_THREAD" : "SHUTDOWN_CLIENT") + ": "
                    + (uncaught.contains(answered.get(i)) ? "uncaught" : "quiet"));
        }
        System.exit(0);
    }
}
J
timeout 120 java -Djava.io.tmpdir="$work" -cp 'lib/*' Main.java 2>log | tee out
diff out - <<'P'
thread of the start, answered REPLACE_THREAD: quiet
replacement 1, answered REPLACE_THREAD: uncaught
replacement 2, answered REPLACE_THREAD: uncaught
replacement 3, answered SHUTDOWN_CLIENT: quiet
P
echo 'as seen: a thread that replaced another one is not quiet'
