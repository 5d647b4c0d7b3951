package io.acclimate.adapt.rebuild;

import io.acclimate.adapt.domain.Round;
import io.acclimate.core.Coordinates;
import io.acclimate.core.Digest;
import io.acclimate.core.DomainId;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.registry.Fetched;
import io.acclimate.registry.ListedVersion;
import io.acclimate.registry.PublishedVersions;
import io.acclimate.registry.VersionPublisher;
import io.acclimate.scratch.ScratchFile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongPredicate;

/**
 * The versions of one domain as they were at the time that the rebuild has reached: those that the topic still has, and those that
 * retention has removed from it since, as they were made again. A guard or an operator may have gone back to one of the latter while it was
 * kept, and a worker that began to remove versions looked at the list of then. While all versions were kept these are all that were made, so
 * their weights are in a file: memory has one record of some hundred bytes of each. One thread.
 */
final class RebuiltVersions implements PublishedVersions, AutoCloseable {
    private final PublishedVersions topic;
    private final SortedMap<Long, ModelVersion> onTopic;
    private final SortedMap<Long, Made> made = new TreeMap<>();
    /** Of each version for which a command was applied so far: whether it is pinned. */
    private final Map<Long, Boolean> pinned = new HashMap<>();

    private final ScratchFile weights = new ScratchFile();
    /** Versions that were asked for and that nobody has any more. */
    private final Set<Long> missed = new TreeSet<>();
    /** The first version that was made again. */
    private long first = Long.MAX_VALUE;

    /** A version that the topic does not have, and the place of its weights in the file. */
    private record Made(ModelVersion version, long place) {
        int length() {
            return (int) version.bytes();
        }
    }

    /** @param onTopic the versions of one domain that the topic has, by their numbers */
    RebuiltVersions(PublishedVersions topic, SortedMap<Long, ModelVersion> onTopic) {
        this.topic = topic;
        this.onTopic = onTopic;
    }

    /**
     * Remembers a version if the topic does not have it, and forgets what was removed by then.
     *
     * @param base of the worker that made it
     * @param classes of the same worker
     * @param kept whether the version of a number was kept after this one was made
     */
    void remember(Round.NewVersion version, Digest base, List<String> classes, LongPredicate kept) {
        first = Math.min(first, version.id().number());
        made.values().removeIf(each -> {
            boolean gone = !kept.test(each.version().id().number());
            if (gone) {
                weights.free(each.place(), each.length());
            }
            return gone;
        });
        add(version, base, classes);
    }

    private void add(Round.NewVersion version, Digest base, List<String> classes) {
        if (onTopic.containsKey(version.id().number())) {
            return;
        }
        byte[] bytes = version.weights().toBytes();
        ModelVersion record = new ModelVersion(
                version.id(),
                version.parent(),
                base,
                classes,
                version.weights().digest(),
                new Coordinates("rebuilt", 0, 0),
                VersionPublisher.chunks(version.weights()),
                bytes.length,
                Instant.EPOCH,
                version.provenance(),
                version.temperature());
        made.put(version.id().number(), new Made(record, weights.write(bytes)));
    }

    /** The version that was active when a start was written, which the topic may not have any more. One that was made again stays. */
    void activeAtStart(VersionId id, WeightDelta delta, Digest base, List<String> classes) {
        if (!made.containsKey(id.number())) {
            add(new Round.NewVersion(id, VersionId.SOURCE, delta, Map.of()), base, classes);
        }
    }

    /** A command that pinned or unpinned a version was applied. */
    void pinned(long number, boolean pinning) {
        pinned.put(number, pinning);
    }

    @Override
    public Optional<ModelVersion> find(VersionId id) {
        Optional<ModelVersion> found = Optional.ofNullable(made.get(id.number()))
                .map(Made::version)
                .or(() -> Optional.ofNullable(onTopic.get(id.number())));
        if (found.isEmpty()) {
            missed.add(id.number());
        }
        return found;
    }

    /** The numbers of versions that were asked for and not found. */
    Set<Long> missed() {
        return Set.copyOf(missed);
    }

    @Override
    public String absence(VersionId id) {
        return topic.absence(id);
    }

    /** Versions that are newer than the time that the rebuild has reached may be among them: a worker passes over those. */
    @Override
    public List<ListedVersion> listed(DomainId domain) {
        SortedMap<Long, ListedVersion> all = new TreeMap<>();
        onTopic.forEach((number, version) -> all.put(number, ListedVersion.of(version)));
        made.forEach((number, each) -> all.put(number, ListedVersion.of(each.version())));
        List<ListedVersion> then = new ArrayList<>();
        all.forEach((number, version) ->
                then.add(version.withPinned(pinned.getOrDefault(number, number < first && version.pinned()))));
        return then;
    }

    @Override
    public Fetched fetch(ModelVersion version) {
        Made again = made.get(version.id().number());
        return again == null
                ? topic.fetch(version)
                : new Fetched.Weights(WeightDelta.parse(weights.read(again.place(), again.length())));
    }

    @Override
    public void close() {
        weights.close();
    }
}
