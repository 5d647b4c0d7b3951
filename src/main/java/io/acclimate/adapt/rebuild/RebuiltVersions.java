package io.acclimate.adapt.rebuild;

import io.acclimate.adapt.domain.Round;
import io.acclimate.core.Coordinates;
import io.acclimate.core.Digest;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import io.acclimate.registry.Fetched;
import io.acclimate.registry.PublishedVersions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.LongPredicate;

/**
 * The versions of the topic, and those that retention has removed from it since, as they were made again: a guard or an operator may have
 * gone back to one of them while it was kept. In memory are only those that were kept at the time that the rebuild has reached. One thread.
 */
final class RebuiltVersions implements PublishedVersions {
    private final PublishedVersions topic;
    private final SortedMap<Long, ModelVersion> onTopic;
    private final Map<VersionId, ModelVersion> records = new HashMap<>();
    private final Map<VersionId, Round.NewVersion> made = new HashMap<>();

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
        made.keySet().removeIf(id -> !kept.test(id.number()));
        records.keySet().removeIf(id -> !made.containsKey(id));
        if (!onTopic.containsKey(version.id().number())) {
            made.put(version.id(), version);
            records.put(
                    version.id(),
                    new ModelVersion(
                            version.id(),
                            version.parent(),
                            base,
                            classes,
                            version.weights().digest(),
                            new Coordinates("rebuilt", 0, 0),
                            1,
                            0,
                            Instant.EPOCH,
                            version.provenance(),
                            version.temperature()));
        }
    }

    @Override
    public Optional<ModelVersion> find(VersionId id) {
        return Optional.ofNullable(records.get(id)).or(() -> Optional.ofNullable(onTopic.get(id.number())));
    }

    @Override
    public String absence(VersionId id) {
        return topic.absence(id);
    }

    @Override
    public Fetched fetch(ModelVersion version) {
        Round.NewVersion again = made.get(version.id());
        return again == null ? topic.fetch(version) : new Fetched.Weights(again.weights());
    }
}
