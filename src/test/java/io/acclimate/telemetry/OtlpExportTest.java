package io.acclimate.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

class OtlpExportTest {
    @Test
    void collectorGetsTheMetersThatPrometheusReads() throws Exception {
        Queue<ExportMetricsServiceRequest> received = new ConcurrentLinkedQueue<>();
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/metrics", exchange -> {
            received.add(ExportMetricsServiceRequest.parseFrom(exchange.getRequestBody()));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        try {
            URI url = URI.create("http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/metrics");
            Telemetry telemetry = Telemetry.prometheus(
                    KafkaMeters.LAG, Optional.of(new OtlpTarget(url, Duration.ofHours(1))), Traces.none());
            telemetry.counter(Meter.PREDICTIONS, "east").increment(3);
            telemetry.timer(Meter.RUN_TIME).record(Duration.ofMillis(7));
            assertThat(telemetry.scrape()).contains("acclimate_predictions_total{domain=\"east\"} 3.0");

            // A process that stops sends what it counted last.
            telemetry.close();
        } finally {
            collector.stop(0);
        }

        ResourceMetrics sent = received.element().getResourceMetrics(0);
        assertThat(sent.getResource().getAttributesList())
                .extracting(KeyValue::getKey, attribute -> attribute.getValue().getStringValue())
                .contains(org.assertj.core.groups.Tuple.tuple("service.name", "acclimate"));
        List<Metric> metrics = sent.getScopeMetrics(0).getMetricsList();
        assertThat(metrics).extracting(Metric::getName).contains("acclimate.run.time", "jvm.memory.used");
        assertThat(metrics)
                .filteredOn(metric -> metric.getName().equals("acclimate.run.time"))
                .singleElement()
                .satisfies(metric -> {
                    assertThat(metric.getUnit()).isEqualTo("seconds");
                    assertThat(metric.getHistogram().getDataPoints(0).getSum()).isCloseTo(0.007, within(1e-9));
                });
        assertThat(metrics)
                .filteredOn(metric -> metric.getName().equals("acclimate.predictions"))
                .singleElement()
                .satisfies(metric -> {
                    assertThat(metric.getSum().getDataPoints(0).getAsDouble()).isEqualTo(3);
                    assertThat(metric.getSum().getDataPoints(0).getAttributes(0).getKey())
                            .isEqualTo("domain");
                });
    }

    @Test
    void refusesWhatIsNoAddressOfACollector() {
        assertThatThrownBy(() -> new OtlpTarget(URI.create("collector:4318"), Duration.ofMinutes(1)))
                .hasMessageContaining("http://collector:4318/v1/metrics, got 'collector:4318'");
        assertThatThrownBy(() -> new OtlpTarget(URI.create("http://collector"), Duration.ofMillis(5)))
                .hasMessageContaining("PT0.005S");
    }
}
