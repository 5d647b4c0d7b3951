package io.acclimate.adapt.versions;

import io.acclimate.adapt.settings.RetentionSettings;
import io.acclimate.core.VersionId;
import io.acclimate.registry.ListedVersion;
import io.acclimate.wire.v1.Checkpoint;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which versions of a domain are kept. Kept are the active one, the one that was active before it, pinned ones, the newest, and the
 * newest of each of the last hours and days in which there was one, and the newest of each configuration. All others are removed by the round that finds them, in its
 * transaction. The source model is no version in this sense: it is always there. This is part of the checkpoint, because the guard goes back
 * to kept versions only, and a repeated round must find the same ones. One thread.
 */
final class KeptVersions {
    private static final long HOUR = 3_600_000;
    private static final long DAY = 24 * HOUR;
    private static final int AT_ONCE = 256;
    private static final int CONFIGURATIONS = 64;

    private final RetentionSettings settings;
    private final SortedMap<Long, Kept> kept = new TreeMap<>();
    private final Queue<RemovedVersion> leftOver = new ArrayDeque<>();

    /**
     * A version that is kept.
     *
     * @param millis when the mini-batch that led to it was closed, since 1970
     * @param chunks records of weights
     * @param configuration names the settings that made it; empty when it is not known
     */
    private record Kept(long millis, int chunks, String configuration, boolean pinned) {}

    KeptVersions(RetentionSettings settings) {
        this.settings = settings;
    }

    /** @param configuration names the settings that made it; empty for a version that no worker made */
    void published(long number, Instant at, int chunks, String configuration) {
        if (!settings.keepsAll()) {
            kept.put(number, new Kept(at.toEpochMilli(), chunks, configuration, false));
        }
    }

    /** Whether retention has left the version, as far as it knows. */
    boolean keeps(long number) {
        return settings.keepsAll() || number == VersionId.SOURCE || kept.containsKey(number);
    }

    /** False while every version is kept: there is nothing to pin then. */
    boolean removes() {
        return !settings.keepsAll();
    }

    List<Long> numbers() {
        return List.copyOf(kept.keySet());
    }

    void pin(long number, boolean pinned) {
        kept.computeIfPresent(
                number, (n, version) -> new Kept(version.millis(), version.chunks(), version.configuration(), pinned));
    }

    /**
     * Forgets the versions that need not be kept, and returns them.
     *
     * @param serving the active version and the one before it
     */
    List<RemovedVersion> expire(Set<Long> serving) {
        if (settings.keepsAll()) {
            return List.of();
        }
        List<Long> newestFirst = new ArrayList<>(kept.keySet());
        newestFirst.sort((one, other) -> Long.compare(other, one));
        Set<Long> wanted = new HashSet<>(serving);
        newestFirst.stream().limit(settings.newest()).forEach(wanted::add);
        kept.forEach((number, version) -> {
            if (version.pinned()) {
                wanted.add(number);
            }
        });
        addNewestOfEachConfiguration(newestFirst, wanted);
        addNewestOfEach(HOUR, settings.hours(), newestFirst, wanted);
        addNewestOfEach(DAY, settings.days(), newestFirst, wanted);
        List<RemovedVersion> removed = new ArrayList<>();
        kept.forEach((number, version) -> {
            if (!wanted.contains(number)) {
                removed.add(new RemovedVersion(number, version.chunks()));
            }
        });
        removed.forEach(each -> kept.remove(each.number()));
        return removed;
    }

    /** A rebuild reads from versions how they were made, so each configuration keeps one for as long as there are few. */
    private void addNewestOfEachConfiguration(List<Long> newestFirst, Set<Long> wanted) {
        Set<String> seen = new HashSet<>();
        for (long number : newestFirst) {
            Kept version = kept.get(number);
            String configuration = version == null ? "" : version.configuration();
            if (!configuration.isEmpty() && seen.size() < CONFIGURATIONS && seen.add(configuration)) {
                wanted.add(number);
            }
        }
    }

    private void addNewestOfEach(long span, int spans, List<Long> newestFirst, Set<Long> wanted) {
        Set<Long> seen = new HashSet<>();
        for (long number : newestFirst) {
            Kept version = kept.get(number);
            long start = version == null ? 0 : Math.floorDiv(version.millis(), span);
            if (!seen.contains(start) && seen.size() < spans) {
                seen.add(start);
                wanted.add(number);
            }
        }
    }

    /**
     * Compares with the versions that the topic has when a domain is restored. A domain from before retention was asked for takes all of
     * them over, with the time of their making. What need not be kept is removed by the next rounds, not all of it in one transaction.
     *
     * @param serving the active version and the one before it
     * @return true when versions were taken over, which a checkpoint must contain before rounds can be repeated
     */
    boolean reconcile(Collection<ListedVersion> onTopic, Set<Long> serving) {
        leftOver.clear();
        boolean takesOver = kept.isEmpty() && !onTopic.isEmpty();
        if (takesOver) {
            onTopic.forEach(version -> kept.put(
                    version.number(),
                    new Kept(
                            version.madeAt().toEpochMilli(),
                            version.chunks(),
                            version.configuration(),
                            version.pinned())));
            leftOver.addAll(expire(serving));
        } else {
            onTopic.stream()
                    .filter(version -> !kept.containsKey(version.number()) && !serving.contains(version.number()))
                    .forEach(version -> leftOver.add(new RemovedVersion(version.number(), version.chunks())));
        }
        return takesOver;
    }

    /** The next versions to remove of those that a restore found to be too many. */
    List<RemovedVersion> nextLeftOver() {
        List<RemovedVersion> next = new ArrayList<>();
        while (next.size() < AT_ONCE && !leftOver.isEmpty()) {
            RemovedVersion each = leftOver.remove();
            if (!kept.containsKey(each.number())) {
                next.add(each);
            }
        }
        return next;
    }

    void restore(Checkpoint checkpoint) {
        kept.clear();
        if (!settings.keepsAll()) {
            checkpoint
                    .getPublishing()
                    .getKeptList()
                    .forEach(each -> kept.put(
                            each.getNumber(),
                            new Kept(each.getMillis(), each.getChunks(), each.getConfiguration(), each.getPinned())));
        }
    }

    /** Writes nothing while all versions are kept. */
    void save(Checkpoint.Builder checkpoint) {
        kept.forEach((number, version) -> checkpoint
                .getPublishingBuilder()
                .addKeptBuilder()
                .setNumber(number)
                .setMillis(version.millis())
                .setChunks(version.chunks())
                .setConfiguration(version.configuration())
                .setPinned(version.pinned()));
    }
}
