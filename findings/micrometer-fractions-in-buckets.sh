#!/usr/bin/env bash
# Micrometer 1.17.2 with its Prometheus registry: a histogram of a DistributionSummary counts each value as the next whole number.
#
# Guessed: serviceLevelObjectives(double...) makes buckets at these bounds, fractions included, and a value is counted where it belongs, as
#          io.prometheus' own Histogram does: of confidences 0.05, 0.3, 0.5 and 0.7 two are at most 0.3.
# Seen:    the value is rounded up before: all four are above 0.9 and at most 1, also with minimumExpectedValue(0.01), and 2.2 is above 2.5.
#          Sum, maximum and count are right, so that only a quantile of the buckets shows it: a median of 0.96 where Prometheus' own says
#          0.4. A SimpleMeterRegistry with publishPercentiles counts as guessed. There is no warning, and bounds of fractions are taken.
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
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.util.stream.Collectors;
public class Main {
    static final double[] BOUNDS = {0.1, 0.3, 0.5, 0.9, 1, 2.5, 3};
    static final double[] VALUES = {0.05, 0.3, 0.5, 0.7, 2.2};
    static String buckets(String text) {
        return text.lines().filter(line -> line.startsWith("confidence_bucket"))
                .map(line -> line.replaceAll("confidence_bucket\\{le=\"(.*)\"\\} ", "$1: ")).collect(Collectors.joining(", "));
    }
    static MeterRegistry recorded(MeterRegistry registry, DistributionSummary.Builder builder) {
        DistributionSummary summary = builder.serviceLevelObjectives(BOUNDS).register(registry);
        for (double value : VALUES) {
            summary.record(value);
        }
        return registry;
    }
    static String prometheus(DistributionSummary.Builder builder) {
        return buckets(((PrometheusMeterRegistry) recorded(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), builder)).scrape());
    }
    public static void main(String[] a) throws Exception {
        var histogram = Histogram.builder().name("confidence").classicOnly().classicUpperBounds(BOUNDS).withoutExemplars().register();
        for (double value : VALUES) {
            histogram.observe(value);
        }
        var out = new ByteArrayOutputStream();
        PrometheusTextFormatWriter.create().write(out, PrometheusRegistry.defaultRegistry.scrape());
        System.out.println("Prometheus' own: " + buckets(out.toString()));
        System.out.println("Micrometer: " + prometheus(DistributionSummary.builder("confidence")));
        System.out.println("from 0.01: " + prometheus(DistributionSummary.builder("confidence").minimumExpectedValue(0.01)));
        var simple = recorded(new SimpleMeterRegistry(), DistributionSummary.builder("confidence").publishPercentiles(0.5).minimumExpectedValue(0.01));
        System.out.println("Simple: " + java.util.Arrays.toString(simple.get("confidence").summary().takeSnapshot().histogramCounts()));
    }
}
J
java -cp 'lib/*' Main.java 2>log | tee out
diff out - <<'P'
Prometheus' own: 0.1: 1, 0.3: 2, 0.5: 3, 0.9: 4, 1.0: 4, 2.5: 5, 3.0: 5, +Inf: 5
Micrometer: 0.1: 0, 0.3: 0, 0.5: 0, 0.9: 0, 1.0: 4, 2.5: 4, 3.0: 5, +Inf: 5
from 0.01: 0.1: 0, 0.3: 0, 0.5: 0, 0.9: 0, 1.0: 4, 2.5: 4, 3.0: 5, +Inf: 5
Simple: [(1.0 at 0.1), (2.0 at 0.3), (3.0 at 0.5), (4.0 at 0.9), (4.0 at 1.0), (5.0 at 2.5), (5.0 at 3.0)]
P
echo 'as seen: fractions are counted as whole numbers'
