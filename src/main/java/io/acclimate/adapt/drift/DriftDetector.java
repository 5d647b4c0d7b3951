package io.acclimate.adapt.drift;

import io.acclimate.adapt.settings.DriftSettings;
import io.acclimate.adapt.settings.DriftSettings.Use;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.ClassNames;
import io.acclimate.core.MiniBatch;
import io.acclimate.wire.v1.Checkpoint;
import io.acclimate.wire.v1.Drift;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for changes of one domain in the hits and misses of its active version, and remembers the last one. A change of nothing but the shares
 * of classes is told, and not remembered unless the settings say so. A version that an operator or
 * the guard chose misses other samples than the one before, so the search begins again with it. A promoted version does not: its misses are
 * fewer. One thread.
 */
public final class DriftDetector {
    private static final Logger LOG = LoggerFactory.getLogger(DriftDetector.class);
    /** No sample is from before this place. */
    private static final long NEVER = -1;

    private final DriftSettings settings;
    private final Adwin window;
    private final RecentAnswers answers;
    private long changedAt = NEVER;
    private int since;

    /** @param classes of the domain's labels */
    public DriftDetector(DriftSettings settings, ClassNames classes) {
        this.settings = settings;
        this.answers = new RecentAnswers(classes);
        this.window = new Adwin(settings.level());
    }

    /**
     * Takes a mini-batch. Answers with the change that it shows.
     *
     * @param hits of the active version, which was not trained on the samples
     * @param labels of the samples
     * @param source what the source model answers to them
     * @param firsts false for a sample whose picture had a label before: an answer to it shows what was learnt by heart
     * @param offset of the mini-batch, its place in the stream; offsets only grow
     */
    public Optional<AdaptationEvent.Drifted> see(
            boolean[] hits,
            List<Integer> labels,
            List<Integer> source,
            boolean[] firsts,
            MiniBatch batch,
            long offset,
            long activeVersion,
            Instant now) {
        if (settings.use() == Use.IGNORE) {
            return Optional.empty();
        }
        boolean any = false;
        for (int i = 0; i < hits.length; i++) {
            if (firsts[i]) {
                window.see(hits[i], offset);
                answers.see(labels.get(i), source.get(i), offset);
                any = true;
            }
        }
        since += hits.length;
        if (!any) {
            return Optional.empty();
        }
        Optional<Adwin.Cut> cut = window.cut();
        if (cut.isEmpty()) {
            return Optional.empty();
        }
        long place = cut.get().place();
        int samples = cut.get().after().samples();
        double before = cut.get().before().accuracy();
        double after = cut.get().after().accuracy();
        AdaptationEvent.Drifted.Change change = answers.changeAt(place);
        if (!leavesTraining(change)) {
            changedAt = place;
            since = samples;
        }
        LOG.warn(
                "domain {} has changed ({}): version {} had {} of the last {} labels right, and {} before",
                batch.domain(),
                change.kind(),
                activeVersion,
                String.format(Locale.ROOT, "%.3f", after),
                samples,
                String.format(Locale.ROOT, "%.3f", before));
        return Optional.of(new AdaptationEvent.Drifted(
                batch.domain(), now, batch.sequence(), activeVersion, samples, before, after, Optional.of(change)));
    }

    /** True for a change that is told, and after which what was known of the domain is as good as before. */
    public boolean leavesTraining(AdaptationEvent.Drifted changed) {
        return changed.change().filter(this::leavesTraining).isPresent();
    }

    private boolean leavesTraining(AdaptationEvent.Drifted.Change change) {
        return change.kind() == AdaptationEvent.Drifted.Change.Kind.LABEL_SHIFT
                && settings.labelShift() == DriftSettings.LabelShift.REPORT;
    }

    /** True for a sample of an earlier mini-batch than the one with which the domain changed. */
    public boolean isOutdated(long place) {
        return place < changedAt;
    }

    /** True when a change was found and training follows it. */
    public boolean isFollowed() {
        return settings.use() == Use.FOLLOW && changedAt != NEVER;
    }

    /** How often a replayed sample from before the change is drawn again, in the hope of one from after it. */
    public int redraws() {
        return isFollowed() ? settings.redraws() : 0;
    }

    /** How many of {@code samples} are of the domain as it is now: as many labels as came since the change at most. */
    public int current(int samples) {
        return isFollowed() ? Math.min(samples, since) : samples;
    }

    /** Another version is active that was not promoted now. */
    public void otherVersion() {
        window.clear();
    }

    /** Classes have other indexes from now on. */
    public void relabelled() {
        answers.clear();
    }

    /** All samples were given up. */
    public void afresh() {
        answers.clear();
        window.clear();
        changedAt = NEVER;
        since = 0;
    }

    public void save(Checkpoint.Builder checkpoint) {
        if (settings.use() == Use.IGNORE) {
            return;
        }
        Drift.Builder saved = checkpoint.getDriftBuilder();
        window.buckets()
                .forEach(each ->
                        saved.addSizes(each.size()).addMisses(each.misses()).addPlaces(each.place()));
        saved.setChangedAt(changedAt).setSince(since);
        answers.save(saved);
    }

    /** A checkpoint of a worker that did not look for changes has none: the search begins. */
    public void restore(Checkpoint checkpoint) {
        afresh();
        if (!checkpoint.hasDrift() || settings.use() == Use.IGNORE) {
            return;
        }
        Drift saved = checkpoint.getDrift();
        List<Adwin.Bucket> buckets = new ArrayList<>();
        for (int i = 0; i < saved.getSizesCount(); i++) {
            buckets.add(new Adwin.Bucket(saved.getSizes(i), saved.getMisses(i), saved.getPlaces(i)));
        }
        window.restore(buckets);
        changedAt = saved.getChangedAt();
        since = saved.getSince();
        answers.restore(saved);
    }
}
