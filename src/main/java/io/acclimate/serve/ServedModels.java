package io.acclimate.serve;

import io.acclimate.core.Activation;
import io.acclimate.core.DomainId;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import io.acclimate.infer.InputBuffers;
import io.acclimate.infer.Lease;
import io.acclimate.infer.LiveSessions;
import io.acclimate.infer.ModelSession;
import io.acclimate.infer.SessionSettings;
import io.acclimate.infer.SessionSlot;
import io.acclimate.infer.WarmUp;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.node.InvalidModelException;
import io.acclimate.registry.ActivationListener;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Finds the session that answers for a domain. A domain with an activation has a slot of its own. All other domains share the
 * source model's session, which is open only while a domain that was seen needs it.
 *
 * <p>Threads: the registry's follower builds, warms up and swaps sessions; workers take leases. The lock protects the maps and is
 * never held while a session of a new version is built.
 */
final class ServedModels implements ActivationListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServedModels.class);
    /** Domains come from headers, so their number is not bounded. Beyond this many, new ones are served but not remembered. */
    private static final int MAX_REMEMBERED = 10_000;
    /** How many domains may have a line for each of their versions in a log that shows INFO. */
    private static final int DOMAINS_IN_LOG = 8;

    private final ModelGraph graph;
    private final SessionSettings settings;
    private final int warmUpRows;
    private final Telemetry telemetry;
    private final Clock clock;
    private final LiveSessions live = new LiveSessions();
    private final InputBuffers inputs = new InputBuffers();
    private final Instant since;
    /** How many unserved versions of a domain are remembered. A batch may still hold answers of the version before the newest. */
    private static final int MAX_UNSERVED = 4;

    /** Versions without a committed prediction, with the time of the newest label that they were trained on. */
    private final Map<VersionId, Instant> unserved = new ConcurrentHashMap<>();

    /** The graph that the newest version is based on. It may have more classes than {@link #graph}. The follower's thread only. */
    private ModelGraph base;

    private final DomainSessions sessions;
    /** This object's lock guards this field and the next. */
    private final Set<DomainId> onSource = new HashSet<>();

    private boolean closed;
    private final SessionSlot source = new SessionSlot(live);

    ServedModels(ModelGraph graph, SessionSettings settings, int warmUpRows, Telemetry telemetry, Clock clock) {
        this.graph = graph;
        this.base = graph;
        this.settings = settings;
        this.warmUpRows = warmUpRows;
        this.telemetry = telemetry;
        this.clock = clock;
        this.since = clock.instant();
        this.sessions = new DomainSessions(settings, live, inputs, telemetry);
    }

    /** Opens the source model, so that a model that cannot serve prevents the start instead of failing on the first image. */
    void open() throws InvalidModelException {
        telemetry.gauge(Meter.LIVE_SESSIONS, live::count);
        source.swap(
                new VersionId(DomainId.DEFAULT, VersionId.SOURCE),
                warm(graph, ModelSession.open(graph, WeightDelta.EMPTY, settings, inputs)));
    }

    /** Returns a lease on the version that the domain serves now. */
    Lease acquire(DomainId domain) {
        while (true) {
            Optional<Lease> lease = sessions.acquire(domain).or(() -> acquireSource(domain));
            if (lease.isPresent()) {
                return lease.get();
            }
        }
    }

    /** Returns nothing if the domain has got a version in the meantime. */
    private synchronized Optional<Lease> acquireSource(DomainId domain) {
        if (sessions.has(domain)) {
            return Optional.empty();
        }
        if (onSource.size() < MAX_REMEMBERED && onSource.add(domain)) {
            publish(domain, VersionId.SOURCE, since);
            // Prometheus sees a first observation only as the difference from a value that was there before.
            telemetry.timer(Meter.LABEL_TO_SERVED, domain.value());
        }
        ensureSource();
        return Optional.of(source.acquire().orElseThrow(() -> new IllegalStateException("serving is closed")));
    }

    @Override
    public Optional<String> onActivation(Activation activation, Optional<ModelVersion> version, WeightDelta weights) {
        long started = System.nanoTime();
        VersionId id = activation.version();
        try {
            if (version.isEmpty()) {
                backToSource(id.domain());
            } else {
                swap(id, base(version.get()), weights, version.get().temperature());
            }
        } catch (InvalidModelException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
        Duration took = Duration.ofNanos(System.nanoTime() - started);
        telemetry.timer(Meter.SWAP_TIME).record(took);
        publish(id.domain(), id.number(), activation.at());
        if (activation.cause() == Activation.Cause.PROMOTE && activation.at().isAfter(since)) {
            awaitFirst(id, activation.lastLabelTime());
        }
        // With many domains a line for each version would be most of the log.
        LOG.atLevel(sessions.count() <= DOMAINS_IN_LOG ? Level.INFO : Level.DEBUG)
                .log("{} serves version {} after {} ms", id.domain(), id.number(), took.toMillis());
        return Optional.empty();
    }

    /** Bounded, because an instance without images of a domain still follows the domain's versions. The follower's thread only. */
    private void awaitFirst(VersionId version, Instant label) {
        unserved.put(version, label);
        List<VersionId> own = unserved.keySet().stream()
                .filter(other -> other.domain().equals(version.domain()))
                .sorted(Comparator.comparingLong(VersionId::number))
                .toList();
        own.stream().limit(Math.max(0, own.size() - MAX_UNSERVED)).forEach(unserved::remove);
    }

    /** The number of versions that have no committed prediction yet. */
    int unserved() {
        return unserved.size();
    }

    /** Must be called for every version that answered in a committed batch. */
    void committed(VersionId version) {
        if (unserved.isEmpty()) {
            return;
        }
        Instant label = unserved.remove(version);
        if (label != null) {
            Duration wait = Duration.between(label, clock.instant());
            telemetry
                    .timer(Meter.LABEL_TO_SERVED, version.domain().value())
                    .record(wait.isNegative() ? Duration.ZERO : wait);
            // An older version that never answered has been replaced and will not answer any more.
            unserved.keySet()
                    .removeIf(other -> other.domain().equals(version.domain()) && other.number() < version.number());
        }
    }

    int liveSessions() {
        return live.count();
    }

    /** Caches the last graph, because consecutive versions share it. The follower's thread only. */
    private ModelGraph base(ModelVersion version) throws InvalidModelException {
        if (!base.digest().equals(version.base())
                || !base.card().classes().names().equals(version.classes())) {
            base = graph.basedOn(version.base(), version.classes());
        }
        return base;
    }

    private ModelSession warm(ModelGraph model, ModelSession session) throws InvalidModelException {
        try {
            WarmUp.run(session, model.card(), warmUpRows);
            return session;
        } catch (InvalidModelException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private void swap(VersionId version, ModelGraph model, WeightDelta weights, double temperature)
            throws InvalidModelException {
        ModelSession session = warm(model, sessions.open(version.domain(), model, weights));
        swap(sessions.keep(version, model, weights, temperature), session);
    }

    private synchronized void swap(DomainSessions.Version version, ModelSession session) {
        if (closed) {
            session.close();
            return;
        }
        sessions.swap(version, session);
        onSource.remove(version.id().domain());
        if (onSource.isEmpty()) {
            source.retire();
        }
    }

    private synchronized void backToSource(DomainId domain) {
        if (closed) {
            return;
        }
        onSource.add(domain);
        ensureSource();
        sessions.remove(domain);
    }

    /** Opens the source model again. It could be opened before, so a failure is not caused by an input, and a later try may succeed. */
    private void ensureSource() {
        if (closed || source.version().isPresent()) {
            return;
        }
        try {
            source.swap(
                    new VersionId(DomainId.DEFAULT, VersionId.SOURCE),
                    warm(graph, ModelSession.open(graph, WeightDelta.EMPTY, settings, inputs)));
        } catch (InvalidModelException e) {
            throw new IllegalStateException("the source model served before and cannot be opened again", e);
        }
    }

    private void publish(DomainId domain, long number, Instant at) {
        telemetry.set(Meter.ACTIVE_VERSION, (double) number, domain.value());
        telemetry.gauge(
                Meter.MODEL_AGE,
                () -> Math.max(0, Duration.between(at, clock.instant()).toMillis() / 1e3),
                domain.value());
    }

    @Override
    public synchronized void close() {
        closed = true;
        sessions.close();
        source.close();
    }
}
