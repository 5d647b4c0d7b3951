package io.acclimate.serve;

import io.acclimate.core.DomainId;
import io.acclimate.core.VersionId;
import io.acclimate.infer.InputBuffers;
import io.acclimate.infer.Lease;
import io.acclimate.infer.LiveSessions;
import io.acclimate.infer.ModelSession;
import io.acclimate.infer.SessionSettings;
import io.acclimate.infer.SessionSlot;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.node.InvalidModelException;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The sessions of the domains that have a version of their own. A session of a network of 242 kB that keeps the memory of its runs takes 6
 * MB, which is 6 GB for a thousand domains. So the first {@value #RESIDENT} domains have such a session for good. The sessions of the
 * others keep no memory of runs, and at most {@value #OPEN} of them are open: the one that was used least recently is closed, its weights
 * are in a file, and it is opened again for the domain's next image, which costs some milliseconds.
 *
 * <p>Rejected alternative: one session that takes the weights as inputs, since it needs 1.4 times the time for each image.
 *
 * <p>Threads: any. The lock protects the maps and is never held while a session is opened.
 */
final class DomainSessions implements AutoCloseable {
    static final int RESIDENT = 8;
    static final int OPEN = 64;

    private final SessionSettings settings;
    private final LiveSessions live;
    private final InputBuffers inputs;
    private final Telemetry.Timer reopenTime;
    private final KeptWeights kept = new KeptWeights();
    /** This object's lock guards this field and the next. */
    private final Map<DomainId, Domain> domains = new HashMap<>();
    /** Those that are open and not resident, the least recently used first. */
    private final Map<DomainId, Domain> open = new LinkedHashMap<>(16, 0.75f, true);

    /** A version as it can be opened again, unless its domain is resident, which keeps no weights because it needs none. */
    record Version(VersionId id, ModelGraph base, KeptWeights.Kept weights, double temperature) {}

    private record Domain(SessionSlot slot, boolean resident, Version version) {}

    DomainSessions(SessionSettings settings, LiveSessions live, InputBuffers inputs, Telemetry telemetry) {
        this.settings = settings;
        this.live = live;
        this.inputs = inputs;
        this.reopenTime = telemetry.timer(Meter.REOPEN_TIME);
    }

    /** How many domains have a version. */
    synchronized int count() {
        return domains.size();
    }

    synchronized boolean has(DomainId domain) {
        return domains.containsKey(domain);
    }

    /** Opens a session for the domain's next version, which nobody uses yet. */
    ModelSession open(DomainId domain, ModelGraph base, WeightDelta weights) throws InvalidModelException {
        return ModelSession.open(base, weights, isResident(domain) ? settings : settings.keepingNothing(), inputs);
    }

    private synchronized boolean isResident(DomainId domain) {
        Domain known = domains.get(domain);
        return known == null ? residents() < RESIDENT : known.resident();
    }

    private long residents() {
        return domains.values().stream().filter(Domain::resident).count();
    }

    /** Keeps what opens a version again. This may write to a disk, so no prediction may wait for the caller. */
    Version keep(VersionId id, ModelGraph base, WeightDelta weights, double temperature) {
        return new Version(id, base, kept.keep(isResident(id.domain()) ? WeightDelta.EMPTY : weights), temperature);
    }

    /** Serves a version by {@code session}, which belongs to this object from now on. */
    synchronized void swap(Version version, ModelSession session) {
        DomainId domain = version.id().domain();
        boolean resident = isResident(domain);
        Domain before = domains.get(domain);
        SessionSlot slot = before == null ? new SessionSlot(live) : before.slot();
        put(new Domain(slot, resident, version), session);
        if (before != null) {
            kept.forget(before.version().weights());
        }
    }

    /** Holds the lock. */
    private void put(Domain domain, ModelSession session) {
        Version version = domain.version();
        domains.put(version.id().domain(), domain);
        domain.slot().swap(version.id(), session, version.temperature());
        if (!domain.resident()) {
            open.put(version.id().domain(), domain);
            Iterator<Domain> eldest = open.values().iterator();
            while (open.size() > OPEN) {
                eldest.next().slot().retire();
                eldest.remove();
            }
        }
    }

    /** Returns a lease on the domain's version. The answer is empty if it has none. */
    Optional<Lease> acquire(DomainId domain) {
        while (true) {
            Domain known;
            synchronized (this) {
                known = domains.get(domain);
                // Has been used just now.
                open.get(domain);
            }
            if (known == null) {
                return Optional.empty();
            }
            Optional<Lease> lease = known.slot().acquire();
            if (lease.isPresent()) {
                return lease;
            }
            reopen(known);
        }
    }

    private void reopen(Domain closed) {
        long began = System.nanoTime();
        Version version = closed.version();
        ModelSession session;
        try {
            session =
                    ModelSession.open(version.base(), kept.read(version.weights()), settings.keepingNothing(), inputs);
        } catch (InvalidModelException | UncheckedIOException e) {
            if (!isCurrent(closed)) {
                return;
            }
            // The worker pauses after a failure and takes the images again, by when there may be memory.
            throw new IllegalStateException("version " + version.id() + " served before and cannot be opened again", e);
        }
        synchronized (this) {
            if (isCurrent(closed) && closed.slot().version().isEmpty()) {
                put(closed, session);
                reopenTime.record(Duration.ofNanos(System.nanoTime() - began));
                return;
            }
        }
        // Another thread was first, or another version serves, which may have taken the place of these weights.
        session.close();
    }

    private synchronized boolean isCurrent(Domain domain) {
        return domain.equals(domains.get(domain.version().id().domain()));
    }

    /** The domain has no version any more. */
    synchronized void remove(DomainId domain) {
        open.remove(domain);
        Domain old = domains.remove(domain);
        if (old != null) {
            old.slot().close();
            kept.forget(old.version().weights());
        }
    }

    @Override
    public synchronized void close() {
        domains.values().forEach(each -> each.slot().close());
        domains.clear();
        open.clear();
        kept.close();
    }
}
