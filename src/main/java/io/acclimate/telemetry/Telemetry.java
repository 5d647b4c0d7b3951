package io.acclimate.telemetry;

import io.acclimate.core.AdaptationEvent.Drifted.Change;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.DiskSpaceMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.streams.KafkaStreams;

/**
 * Records the meters of {@link Meter} in the registry that is passed in. Any thread may call it. Handles are cached, and hot paths
 * may keep them. Domains come from users, so only {@value #MAX_DOMAINS} have series of their own. The others share the series of
 * {@code other}.
 */
public final class Telemetry implements AutoCloseable {
    public static final int MAX_DOMAINS = 50;
    public static final String OTHER = "other";

    private static final Duration[] TIME_BUCKETS = {
        Duration.ofNanos(20_000),
        Duration.ofNanos(50_000),
        Duration.ofNanos(100_000),
        Duration.ofNanos(250_000),
        Duration.ofNanos(500_000),
        Duration.ofMillis(1),
        Duration.ofNanos(2_500_000),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofMillis(1_000),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(60),
        Duration.ofMinutes(5),
        Duration.ofMinutes(30),
        Duration.ofHours(6)
    };
    private static final double[] SIZE_BUCKETS = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};

    /** Counts what happened. */
    public interface Counter {
        void increment(double amount);

        default void increment() {
            increment(1);
        }
    }

    /** Distribution of durations. */
    public interface Timer {
        void record(Duration duration);

        default void record(long amount, TimeUnit unit) {
            record(Duration.of(amount, unit.toChronoUnit()));
        }
    }

    /** Distribution of sizes. */
    public interface Summary {
        void record(long amount);
    }

    private record Key(Meter meter, List<Tag> tags) {}

    private static final class Source {
        /** Written by the gauge's present owner and read by scrapes. */
        volatile Supplier<? extends Number> supplier;

        private final Gauge gauge;

        Source(Key key, Supplier<? extends Number> supplier, MeterRegistry registry) {
            this.supplier = supplier;
            this.gauge = Gauge.builder(key.meter.title(), () -> this.supplier.get())
                    .description(key.meter.description())
                    .baseUnit(key.meter.unit().equals("seconds") ? "seconds" : null)
                    .tags(key.tags)
                    .strongReference(true)
                    .register(registry);
        }
    }

    private final MeterRegistry registry;
    /** What Prometheus reads, if this process has such a page. */
    private final Optional<PrometheusMeterRegistry> page;

    private final Traces traces;
    private final Set<String> domains = ConcurrentHashMap.newKeySet();
    private final Map<Key, Counter> counters = new ConcurrentHashMap<>();
    private final Map<Key, Timer> timers = new ConcurrentHashMap<>();
    private final Map<Key, Summary> summaries = new ConcurrentHashMap<>();
    /** The latest supplier of each gauge. A role that is restarted replaces the supplier of its predecessor. */
    private final Map<Key, Source> gauges = new ConcurrentHashMap<>();

    private final List<AutoCloseable> closeables = new ArrayList<>();

    public Telemetry(MeterRegistry registry) {
        this(registry, Optional.empty(), Traces.none());
    }

    private Telemetry(MeterRegistry registry, Optional<PrometheusMeterRegistry> page, Traces traces) {
        this.registry = registry;
        this.page = page;
        this.traces = traces;
    }

    /** Creates what a running service uses when nothing else is said: a Prometheus registry with the JVM's own meters. */
    public static Telemetry prometheus() {
        return prometheus(KafkaMeters.LAG, Optional.empty(), Traces.none());
    }

    /**
     * Creates a Prometheus registry with the JVM's own meters.
     *
     * @param otlp where the meters are sent, too
     * @param traces the spans of the process; closed with the registry
     */
    public static Telemetry prometheus(KafkaMeters kafka, Optional<OtlpTarget> otlp, Traces traces) {
        PrometheusMeterRegistry page = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        MeterRegistry registry = page;
        if (otlp.isPresent()) {
            registry = new CompositeMeterRegistry(Clock.SYSTEM, List.of(page, OtlpExport.registry(otlp.get())));
        }
        registry.config().meterFilter(kafka.filter());
        Telemetry telemetry = new Telemetry(registry, Optional.of(page), traces);
        telemetry.bindJvm();
        return telemetry;
    }

    /** Creates a registry without a scrape page, for tests and offline commands. */
    public static Telemetry inMemory() {
        return new Telemetry(new SimpleMeterRegistry());
    }

    private void bindJvm() {
        JvmGcMetrics gc = new JvmGcMetrics();
        closeables.add(gc);
        gc.bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        ProcessMemory.bindTo(registry);
        watchDisk(Path.of(System.getProperty("java.io.tmpdir", ".")));
    }

    /** Publishes how much space the disk of a folder has, and how much of it is free. */
    public void watchDisk(Path folder) {
        new DiskSpaceMetrics(folder.toFile()).bindTo(registry);
    }

    /** What happens to single images and labels. */
    public Traces traces() {
        return traces;
    }

    public Counter counter(Meter meter, String... tagValues) {
        return counters.computeIfAbsent(key(meter, Meter.Type.COUNTER, tagValues), key -> {
            io.micrometer.core.instrument.Counter counter = io.micrometer.core.instrument.Counter.builder(meter.title())
                    .description(meter.description())
                    .tags(key.tags)
                    .register(registry);
            return counter::increment;
        });
    }

    public Timer timer(Meter meter, String... tagValues) {
        return timers.computeIfAbsent(key(meter, Meter.Type.TIMER, tagValues), key -> {
            io.micrometer.core.instrument.Timer timer = io.micrometer.core.instrument.Timer.builder(meter.title())
                    .description(meter.description())
                    .tags(key.tags)
                    .serviceLevelObjectives(TIME_BUCKETS)
                    .register(registry);
            return timer::record;
        });
    }

    public Summary summary(Meter meter, String... tagValues) {
        return summaries.computeIfAbsent(key(meter, Meter.Type.SUMMARY, tagValues), key -> {
            DistributionSummary summary = DistributionSummary.builder(meter.title())
                    .description(meter.description())
                    .tags(key.tags)
                    .serviceLevelObjectives(SIZE_BUCKETS)
                    .register(registry);
            return summary::record;
        });
    }

    /** Reads {@code value} at each scrape. A later call with the same tags replaces the supplier. */
    public void gauge(Meter meter, Supplier<? extends Number> value, String... tagValues) {
        gauges.computeIfAbsent(key(meter, Meter.Type.GAUGE, tagValues), key -> new Source(key, value, registry))
                .supplier = value;
    }

    /**
     * Takes the series of a gauge for a domain off the page, whatever their other tags are. A process that does not have the domain any
     * more must not go on saying what it last knew: an alert cannot tell that from what the present owner says.
     */
    public void remove(Meter gauge, String domain) {
        Tag tag = Tag.of("domain", domains.contains(domain) ? domain : OTHER);
        for (Key key : gauges.keySet()) {
            if (key.meter == gauge && key.tags.contains(tag)) {
                gauges.computeIfPresent(key, (same, source) -> {
                    registry.remove(source.gauge);
                    return null;
                });
            }
        }
    }

    /** Sets a gauge to a fixed value until the next call. */
    public void set(Meter meter, double value, String... tagValues) {
        gauge(meter, () -> value, tagValues);
    }

    /**
     * The sum over all series of a meter whose first tags have the values {@code tagValues}; an empty value matches every tag value.
     * It adds the values of counters and gauges and the counts of timers and summaries. Tests check the meters' laws with it.
     */
    public double total(Meter meter, String... tagValues) {
        double sum = 0;
        for (io.micrometer.core.instrument.Meter each :
                registry.find(meter.title()).meters()) {
            if (matches(meter, each, tagValues)) {
                sum += each.match(
                        gauge -> gauge.value(),
                        counter -> counter.count(),
                        timer -> (double) timer.count(),
                        summary -> (double) summary.count(),
                        longTask -> 0.0,
                        timeGauge -> timeGauge.value(),
                        functionCounter -> functionCounter.count(),
                        functionTimer -> functionTimer.count(),
                        other -> 0.0);
            }
        }
        return sum;
    }

    private static boolean matches(Meter meter, io.micrometer.core.instrument.Meter each, String... tagValues) {
        for (int i = 0; i < tagValues.length; i++) {
            if (!tagValues[i].isEmpty()
                    && !tagValues[i].equals(each.getId().getTag(meter.tags().get(i)))) {
                return false;
            }
        }
        return true;
    }

    /** Publishes the client's own meters with the role as a tag, until the result is closed, which must happen before the client's. */
    public KafkaBinding bindKafka(Consumer<?, ?> consumer, String role) {
        return KafkaBinding.of(consumer, role, registry);
    }

    public KafkaBinding bindKafka(Producer<?, ?> producer, String role) {
        return KafkaBinding.of(producer, role, registry);
    }

    public KafkaBinding bindKafka(KafkaStreams streams, String role) {
        return KafkaBinding.of(streams, role, registry);
    }

    /** The page that Prometheus reads. It is empty if this process has none. */
    public String scrape() {
        return page.map(PrometheusMeterRegistry::scrape).orElse("");
    }

    private Key key(Meter meter, Meter.Type type, String... values) {
        if (meter.type() != type) {
            throw new IllegalArgumentException(meter + " is a " + meter.type() + ", not a " + type);
        }
        List<String> names = meter.tags();
        if (names.size() != values.length) {
            throw new IllegalArgumentException(meter + " takes tags " + names + ", got " + values.length + " values");
        }
        List<Tag> tags = new ArrayList<>(values.length);
        for (int i = 0; i < values.length; i++) {
            tags.add(Tag.of(names.get(i), names.get(i).equals("domain") ? bounded(values[i]) : values[i]));
        }
        return new Key(meter, tags);
    }

    private String bounded(String domain) {
        if (domains.contains(domain)) {
            return domain;
        }
        synchronized (domains) {
            if (domains.size() >= MAX_DOMAINS) {
                return domains.contains(domain) ? domain : OTHER;
            }
            domains.add(domain);
        }
        startAtZero(domain);
        return domain;
    }

    /**
     * Creates rare counters when their domain is first seen. Prometheus sees no increase in a series that begins at 1, so an alert on
     * the first rollback would not fire.
     */
    private void startAtZero(String domain) {
        counter(Meter.ROLLBACKS, domain).increment(0);
        counter(Meter.RESETS, domain).increment(0);
        for (String suspicion : List.of("ONE_CLASS", "RANDOM", "PERMUTED")) {
            counter(Meter.LABELS_SUSPECTED, domain, suspicion).increment(0);
        }
        counter(Meter.STEPS_SKIPPED, domain).increment(0);
        counter(Meter.TRAINING_RESTARTS, domain).increment(0);
        counter(Meter.DRIFTS, domain).increment(0);
        for (Change.Kind kind : Change.Kind.values()) {
            counter(Meter.DRIFT_KINDS, domain, kind.name()).increment(0);
        }
    }

    /** Closes the binders that this object made, the registry, and the traces. */
    @Override
    public void close() {
        for (AutoCloseable each : closeables) {
            try {
                each.close();
            } catch (Exception e) {
                throw new IllegalStateException("a meter binder did not close", e);
            }
        }
        closeables.clear();
        registry.close();
        traces.close();
    }
}
