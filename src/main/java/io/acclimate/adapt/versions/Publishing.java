package io.acclimate.adapt.versions;

import io.acclimate.adapt.settings.PaceSettings;
import io.acclimate.adapt.settings.RetentionSettings;
import io.acclimate.core.GateDecision;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.VersionId;
import io.acclimate.gate.Paired;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.registry.ListedVersion;
import io.acclimate.registry.VersionPublisher;
import io.acclimate.wire.v1.Checkpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The {@link Pace} of one domain's versions, and which of them are kept. One thread. */
public final class Publishing {
    private final Pace pace;
    private final KeptVersions kept;
    private final String configuration;

    /** @param configuration names the settings, label set and source set of the worker */
    public Publishing(PaceSettings pace, RetentionSettings retention, String configuration) {
        this.pace = new Pace(pace);
        this.kept = new KeptVersions(retention);
        this.configuration = configuration;
    }

    /** The next mini-batch, by whose closing time the pace and the ages of versions go. */
    public void see(MiniBatch batch) {
        pace.see(batch);
    }

    /** False while a candidate could be no version whatever it is like: then judging it is no use. */
    public boolean isDue() {
        return pace.isDue();
    }

    /** A candidate was judged. */
    public void judged() {
        pace.judged();
    }

    /**
     * A candidate that the gate promotes and that is not worth a version yet is deferred.
     *
     * @param active candidate and active version on the holdout
     * @param samples labelled samples that the domain has had
     */
    public GateDecision paced(GateDecision decision, Paired active, long samples) {
        Optional<String> wait =
                decision instanceof GateDecision.Promote ? pace.waitsFor(active, samples) : Optional.<String>empty();
        return wait.<GateDecision>map(why -> new GateDecision.Defer(List.of(why)))
                .orElse(decision);
    }

    /**
     * Takes note of a new version.
     *
     * @param samples labelled samples that the domain has had
     */
    public void published(VersionId id, WeightDelta weights, long samples) {
        pace.published(samples);
        // Weights are serialised for the count of their records only where that is needed.
        kept.published(id.number(), pace.now(), kept.removes() ? VersionPublisher.chunks(weights) : 0, configuration);
    }

    /** A version is active that somebody else may have published: from now on it is one of the domain's. */
    public void activated(long number, WeightDelta weights) {
        if (!kept.keeps(number)) {
            kept.published(number, pace.now(), VersionPublisher.chunks(weights), "");
        }
    }

    /** What the round of a mini-batch removes that has published a version. */
    public List<RemovedVersion> removedWithANewOne(Set<Long> serving) {
        List<RemovedVersion> removed = removed();
        removed.addAll(kept.expire(serving));
        return removed;
    }

    /** What any other round of a mini-batch removes: what a restore has found to be too many. */
    public List<RemovedVersion> removed() {
        return new ArrayList<>(kept.nextLeftOver());
    }

    /** Whether retention has left the version to go back to. */
    public boolean keeps(long number) {
        return kept.keeps(number);
    }

    /** False while every version is kept, so that there is nothing to pin. */
    public boolean removes() {
        return kept.removes();
    }

    /** Pins or unpins a version, and answers with those that are removed at once. */
    public List<RemovedVersion> pin(long number, boolean pinned, Set<Long> serving) {
        kept.pin(number, pinned);
        return kept.expire(serving);
    }

    /**
     * Compares what is kept with what the topic has of the domain, after a restore.
     *
     * @param last the newest version that the worker knows
     * @return true when that changed which versions are kept
     */
    public boolean reconcile(List<ListedVersion> onTopic, long last, Set<Long> serving) {
        return kept.reconcile(
                onTopic.stream().filter(version -> version.number() <= last).toList(), serving);
    }

    public void restore(Checkpoint checkpoint) {
        pace.restore(checkpoint);
        kept.restore(checkpoint);
    }

    public void save(Checkpoint.Builder checkpoint) {
        pace.save(checkpoint);
        kept.save(checkpoint);
    }
}
