package io.acclimate.registry;

import io.acclimate.core.Activation;
import io.acclimate.core.DomainId;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The versions that the topic named, and the active one of each domain. An activation first waits, where a newer one takes its
 * place; then it is taken or refused. One with an epoch not above the last one is ignored, and so is a promotion to a number not
 * above the active one.
 *
 * <p>Threads: the follower's alone changes it and asks what waits; the rest may be read from any thread.
 */
final class ActiveVersions {
    static final Comparator<VersionId> ORDER =
            Comparator.comparing(VersionId::domain).thenComparing(VersionId::number);
    /** Versions of a domain that stay in memory, the newest: one comes with each mini-batch, for as long as the process lives. */
    static final int KEPT = 512;

    private static final Logger LOG = LoggerFactory.getLogger(ActiveVersions.class);

    private final ConcurrentSkipListMap<VersionId, ModelVersion> versions = new ConcurrentSkipListMap<>(ORDER);
    /** What was taken last. */
    private final Map<DomainId, Activation> active = new ConcurrentHashMap<>();
    /** Domains whose newest activation was refused, with what and why. */
    private final Map<DomainId, String> refused = new ConcurrentHashMap<>();
    /** Newest activation of each domain that is neither taken nor refused yet. Follower's thread only. */
    private final Map<DomainId, Activation> waiting = new LinkedHashMap<>();

    void keep(ModelVersion version) {
        DomainId domain = version.id().domain();
        versions.put(version.id(), version);
        var own = ofDomain(domain);
        if (own.size() > KEPT) {
            Activation now = active.get(domain);
            own.keySet().stream()
                    .filter(id -> now == null || !id.equals(now.version()))
                    .findFirst()
                    .ifPresent(versions::remove);
        }
    }

    void offer(Activation activation) {
        DomainId domain = activation.version().domain();
        Activation last = waiting.getOrDefault(domain, active.get(domain));
        if (last == null || follows(activation, last)) {
            waiting.put(domain, activation);
        } else if (!activation.equals(last)) {
            LOG.info(
                    "ignoring {} of {} with epoch {}: {} is at version {} of epoch {}",
                    activation.cause(),
                    activation.version(),
                    activation.epoch(),
                    domain,
                    last.version().number(),
                    last.epoch());
        }
    }

    /** A promotion only goes up; back goes who says so. */
    private static boolean follows(Activation next, Activation last) {
        return next.epoch() > last.epoch()
                && (next.cause() != Activation.Cause.PROMOTE
                        || next.version().number() > last.version().number());
    }

    List<Activation> waiting() {
        return List.copyOf(waiting.values());
    }

    void take(Activation activation) {
        DomainId domain = activation.version().domain();
        active.put(domain, activation);
        refused.remove(domain);
        waiting.remove(domain);
    }

    void refuse(Activation activation, String why) {
        DomainId domain = activation.version().domain();
        refused.put(domain, activation.version() + " was refused: " + why);
        waiting.remove(domain);
    }

    /** A line for each domain whose newest activation was refused. */
    List<String> refusals() {
        return refused.values().stream().sorted().toList();
    }

    Optional<ModelVersion> version(VersionId id) {
        return Optional.ofNullable(versions.get(id));
    }

    /** In the order of their numbers. */
    List<ModelVersion> versions(DomainId domain) {
        return List.copyOf(ofDomain(domain).values());
    }

    private SortedMap<VersionId, ModelVersion> ofDomain(DomainId domain) {
        return versions.subMap(new VersionId(domain, 0), new VersionId(domain, Long.MAX_VALUE));
    }

    Map<DomainId, Activation> active() {
        return Map.copyOf(active);
    }

    Optional<Activation> active(DomainId domain) {
        return Optional.ofNullable(active.get(domain));
    }

    SortedSet<DomainId> domains() {
        SortedSet<DomainId> all = new TreeSet<>(active.keySet());
        versions.keySet().forEach(id -> all.add(id.domain()));
        return all;
    }
}
