#!/usr/bin/env bash
# Spring Kafka 4.1.2 with Jackson 3.3.0: the header mapper writes a MimeType with quotation marks, and takes quotation marks off a String.
#
# Guessed: a MimeType header is the text image/png, as a String header is, since the mapper lists MimeType among the types that it turns
#          to text; and a String header arrives as the String that was sent.
# Seen:    the MimeType is written as "image/png", in quotation marks, and marked as a java.lang.String, while a String is written as it
#          is. A String that has quotation marks of its own is written with them and read without. A content type of Acclimate would be
#          refused as one that it does not know. The table of clients says to give headers as String.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'X'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>org.springframework.kafka</groupId><artifactId>spring-kafka</artifactId><version>4.1.2</version></dependency>
<dependency><groupId>tools.jackson.core</groupId><artifactId>jackson-databind</artifactId><version>3.3.0</version></dependency>
</dependencies></project>
X
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib
cat > Main.java <<'X'
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.springframework.kafka.support.JsonKafkaHeaderMapper;
import org.springframework.messaging.MessageHeaders;
import org.springframework.util.MimeTypeUtils;
public class Main {
    static void show(String what, Object value) {
        var mapper = new JsonKafkaHeaderMapper();
        var written = new RecordHeaders();
        mapper.fromHeaders(new MessageHeaders(Map.of("h", value)), written);
        var read = new HashMap<String, Object>();
        mapper.toHeaders(written, read);
        System.out.println(what + " " + value + " | " + new String(written.lastHeader("h").value(), StandardCharsets.UTF_8)
                + " | " + read.get("h").getClass().getSimpleName() + " " + read.get("h"));
    }
    public static void main(String[] a) {
        show("MimeType", MimeTypeUtils.IMAGE_PNG);
        show("String", "image/png");
        show("String", "\"image/png\"");
    }
}
X
java -cp 'lib/*' Main.java 2>/dev/null | tee out
diff out - <<'X'
MimeType image/png | "image/png" | String image/png
String image/png | image/png | String image/png
String "image/png" | "image/png" | String image/png
X
echo 'as seen: quotation marks come with a MimeType and go from a String'
