#!/usr/bin/env bash
# kafka-clients 4.4.0 (and 4.3.1): Consumer.assign keeps the pause of partitions that were assigned before.
#
# Guessed: assign "does not support incremental assignment and will replace the previous assignment" (its Javadoc), so that a
#          partition of the new assignment is fetched, whether the one before had paused it or not.
# Seen:    a partition that is in both assignments stays paused, with either group protocol, and poll returns nothing of it. One that
#          was away in between is fetched again. Acclimate's readers call resume after every assign.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'X'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-clients</artifactId><version>4.4.0</version></dependency>
<dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
</dependencies></project>
X
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib
cat > Main.java <<'X'
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
public class Main {
    public static void main(String[] a) {
        var zero = new TopicPartition("t", 0);
        var one = new TopicPartition("t", 1);
        for (String protocol : List.of("classic", "consumer")) {
            // Assigning and pausing need no broker.
            Map<String, Object> properties =
                    Map.of("bootstrap.servers", "localhost:9", "group.id", "g", "group.protocol", protocol);
            try (var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                consumer.assign(List.of(zero));
                consumer.pause(List.of(zero));
                consumer.assign(List.of(zero, one));
                System.out.println(protocol + ", in both: paused " + consumer.paused());
                consumer.assign(List.of(one));
                consumer.assign(List.of(zero));
                System.out.println(protocol + ", away in between: paused " + consumer.paused());
            }
        }
    }
}
X
java -cp 'lib/*' Main.java 2>/dev/null | tee out
diff out - <<'X'
classic, in both: paused [t-0]
classic, away in between: paused []
consumer, in both: paused [t-0]
consumer, away in between: paused []
X
echo 'as seen: a new assignment keeps the pause'
