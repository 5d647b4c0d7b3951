#!/usr/bin/env bash
# Micrometer 1.17.2 with its Prometheus registry: scrape(contentType) breaks what Prometheus asks for when it takes native histograms.
#
# Guessed: PrometheusMeterRegistry.scrape(String) returns a String, so that it answers an Accept header that prefers Protobuf with a text, which
#          the header takes too, or refuses it.
# Seen:    it makes a String of the Protobuf bytes by UTF-8. Each byte that is no UTF-8, which doubles are full of, becomes the character for
#          an unknown one, so that the answer is longer than what scrape(OutputStream, String) writes, and no Protobuf. There is no error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'P'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>io.micrometer</groupId><artifactId>micrometer-registry-prometheus</artifactId><version>1.17.2</version></dependency>
</dependencies></project>
P
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib
cat > Main.java <<'J'
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
public class Main {
    public static void main(String[] a) throws Exception {
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Gauge.builder("accuracy", () -> 0.84).register(registry);
        var accepted = new TreeMap<>(Map.of(
                "text", "text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
                "OpenMetrics", "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
                "Protobuf", "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,"
                        + "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2"));
        for (var each : accepted.entrySet()) {
            var out = new ByteArrayOutputStream();
            registry.scrape(out, each.getValue());
            String text = registry.scrape(each.getValue());
            byte[] sent = text.getBytes(StandardCharsets.UTF_8);
            System.out.println(each.getKey() + ": " + out.size() + " bytes, as a String " + sent.length + ", "
                    + (Arrays.equals(sent, out.toByteArray()) ? "the same" : text.chars().filter(c -> c == 0xfffd).count() + " unknown characters"));
        }
    }
}
J
java -cp 'lib/*' Main.java 2>log | tee out
diff out - <<'P'
OpenMetrics: 60 bytes, as a String 60, the same
Protobuf: 29 bytes, as a String 37, 4 unknown characters
text: 54 bytes, as a String 54, the same
P
echo 'as seen: Protobuf goes through UTF-8 and breaks'
