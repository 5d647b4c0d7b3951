package io.acclimate.telemetry;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends meters to a collector. OpenTelemetry's own variables count: {@code OTEL_SERVICE_NAME} and {@code OTEL_RESOURCE_ATTRIBUTES} for what the
 * process is called, {@code OTEL_EXPORTER_OTLP_HEADERS} for a token, and its forms for one signal, with {@code METRICS} or {@code TRACES} before
 * {@code HEADERS}, for a token that only that collector may see.
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

    /** As Prometheus reads them, and as OpenTelemetry's conventions for durations ask, so that one dashboard shows both. */
    @Override
    public TimeUnit baseTimeUnit() {
        return TimeUnit.SECONDS;
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

    /**
     * The headers of each request with spans: those for every signal, and those for spans, which count where both name the same. Micrometer
     * reads the headers of requests with metrics.
     */
    static Map<String, String> sentWithSpans(Map<String, String> environment) {
        Map<String, String> headers = new HashMap<>();
        for (String name : List.of("OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS")) {
            for (String pair : environment.getOrDefault(name, "").split(",", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    headers.put(
                            pair.substring(0, equals).strip().toLowerCase(Locale.ROOT),
                            decoded(name, pair.substring(equals + 1).strip()));
                }
            }
        }
        return headers;
    }

    /** Values are percent-encoded, and a plus is a plus. */
    private static String decoded(String variable, String value) {
        try {
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // The value may be a secret, so neither it nor the cause, which holds a part of it, is shown.
            throw new IllegalArgumentException(variable + " has a value that is not percent-encoded");
        }
    }
}
