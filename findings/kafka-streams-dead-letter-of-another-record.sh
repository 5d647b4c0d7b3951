#!/usr/bin/env bash
# Kafka Streams 4.4.0, errors.dead.letter.queue.topic.name: a result that fails when its window closes makes a dead letter of another record.
#
# Guessed: the queue gets the input record that failed, with its key, value, headers and offset as they were on the topic.
# Seen:    where a window closes (emitStrategy(onWindowClose), an unmatched record of leftJoin), the dead letter is the record that moved time
#          on: another key, a good value, an offset that says "here". The message of the exception is of the bad one, which is in no dead
#          letter. So who mends and sends again sends a good record twice and loses the bad one. suppress() gives the right one. And where a
#          processor had changed headers, the dead letter has key and value of the input, but the changed headers.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'P'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-streams-test-utils</artifactId><version>4.4.0</version></dependency>
</dependencies></project>
P
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib
cat > Main.java <<'J'
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.errors.LogAndContinueProcessingExceptionHandler;
import org.apache.kafka.streams.kstream.*;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.test.TestRecord;
public class Main {
    static final Duration SECOND = Duration.ofSeconds(1);
    static final class Traced extends ContextualProcessor<String, String, String, String> {
        @Override public void process(Record<String, String> record) {
            record.headers().remove("trace");
            context().forward(record);
        }
    }
    static TimeWindowedKStream<String, String> windowed(KStream<String, String> stream) {
        return stream.groupByKey().windowedBy(TimeWindows.ofSizeAndGrace(SECOND, Duration.ZERO));
    }
    static KStream<String, String> unwindowed(KTable<Windowed<String>, String> table) {
        return table.toStream((key, value) -> key.key());
    }
    static String checked(String value) {
        if (value.contains("bad")) {
            throw new IllegalStateException("cannot take " + value);
        }
        return value;
    }
    static String header(Headers headers, String name) {
        return headers.lastHeader(name) == null ? "none" : new String(headers.lastHeader(name).value());
    }
    static void run(String what, UnaryOperator<KStream<String, String>> topology) throws Exception {
        var properties = new Properties();
        properties.put("application.id", "a");
        properties.put("bootstrap.servers", "localhost:1");
        properties.put("default.key.serde", Serdes.StringSerde.class);
        properties.put("default.value.serde", Serdes.StringSerde.class);
        properties.put("state.dir", Files.createTempDirectory("state").toString());
        properties.put("errors.dead.letter.queue.topic.name", "dead");
        properties.put("processing.exception.handler", LogAndContinueProcessingExceptionHandler.class);
        var builder = new StreamsBuilder();
        topology.apply(builder.stream("in")).mapValues(Main::checked).to("out");
        try (var driver = new TopologyTestDriver(builder.build(), properties)) {
            var in = driver.createInputTopic("in", new StringSerializer(), new StringSerializer());
            int number = 0;
            for (String value : List.of("good", "bad", "good", "good")) {
                String key = "cat-" + number;
                in.pipeInput(new TestRecord<>(key, value, new RecordHeaders().add("trace", key.getBytes()), 60_000L * number));
                driver.advanceWallClockTime(Duration.ofMinutes(1));
                number++;
            }
            for (var record : driver.createOutputTopic("dead", new StringDeserializer(), new StringDeserializer()).readRecordsToList()) {
                System.out.println(what + ": " + record.key() + " " + record.value() + ", trace " + header(record.headers(), "trace")
                        + ", offset " + header(record.headers(), "__streams.errors.offset")
                        + ", " + header(record.headers(), "__streams.errors.message"));
            }
        }
    }
    public static void main(String[] a) throws Exception {
        run("at once", in -> in);
        run("after a header was removed", in -> in.process(Traced::new));
        run("suppressed until the end", in -> unwindowed(windowed(in).reduce((x, y) -> x + y, Materialized.with(Serdes.String(), Serdes.String()))
                .suppress(Suppressed.untilWindowCloses(Suppressed.BufferConfig.unbounded()))));
        run("sent at the end", in -> unwindowed(windowed(in).emitStrategy(EmitStrategy.onWindowClose()).reduce((x, y) -> x + y)));
        run("unmatched", in -> in.leftJoin(in.filter((key, value) -> false), (x, y) -> x,
                JoinWindows.ofTimeDifferenceAndGrace(SECOND, Duration.ZERO)));
    }
}
J
java -Djava.io.tmpdir="$work" -cp 'lib/*' Main.java 2>log | tee out
diff out - <<'P'
at once: cat-1 bad, trace cat-1, offset 1, cannot take bad
after a header was removed: cat-1 bad, trace none, offset 1, cannot take bad
suppressed until the end: cat-1 bad, trace cat-1, offset 1, cannot take bad
sent at the end: cat-2 good, trace cat-2, offset 2, cannot take bad
unmatched: cat-2 good, trace cat-2, offset 2, cannot take bad
P
echo 'as seen: the dead letter is of the record that closed the window'
