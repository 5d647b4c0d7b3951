#!/usr/bin/env bash
# Kafka Streams 4.4.0: with REPLACE_THREAD, the failure of a thread that replaced another one goes to the JVM's uncaught handler, too.
#
# Guessed: a StreamsUncaughtExceptionHandler decides about all threads alike, so that a failure that it has answered reaches nobody else.
# Seen:    the threads of the start die quietly. A thread that replaced one is answered by the same handler, and then its failure is uncaught:
#          by default its stack goes to standard error, beside the log, and a test that watches for uncaught failures ends. Only the
#          threads that exist when the handler is set are given a handler of their own that does nothing. The last one here, which the handler
#          answers with SHUTDOWN_CLIENT, is quiet as well. No broker is needed: the consumers here fail at each poll.
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
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
    static String number(Thread thread) {
        return thread.getName().replaceAll(".*-StreamThread-", "");
    }
    public static void main(String[] a) throws Exception {
        var uncaught = new TreeSet<String>();
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
            synchronized (uncaught) {
                uncaught.add(number(thread));
            }
        });
        var properties = new Properties();
        properties.put("application.id", "a");
        properties.put("bootstrap.servers", "localhost:1");
        properties.put("num.stream.threads", "2");
        properties.put("state.dir", Files.createTempDirectory("state").toString());
        var builder = new StreamsBuilder();
        builder.stream("in").to("out");
        var streams = new KafkaStreams(builder.build(), properties, new Clients());
        List<Thread> answered = new ArrayList<>();
        var last = new CountDownLatch(1);
        streams.setUncaughtExceptionHandler(failure -> {
            synchronized (answered) {
                answered.add(Thread.currentThread());
                if (answered.size() < 6) {
                    return StreamThreadExceptionResponse.REPLACE_THREAD;
                }
                last.countDown();
                return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
            }
        });
        streams.start();
        last.await();
        var handled = new TreeSet<String>();
        for (Thread thread : answered) {
            thread.join();
            handled.add(number(thread));
        }
        System.out.println("answered by the handler: threads " + handled);
        System.out.println("uncaught as well: threads " + uncaught);
        System.exit(0);
    }
}
J
timeout 120 java -Djava.io.tmpdir="$work" -cp 'lib/*' Main.java 2>log | tee out
diff out - <<'P'
answered by the handler: threads [1, 2, 3, 4, 5, 6]
uncaught as well: threads [3, 4, 5]
P
echo 'as seen: only the threads of the start are quiet'
