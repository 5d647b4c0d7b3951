#!/usr/bin/env bash
# OpenTelemetry Java agent 2.31.1, kafka-clients 4.4.0: a traceparent header that the application has set is replaced by a new trace.
#
# Guessed: a record that names its trace already is sent as it is, or as a part of that trace.
# Seen:    without a current span the record gets the traceparent of a new trace, and the one that it had is gone. A service that answers
#          after its poll loop, and passes the header on, loses the trace that way. With
#          otel.instrumentation.kafka.producer-propagation.enabled=false the header stays. Acclimate makes the image's trace the current
#          one while it sends the prediction.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'X'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-clients</artifactId><version>4.4.0</version></dependency>
<dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
<dependency><groupId>io.opentelemetry.javaagent</groupId><artifactId>opentelemetry-javaagent</artifactId><version>2.31.1</version></dependency>
</dependencies></project>
X
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib
mkdir agent && mv lib/opentelemetry-javaagent-2.31.1.jar agent
cat > Main.java <<'X'
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
public class Main {
    static final String MINE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    /** Sees the record as the producer sends it, so that no broker is needed. */
    public static class Seen implements ProducerInterceptor<String, String> {
        public ProducerRecord<String, String> onSend(ProducerRecord<String, String> record) {
            int count = 0;
            for (var unused : record.headers().headers("traceparent")) {
                count++;
            }
            String sent = new String(record.headers().lastHeader("traceparent").value(), StandardCharsets.UTF_8);
            System.out.println(System.getProperty("run") + ": " + count + " traceparent, "
                    + (sent.equals(MINE) ? "the application's" : sent.contains(MINE.substring(3, 35)) ? "of its trace" : "of another trace"));
            return record;
        }
        public void onAcknowledgement(RecordMetadata metadata, Exception failure) {}
        public void close() {}
        public void configure(Map<String, ?> properties) {}
    }
    public static void main(String[] a) {
        ProducerRecord<String, String> record = new ProducerRecord<>("t", "value");
        record.headers().add("traceparent", MINE.getBytes(StandardCharsets.UTF_8));
        Map<String, Object> properties =
                Map.of("bootstrap.servers", "localhost:9", "max.block.ms", 200, "interceptor.classes", Seen.class.getName());
        try (var producer = new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
            producer.send(record, (metadata, failure) -> {});
        }
    }
}
X
mkdir classes && javac -cp 'lib/*' -d classes Main.java
quiet='-Dotel.traces.exporter=none -Dotel.metrics.exporter=none -Dotel.logs.exporter=none'
{
  java -Drun='without the agent' -cp 'classes:lib/*' Main
  java -Drun='with the agent' -javaagent:agent/opentelemetry-javaagent-2.31.1.jar $quiet -cp 'classes:lib/*' Main
  java -Drun='without propagation' -javaagent:agent/opentelemetry-javaagent-2.31.1.jar $quiet \
    -Dotel.instrumentation.kafka.producer-propagation.enabled=false -cp 'classes:lib/*' Main
} 2>log | tee out
diff out - <<'X'
without the agent: 1 traceparent, the application's
with the agent: 1 traceparent, of another trace
without propagation: 1 traceparent, the application's
X
echo 'as seen: the header that the application has set is lost'
