package io.acclimate.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.proto.trace.v1.Status;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TracesTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SENDER = "b7ad6b7169203331";
    private static final String SAMPLED = "00-" + TRACE + "-" + SENDER + "-01";
    private static final Instant BEGAN = Instant.parse("2026-01-01T00:00:00Z");

    private SpanCollector collector;

    @BeforeEach
    void listen() throws Exception {
        collector = new SpanCollector();
    }

    @AfterEach
    void stop() {
        collector.close();
    }

    @Test
    void aStepIsASpanBelowThatOfTheSender() {
        String named;
        try (Traces traces = Traces.to(collector.url())) {
            Traces.Step step = traces.step("predict image", SAMPLED, BEGAN).orElseThrow();
            named = step.with("acclimate.domain", "east")
                    .with("acclimate.model.version", 3)
                    .traceparent();
            step.end();
        }

        assertThat(collector.services()).containsExactly("acclimate");
        assertThat(collector.spans()).singleElement().satisfies(span -> {
            assertThat(span.name()).isEqualTo("predict image");
            assertThat(span.trace()).isEqualTo(TRACE);
            assertThat(span.parent()).isEqualTo(SENDER);
            assertThat(span.attributes())
                    .containsEntry("acclimate.domain", "east")
                    .containsEntry("acclimate.model.version", "3");
            assertThat(span.whole().getStartTimeUnixNano()).isEqualTo(BEGAN.toEpochMilli() * 1_000_000);
            assertThat(span.whole().getEndTimeUnixNano()).isGreaterThan(BEGAN.toEpochMilli() * 1_000_000);
            assertThat(named).isEqualTo("00-" + TRACE + "-" + span.id() + "-01");
        });
    }

    @Test
    void whatFailedSaysWhy() {
        try (Traces traces = Traces.to(collector.url())) {
            traces.step("refuse label", SAMPLED, BEGAN)
                    .orElseThrow()
                    .failed("UNKNOWN_CLASS")
                    .end();
        }

        assertThat(collector.spans()).singleElement().satisfies(span -> {
            assertThat(span.whole().getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
            assertThat(span.whole().getStatus().getMessage()).isEqualTo("UNKNOWN_CLASS");
        });
    }

    @Test
    void onlyASampledTraceHasSpans() {
        try (Traces traces = Traces.to(collector.url())) {
            assertThat(traces.step("a", "00-" + TRACE + "-" + SENDER + "-00", BEGAN))
                    .as("the sender did not sample it")
                    .isEmpty();
            assertThat(traces.step("b", "no trace", BEGAN)).isEmpty();
            assertThat(traces.step("c", "", BEGAN)).isEmpty();
            assertThat(traces.step("d", "00-" + "0".repeat(32) + "-" + SENDER + "-01", BEGAN))
                    .as("an id of zeros is none")
                    .isEmpty();
        }
        try (Traces none = Traces.none()) {
            assertThat(none.step("e", SAMPLED, BEGAN)).as("nobody collects").isEmpty();
        }

        assertThat(collector.spans()).isEmpty();
    }

    @Test
    void headersForMetricsAloneAreNotSentWithSpans() {
        Map<String, String> environment = Map.of(
                "OTEL_EXPORTER_OTLP_HEADERS", "Authorization=Basic%20a+b==, x-tenant=all",
                "OTEL_EXPORTER_OTLP_METRICS_HEADERS", "x-secret=of-metrics",
                "OTEL_EXPORTER_OTLP_TRACES_HEADERS", "x-tenant=traces");

        assertThat(OtlpExport.sentWithSpans(environment))
                .isEqualTo(Map.of("authorization", "Basic a+b==", "x-tenant", "traces"));
        assertThatThrownBy(() -> OtlpExport.sentWithSpans(Map.of("OTEL_EXPORTER_OTLP_HEADERS", "token=100%secret")))
                .hasMessage("OTEL_EXPORTER_OTLP_HEADERS has a value that is not percent-encoded");
    }

    @Test
    void refusesWhatIsNoAddressOfACollector() {
        assertThatThrownBy(() -> Traces.to(URI.create("collector:4318")))
                .hasMessage(
                        "spans are sent to an address such as http://collector:4318/v1/traces, got 'collector:4318'");
    }
}
