#!/usr/bin/env bash
# camel-kafka 4.22.0: the default header serializer writes numbers in binary and leaves four kinds of values out.
#
# Guessed: a message header with a value becomes a Kafka header, and a number its decimal digits, as text does.
# Seen:    Integer, Long and Double become 4 or 8 big-endian bytes, Boolean becomes text, and Short, Byte, Float and lists are no header
#          at all: the record goes out without them and without an error. Acclimate refuses a label that is a binary number and says so.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'X'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>org.apache.camel</groupId><artifactId>camel-kafka</artifactId><version>4.22.0</version></dependency>
<dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
</dependencies></project>
X
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib
cat > Main.java <<'X'
import java.util.HexFormat;
import java.util.List;
import org.apache.camel.component.kafka.serde.DefaultKafkaHeaderSerializer;
public class Main {
    public static void main(String[] a) {
        var serializer = new DefaultKafkaHeaderSerializer();
        for (Object value : new Object[] {"7", 7, 7L, 7.0, true, (short) 7, (byte) 7, 7f, List.of("7")}) {
            byte[] header = serializer.serialize("label", value);
            String type = value instanceof List ? "List" : value.getClass().getSimpleName();
            System.out.println(type + " " + (header == null ? "left out" : HexFormat.of().formatHex(header)));
        }
    }
}
X
java -cp 'lib/*' Main.java 2>/dev/null | tee out
diff out - <<'X'
String 37
Integer 00000007
Long 0000000000000007
Double 401c000000000000
Boolean 74727565
Short left out
Byte left out
Float left out
List left out
X
echo 'as seen: numbers in binary, some values left out'
