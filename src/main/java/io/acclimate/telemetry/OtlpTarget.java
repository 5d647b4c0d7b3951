package io.acclimate.telemetry;

import java.net.URI;
import java.time.Duration;

/**
 * A collector that gets the meters by OTLP over HTTP, besides the page that Prometheus reads.
 *
 * @param url the collector's address for metrics, which usually ends in {@code /v1/metrics}
 * @param every the time between two exports
 */
public record OtlpTarget(URI url, Duration every) {
    public OtlpTarget {
        check(url, "metrics", "http://collector:4318/v1/metrics");
        if (every.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("metrics are sent once a second at most, got every " + every);
        }
    }

    /** Refuses what is no address of a collector. */
    static void check(URI url, String what, String example) {
        if (url.getHost() == null || !("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
            throw new IllegalArgumentException(
                    what + " are sent to an address such as " + example + ", got '" + url + "'");
        }
    }
}
