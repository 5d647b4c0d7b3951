#!/usr/bin/env bash
# Kafka Streams 4.4.0: what is sent when a window closes carries the headers of the record that closed it.
#
# Guessed: with dsl.store.format=HEADERS ("creates headers-aware stores that preserve record headers") the result of a window that is sent at
#          its end has the headers of its own records, and an unmatched record of a left join has its own.
# Seen:    both have key, value and timestamp of their own and the headers of another record, with another key, that happened to move time on.
#          With the format DEFAULT it is the same. The documentation says so of left joins only. suppress() and results that are sent
#          at once have the headers of their own last record. A header that means something, such as traceparent or label, is wrong then.
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
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.kstream.*;
import org.apache.kafka.streams.test.TestRecord;
public class Main {
    static final Duration SECOND = Duration.ofSeconds(1);
    static TimeWindowedKStream<String, String> windowed(KStream<String, String> stream) {
        return stream.groupByKey().windowedBy(TimeWindows.ofSizeAndGrace(SECOND, Duration.ZERO));
    }
    static KStream<String, String> unwindowed(KTable<Windowed<String>, String> table) {
        return table.toStream((key, value) -> key.key());
    }
    /** Sends cat-1 twice within a second, then cat-2 and cat-3 much later, and shows what comes of cat-1. */
    static void run(String what, String format, UnaryOperator<KStream<String, String>> topology) throws Exception {
        var properties = new Properties();
        properties.put("application.id", "a");
        properties.put("bootstrap.servers", "localhost:1");
        properties.put("default.key.serde", Serdes.StringSerde.class);
        properties.put("default.value.serde", Serdes.StringSerde.class);
        properties.put("state.dir", Files.createTempDirectory("state").toString());
        properties.put("dsl.store.format", format);
        var builder = new StreamsBuilder();
        topology.apply(builder.stream("in")).to("out");
        try (var driver = new TopologyTestDriver(builder.build(), properties)) {
            var in = driver.createInputTopic("in", new StringSerializer(), new StringSerializer());
            int number = 0;
            for (String key : List.of("cat-1", "cat-1", "cat-2", "cat-3")) {
                long time = number < 2 ? number : 60_000L * number;
                var headers = new RecordHeaders().add("trace", (key + "/" + number).getBytes());
                in.pipeInput(new TestRecord<>(key, "v" + number, headers, time));
                driver.advanceWallClockTime(Duration.ofMinutes(1));
                number++;
            }
            var out = driver.createOutputTopic("out", new StringDeserializer(), new StringDeserializer());
            for (var record : out.readRecordsToList()) {
                if (record.key().equals("cat-1")) {
                    System.out.println(what + ", " + format + ": " + record.value() + " at " + record.timestamp() + ", trace "
                            + new String(record.headers().lastHeader("trace").value()));
                }
            }
        }
    }
    public static void main(String[] a) throws Exception {
        for (String format : List.of("DEFAULT", "HEADERS")) {
            run("at once", format, in -> in.groupByKey().reduce((x, y) -> x + y).toStream());
            run("suppressed until the end", format, in -> unwindowed(windowed(in).reduce((x, y) -> x + y, Materialized.with(Serdes.String(), Serdes.String()))
                    .suppress(Suppressed.untilWindowCloses(Suppressed.BufferConfig.unbounded()))));
            run("sent at the end", format, in -> unwindowed(windowed(in).emitStrategy(EmitStrategy.onWindowClose()).reduce((x, y) -> x + y)));
            run("unmatched", format, in -> in.leftJoin(in.filter((key, value) -> false), (x, y) -> x + " and " + y,
                    JoinWindows.ofTimeDifferenceAndGrace(SECOND, Duration.ZERO)));
        }
    }
}
J
java -Djava.io.tmpdir="$work" -cp 'lib/*' Main.java 2>log | tee out
diff out - <<'P'
at once, DEFAULT: v0 at 0, trace cat-1/0
at once, DEFAULT: v0v1 at 1, trace cat-1/1
suppressed until the end, DEFAULT: v0v1 at 1, trace cat-1/1
sent at the end, DEFAULT: v0v1 at 1, trace cat-2/2
unmatched, DEFAULT: v0 and null at 0, trace cat-2/2
unmatched, DEFAULT: v1 and null at 1, trace cat-2/2
at once, HEADERS: v0 at 0, trace cat-1/0
at once, HEADERS: v0v1 at 1, trace cat-1/1
suppressed until the end, HEADERS: v0v1 at 1, trace cat-1/1
sent at the end, HEADERS: v0v1 at 1, trace cat-2/2
unmatched, HEADERS: v0 and null at 0, trace cat-2/2
unmatched, HEADERS: v1 and null at 1, trace cat-2/2
P
echo 'as seen: the headers are those of the record that closed the window'
