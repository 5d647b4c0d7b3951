package io.acclimate.telemetry;

import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a record and what is sent because of it in one trace. The OpenTelemetry Java agent knows the trace of a record only while the
 * records of a poll are walked through; what is sent later would begin a trace of its own and lose the {@code traceparent} that it has.
 * Without the agent this changes nothing. Any thread.
 */
public final class Traces {
    private static final String TRACEPARENT = "traceparent";
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

    private Traces() {}

    /**
     * Runs {@code work} as a part of a trace.
     *
     * @param traceparent names the trace as W3C's Trace Context says; one that does not is ignored
     */
    public static void within(byte @Nullable [] traceparent, Runnable work) {
        String parent = traceparent == null ? "" : new String(traceparent, StandardCharsets.UTF_8);
        Context trace = W3CTraceContextPropagator.getInstance().extract(Context.current(), parent, ITSELF);
        Scope scope = trace.makeCurrent();
        try {
            work.run();
        } finally {
            scope.close();
        }
    }
}
