#!/usr/bin/env bash
# Kafka Connect 4.4.0: the default header converter, SimpleHeaderConverter, keeps the beginning of a header that begins like a number.
#
# Guessed: a text that is no number, such as "12:30", stays the text that it is, and "1.10" is written as it was read.
# Seen:    "12:30" passes a source or sink as 12, "1:1000" as 1, "007" as 7, "1.10" as 1.1, "1e3" as 1000, "+5" as 5, and "null" as no
#          value, without an error. "12 cats" and "5f" stay. A label of Acclimate would name another class. StringConverter keeps them all.
#          But the transform InsertHeader reads its value.literal by the same rules, so that StringConverter gets 7 to write for "007".
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'X'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>org.apache.kafka</groupId><artifactId>connect-transforms</artifactId><version>4.4.0</version></dependency>
<dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
</dependencies></project>
X
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib
cat > Main.java <<'X'
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.apache.kafka.connect.storage.SimpleHeaderConverter;
import org.apache.kafka.connect.storage.StringConverter;
import org.apache.kafka.connect.transforms.InsertHeader;
public class Main {
    /** What a pipeline that reads and writes with the converter makes of a header. */
    static String passed(HeaderConverter converter, String text) {
        var inside = converter.toConnectHeader("t", "label", text.getBytes(StandardCharsets.UTF_8));
        byte[] out = inside == null ? null : converter.fromConnectHeader("t", "label", inside.schema(), inside.value());
        return out == null ? "no value" : new String(out, StandardCharsets.UTF_8);
    }
    /** What the converter writes of a header that the transform inserts. */
    static String inserted(HeaderConverter converter, String text) {
        try (var transform = new InsertHeader<SourceRecord>()) {
            transform.configure(Map.of("header", "label", "value.literal", text));
            var record = transform.apply(new SourceRecord(null, null, "t", null, "value"));
            var header = record.headers().lastWithName("label");
            byte[] out = converter.fromConnectHeader("t", "label", header.schema(), header.value());
            return out == null ? "no value" : new String(out, StandardCharsets.UTF_8);
        }
    }
    public static void main(String[] a) {
        var simple = new SimpleHeaderConverter();
        simple.configure(Map.of());
        var string = new StringConverter();
        string.configure(Map.of("converter.type", "header"));
        for (String text : List.of("12:30", "1:1000", "007", "1.10", "1e3", "+5", "null", "12 cats", "5f")) {
            System.out.println(text + " | " + passed(simple, text) + " | " + passed(string, text) + " | " + inserted(string, text));
        }
    }
}
X
java -cp 'lib/*' Main.java 2>/dev/null | tee out
diff out - <<'X'
12:30 | 12 | 12:30 | 12
1:1000 | 1 | 1:1000 | 1
007 | 7 | 007 | 7
1.10 | 1.1 | 1.10 | 1.1
1e3 | 1000 | 1e3 | 1000
+5 | 5 | +5 | 5
null | no value | null | no value
12 cats | 12 cats | 12 cats | 12 cats
5f | 5f | 5f | 5f
X
echo 'as seen: text that begins like a number loses the rest'
