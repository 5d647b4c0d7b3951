package io.acclimate.registry;

import io.acclimate.core.Activation;
import io.acclimate.core.DomainId;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The versions that the topic named, and the active version of each domain. An activation waits until it is delivered, and a newer
 * one replaces it while it waits. Then it is either accepted ({@link #take}) or refused. An activation is ignored if its epoch is
 * not above the last one, and so is a promotion if its number is not above the active one.
 *
 * <p>Threads: only the follower's thread changes this object and reads what waits. Any thread may read the rest.
 */
final class ActiveVersions {
    static final Comparator<VersionId> ORDER =
            Comparator.comparing(VersionId::domain).thenComparing(VersionId::number);
    /** How many of a domain's newest versions are kept. Memory must be bounded, because each mini-batch may bring a version. */
    static final int KEPT = 512;

    private static final Logger LOG = LoggerFactory.getLogger(ActiveVersions.class);

    private final ConcurrentSkipListMap<VersionId, ModelVersion> versions = new ConcurrentSkipListMap<>(ORDER);
    /** The activation of each domain that was accepted last. */
    private final Map<DomainId, Activation> active = new ConcurrentHashMap<>();
    /** Domains whose newest activation was refused, with the version and the reason. */
    private final Map<DomainId, String> refused = new ConcurrentHashMap<>();
    /** The newest activation of each domain that is neither accepted nor refused yet. The follower's thread only. */
    private final Map<DomainId, Activation> waiting = new LinkedHashMap<>();
    /** Active versions that their topic does not keep any more: those of a retired domain, until its source model is. The follower's thread only. */
    private final Set<VersionId> outlived = new HashSet<>();
    /** The class names of the version that was kept last. Versions have equal ones for long. The follower's thread only. */
    private List<String> classes = List.of();

    void keep(ModelVersion version) {
        DomainId domain = version.id().domain();
        if (!classes.equals(version.classes())) {
            classes = version.classes();
        }
        versions.put(version.id(), version.sharing(classes));
        var own = ofDomain(domain);
        if (own.size() > KEPT) {
            Activation now = active.get(domain);
            own.keySet().stream()
                    .filter(id -> now == null || !id.equals(now.version()))
                    .findFirst()
                    .ifPresent(versions::remove);
        }
    }

    /** Forgets a version that its topic does not keep any more; one that is active, when another is. */
    void forget(VersionId id) {
        Activation now = active.get(id.domain());
        if (now != null && now.version().equals(id)) {
            outlived.add(id);
        } else {
            versions.remove(id);
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

    /** A promotion must increase the version number. Only an explicit activation or a rollback may lower it. */
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
        Activation before = active.put(domain, activation);
        if (before != null && !before.version().equals(activation.version()) && outlived.remove(before.version())) {
            versions.remove(before.version());
        }
        refused.remove(domain);
        waiting.remove(domain);
    }

    void refuse(Activation activation, String why) {
        DomainId domain = activation.version().domain();
        refused.put(domain, activation.version() + " was refused: " + why);
        waiting.remove(domain);
    }

    /** One line for each domain whose newest activation was refused. */
    List<String> refusals() {
        return refused.values().stream().sorted().toList();
    }

    Optional<ModelVersion> version(VersionId id) {
        return Optional.ofNullable(versions.get(id));
    }

    /** The domain's versions in the order of their numbers. */
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

    /** The domains that have a version. Of one that was retired, only the activation of the source model is left. */
    SortedSet<DomainId> domains() {
        SortedSet<DomainId> all = new TreeSet<>();
        active.forEach((domain, activation) -> {
            if (activation.version().number() != VersionId.SOURCE) {
                all.add(domain);
            }
        });
        versions.keySet().forEach(id -> all.add(id.domain()));
        return all;
    }
}
