package io.acclimate.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What happens to an image or a label, as spans of the trace that its record names ({@code traceparent}). A record without a trace, or of
 * one that its sender did not sample, gets no span: the sender alone decides how many there are. Spans are sent by OTLP over HTTP, in the
 * background, when a collector is named; a span that the collector does not take in time is dropped and delays nothing.
 *
 * <p>A step that works on many records, such as a round of training, is a span in the trace of each. Rejected alternative: one span with a
 * link to each trace, which few tools show from the side of the label.
 *
 * <p>Besides, {@link #within} keeps a record and what is sent because of it in one trace under the OpenTelemetry Java agent. Any thread.
 */
public final class Traces implements AutoCloseable {
    private static final String TRACEPARENT = "traceparent";
    private static final long CLOSE_SECONDS = 5;
    private static final TextMapGetter<String> ITSELF = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(String carrier) {
            return List.of(TRACEPARENT);
        }

        @Override
        public @Nullable String get(@Nullable String carrier, String key) {
            return key.equals(TRACEPARENT) ? carrier : null;
        }
    };

    private final Optional<SdkTracerProvider> provider;
    private final Tracer tracer;

    private Traces(Optional<SdkTracerProvider> provider) {
        this.provider = provider;
        this.tracer = provider.<TracerProvider>map(each -> each)
                .orElseGet(TracerProvider::noop)
                .get("io.acclimate");
    }

    /** Makes no spans. */
    public static Traces none() {
        return new Traces(Optional.empty());
    }

    /**
     * Sends spans to a collector.
     *
     * @param collector its address for traces, which usually ends in {@code /v1/traces}
     */
    public static Traces to(URI collector) {
        OtlpTarget.check(collector, "spans", "http://collector:4318/v1/traces");
        var resource = Attributes.builder();
        OtlpExport.named().forEach(resource::put);
        Map<String, String> headers = OtlpExport.sentWithSpans(System.getenv());
        OtlpHttpSpanExporter exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(collector.toString())
                .setHeaders(() -> headers)
                .build();
        return new Traces(Optional.of(SdkTracerProvider.builder()
                .setResource(Resource.create(resource.build()))
                .setSampler(Sampler.parentBased(Sampler.alwaysOff()))
                .addSpanProcessor(BatchSpanProcessor.builder(exporter).build())
                .build()));
    }

    /** One step of the work on a record. One thread. */
    public static final class Step {
        private final Span span;

        private Step(Span span) {
            this.span = span;
        }

        /** Adds what somebody who looks at the trace wants to know. */
        public Step with(String name, String value) {
            span.setAttribute(name, value);
            return this;
        }

        public Step with(String name, long value) {
            span.setAttribute(name, value);
            return this;
        }

        /** The step came to nothing, for this reason. */
        public Step failed(String reason) {
            span.setStatus(StatusCode.ERROR, reason);
            return this;
        }

        /** Names this step in a record that is sent because of it. */
        public String traceparent() {
            Map<String, String> headers = new HashMap<>();
            W3CTraceContextPropagator.getInstance().inject(Context.root().with(span), headers, (into, name, value) -> {
                if (into != null) {
                    into.put(name, value);
                }
            });
            return headers.getOrDefault(TRACEPARENT, "");
        }

        /** The step is over now. */
        public void end() {
            span.end();
        }
    }

    /**
     * Begins a step in the trace of a record.
     *
     * @param traceparent names the trace as W3C's Trace Context says
     * @param began when the work on the record began
     * @return empty when no spans are made, or when the trace is not sampled
     */
    public Optional<Step> step(String name, String traceparent, Instant began) {
        if (provider.isEmpty() || traceparent.isEmpty()) {
            return Optional.empty();
        }
        Span span = tracer.spanBuilder(name)
                .setParent(context(Context.root(), traceparent))
                .setSpanKind(SpanKind.CONSUMER)
                .setStartTimestamp(began)
                .startSpan();
        return span.isRecording() ? Optional.of(new Step(span)) : Optional.empty();
    }

    private static Context context(Context under, String traceparent) {
        return W3CTraceContextPropagator.getInstance().extract(under, traceparent, ITSELF);
    }

    /**
     * Runs {@code work} as a part of a trace. The OpenTelemetry Java agent knows the trace of a record only while the records of a poll are
     * walked through; what is sent later would begin a trace of its own and lose the {@code traceparent} that it has. Without the agent
     * this changes nothing.
     *
     * @param traceparent names the trace as W3C's Trace Context says; one that does not is ignored
     */
    public static void within(byte @Nullable [] traceparent, Runnable work) {
        String parent = traceparent == null ? "" : new String(traceparent, StandardCharsets.UTF_8);
        Scope scope = context(Context.current(), parent).makeCurrent();
        try {
            work.run();
        } finally {
            scope.close();
        }
    }

    /** Sends the spans that wait, for a few seconds at most. */
    @Override
    public void close() {
        provider.ifPresent(each -> each.shutdown().join(CLOSE_SECONDS, TimeUnit.SECONDS));
    }
}
