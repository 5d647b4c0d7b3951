package io.acclimate.adapt.versions;

import io.acclimate.core.Activation;
import io.acclimate.core.DomainId;
import io.acclimate.core.VersionId;
import io.acclimate.wire.v1.Checkpoint;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Which versions of a domain were active, and which one is now. Version numbers and epochs only grow: a rollback is a new epoch and
 * renumbers nothing. One thread.
 */
public final class Lineage {
    private static final int HISTORY = 64;

    private final DomainId domain;
    private final Deque<Long> history = new ArrayDeque<>();
    private long epoch;
    private long lastVersion;

    public Lineage(DomainId domain) {
        this.domain = domain;
        history.add(VersionId.SOURCE);
    }

    public static Lineage restore(DomainId domain, Checkpoint checkpoint) {
        Lineage lineage = new Lineage(domain);
        lineage.history.clear();
        lineage.history.addAll(checkpoint.getActiveHistoryList());
        if (lineage.history.isEmpty()) {
            lineage.history.add(checkpoint.getActiveVersion());
        }
        lineage.epoch = checkpoint.getEpoch();
        lineage.lastVersion = checkpoint.getLastVersion();
        return lineage;
    }

    /**
     * That of a domain which begins anew from the source model: no number of a version or epoch is given twice.
     *
     * @param newest the newest version that anybody has published for the domain
     */
    public Lineage anew(long newest) {
        Lineage next = new Lineage(domain);
        next.epoch = epoch;
        next.lastVersion = Math.max(lastVersion, newest);
        return next;
    }

    /** False while serving was never told which version serves. */
    public boolean wasAnnounced() {
        return epoch > 0;
    }

    public long active() {
        return history.getLast();
    }

    /** The number of the next version. A candidate that is rejected does not use it up. */
    public VersionId candidate() {
        return new VersionId(domain, lastVersion + 1);
    }

    public long lastVersion() {
        return lastVersion;
    }

    /** The version that was active before the current one. */
    public OptionalLong previous() {
        if (history.size() < 2) {
            return OptionalLong.empty();
        }
        var newestFirst = history.descendingIterator();
        newestFirst.next();
        return OptionalLong.of(newestFirst.next());
    }

    /** The active version and the one that was active before it. */
    public Set<Long> serving() {
        Set<Long> serving = new HashSet<>();
        serving.add(active());
        previous().ifPresent(serving::add);
        return serving;
    }

    /** All versions that were active before, newest first. The last is the source model, which every domain can return to. */
    public List<Long> earlier() {
        List<Long> earlier = new ArrayList<>();
        history.descendingIterator().forEachRemaining(earlier::add);
        earlier.remove(0);
        earlier.removeIf(number -> number == active());
        if (!earlier.contains(VersionId.SOURCE)) {
            earlier.add(VersionId.SOURCE);
        }
        return earlier;
    }

    /** Another version than the active one serves, or the active one begins to: a new epoch of what serves, and no change here. */
    public Activation announce(
            long number, Activation.Cause cause, String reason, Instant at, long samplesSeen, Instant lastLabelTime) {
        epoch++;
        lastVersion = Math.max(lastVersion, number);
        return new Activation(new VersionId(domain, number), epoch, cause, reason, at, samplesSeen, lastLabelTime);
    }

    public Activation activate(
            long number, Activation.Cause cause, String reason, Instant at, long samplesSeen, Instant lastLabelTime) {
        epoch++;
        lastVersion = Math.max(lastVersion, number);
        if (cause == Activation.Cause.ROLLBACK) {
            history.removeLast();
            while (!history.isEmpty() && history.getLast() != number) {
                history.removeLast();
            }
            if (history.isEmpty()) {
                history.add(number);
            }
        } else {
            history.addLast(number);
            if (history.size() > HISTORY) {
                history.removeFirst();
            }
        }
        return new Activation(new VersionId(domain, number), epoch, cause, reason, at, samplesSeen, lastLabelTime);
    }

    public void save(Checkpoint.Builder checkpoint) {
        checkpoint
                .setActiveVersion(active())
                .setEpoch(epoch)
                .setLastVersion(lastVersion)
                .addAllActiveHistory(history);
    }
}
