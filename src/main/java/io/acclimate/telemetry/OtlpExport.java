package io.acclimate.telemetry;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sends meters to a collector. OpenTelemetry's own variables count: {@code OTEL_SERVICE_NAME} and {@code OTEL_RESOURCE_ATTRIBUTES} for what the
 * process is called, {@code OTEL_EXPORTER_OTLP_HEADERS} for a token.
 */
final class OtlpExport implements OtlpConfig {
    private static final String SERVICE_NAME = "service.name";
    /** Micrometer's reading of OpenTelemetry's variables. */
    private static final OtlpConfig ENVIRONMENT = key -> null;

    private final OtlpTarget target;

    private OtlpExport(OtlpTarget target) {
        this.target = target;
    }

    static MeterRegistry registry(OtlpTarget target) {
        return new OtlpMeterRegistry(new OtlpExport(target), Clock.SYSTEM);
    }

    /** Micrometer asks for properties under names of its own; there are none. */
    @Override
    public @Nullable String get(String key) {
        return null;
    }

    @Override
    public String url() {
        return target.url().toString();
    }

    @Override
    public Duration step() {
        return target.every();
    }

    @Override
    public Map<String, String> resourceAttributes() {
        return named();
    }

    /** What the process is called. */
    static Map<String, String> named() {
        Map<String, String> attributes = new HashMap<>(ENVIRONMENT.resourceAttributes());
        attributes.putIfAbsent(SERVICE_NAME, "acclimate");
        return attributes;
    }

    /** The headers of each request. */
    static Map<String, String> sent() {
        return ENVIRONMENT.headers();
    }
}
