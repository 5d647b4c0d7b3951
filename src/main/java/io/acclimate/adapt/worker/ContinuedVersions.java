package io.acclimate.adapt.worker;

import io.acclimate.adapt.domain.BaseModel;
import io.acclimate.core.Digest;
import io.acclimate.core.DomainId;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.node.InvalidModelException;
import io.acclimate.registry.Fetched;
import io.acclimate.registry.ListedVersion;
import io.acclimate.registry.PublishedVersions;
import io.acclimate.registry.WeightReader;
import io.acclimate.wire.Topics;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The versions that the domains of a partition continue from, in one restore of it. The worker's thread only. */
final class ContinuedVersions {
    /** How late a chunk of weights may be on a try after the first: a chunk that is lost holds the other partitions up each time. */
    private static final Duration LATE_ON_RETRY = Duration.ofSeconds(1);

    private final Topics topics;
    private final int partition;
    private final WeightReader versions;
    private final PublishedVersions published;
    private final BaseModel models;
    private final boolean isRetry;
    private final Set<VersionId> wanted = new HashSet<>();
    private Optional<WeightReader.Catalogue> catalogue = Optional.empty();

    /**
     * The versions of one restore.
     *
     * @param published finds the versions; the same as {@code versions} where they are those of the topic
     */
    ContinuedVersions(
            Topics topics,
            int partition,
            WeightReader versions,
            PublishedVersions published,
            BaseModel models,
            boolean isRetry) {
        this.topics = topics;
        this.partition = partition;
        this.versions = versions;
        this.published = published;
        this.models = models;
        this.isRetry = isRetry;
    }

    /** Names a version that may be asked for. */
    void add(VersionId id) {
        wanted.add(id);
    }

    /** False for a rebuild, which continues from versions that it has made itself. */
    boolean areOfTheTopic() {
        return published == versions;
    }

    /** The versions that the topic has. The partition is read once for all of its domains. */
    private WeightReader.Catalogue catalogue() {
        if (catalogue.isEmpty()) {
            catalogue = Optional.of(versions.list(partition, wanted));
        }
        return catalogue.get();
    }

    List<ListedVersion> listed(DomainId domain) {
        return areOfTheTopic() ? catalogue().listed(domain) : published.listed(domain);
    }

    Optional<ModelVersion> find(VersionId id) {
        return areOfTheTopic() ? Optional.ofNullable(catalogue().versions().get(id)) : published.find(id);
    }

    /** True when the version has these weights, as those of the source model always are. */
    boolean arePublishedAs(VersionId id, WeightDelta own) {
        return id.number() == VersionId.SOURCE
                || find(id).filter(version -> digest(version).equals(own.digest()))
                        .isPresent();
    }

    private Digest digest(ModelVersion version) {
        return version.base().equals(models.base())
                ? version.weights()
                : weights(version.id()).digest();
    }

    /** The weights of a version in the label set of the worker's model. */
    WeightDelta weights(VersionId id) {
        if (id.number() == VersionId.SOURCE) {
            return WeightDelta.EMPTY;
        }
        ModelVersion version = find(id).orElseThrow(() -> new IllegalStateException(
                "the active version " + id + " is not on its topic: " + published.absence(id)));
        Fetched fetched =
                areOfTheTopic() && isRetry ? versions.fetch(version, LATE_ON_RETRY) : published.fetch(version);
        if (fetched instanceof Fetched.Refused refused) {
            throw new IllegalStateException("the active version " + id + ": " + refused.message()
                    + "; put back what " + topics.modelVersions() + " and " + topics.modelWeights()
                    + " had of it");
        }
        try {
            return models.carried(version, ((Fetched.Weights) fetched).delta());
        } catch (InvalidModelException e) {
            throw new IllegalStateException(
                    "training cannot continue from version " + id + ": " + e.getMessage()
                            + "; start with the --model that it was made of",
                    e);
        }
    }
}
