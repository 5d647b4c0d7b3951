package io.acclimate.adapt.domain;

import io.acclimate.adapt.answers.PrequentialAnswers;
import io.acclimate.adapt.drift.DriftDetector;
import io.acclimate.adapt.samples.ReplaySample;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.GateDecision;
import io.acclimate.gate.Evidence;
import io.acclimate.gate.Gate;
import io.acclimate.gate.GateSettings;
import io.acclimate.gate.Paired;
import io.acclimate.infer.Calibration;
import io.acclimate.infer.ModelSession;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Runs a candidate on the holdout and on source samples beside the active version and the source model, and asks the gate. Judging
 * changes nothing but what is known of the holdout; only {@link #promoted} and {@link #chosen} set the version that later candidates are
 * compared with. One thread.
 */
final class Judge {
    private final BaseModel models;
    private final SourceSet sourceSet;
    private final Holdout holdout;
    private final GateSettings settings;
    private final PrequentialAnswers answers;

    Judge(BaseModel models, SourceSet sourceSet, Holdout holdout, GateSettings settings, PrequentialAnswers answers) {
        this.models = models;
        this.sourceSet = sourceSet;
        this.holdout = holdout;
        this.settings = settings;
        this.answers = answers;
    }

    /** @param predicted by the candidate for the holdout; without rows when the holdout is empty */
    record Verdict(Evidence evidence, GateDecision decision, BaseModel.Predicted predicted) {}

    /**
     * Judges a candidate.
     *
     * @param version that is active
     * @param unproven answers what a proof that the candidates are better than the source model lacks, given the two on the holdout
     */
    Verdict judge(ModelSession candidate, ModelSession active, long version, Function<Paired, List<String>> unproven) {
        if (holdout.size() == 0) {
            Evidence none = new Evidence(Paired.NONE, Paired.NONE, Optional.empty(), true, 0, 0);
            return new Verdict(none, Gate.decide(none, settings), BaseModel.Predicted.NONE);
        }
        BaseModel.Predicted predicted = BaseModel.predict(candidate, holdout.samples());
        boolean[] hits = predicted.hits(labels());
        boolean[] sourceHits = sourceHits();
        boolean[] activeHits = active == models.source() ? sourceHits : activeHits(active, version);
        Paired aheadOfSource = Paired.of(hits, sourceHits);
        List<String> missing = unproven.apply(aheadOfSource);
        // The gate looks at source samples last, and there are more of them than the holdout has.
        boolean asksForSource = missing.isEmpty() && predicted.finite() && holdout.size() >= settings.minimumHoldout();
        Evidence evidence = new Evidence(
                Paired.of(hits, activeHits),
                aheadOfSource,
                Paired.of(hits, holdout.best()),
                asksForSource ? sourceSet.judge(candidate) : Optional.empty(),
                predicted.finite(),
                distinct(predicted),
                holdout.labelledClasses(),
                missing);
        return new Verdict(evidence, Gate.decide(evidence, settings), predicted);
    }

    private boolean[] sourceHits() {
        return holdout.ofSource().orElseGet(() -> {
            boolean[] hits = hits(models.source());
            holdout.ofSource(hits);
            return hits;
        });
    }

    private boolean[] activeHits(ModelSession active, long version) {
        return holdout.ofActive(version).orElseGet(() -> {
            boolean[] hits = hits(active);
            holdout.ofActive(version, hits);
            return hits;
        });
    }

    /**
     * A promoted candidate that has at least as many holdout samples right as the best version so far becomes the best version.
     *
     * @param version that the candidate becomes, which is active from now on
     */
    void promoted(Verdict verdict, long version) {
        boolean[] hits = verdict.predicted().hits(labels());
        holdout.ofActive(version, hits);
        if (BaseModel.count(hits) >= BaseModel.count(holdout.best())) {
            holdout.setBest(hits);
        }
    }

    /**
     * How the confidence of {@code candidate} agrees with labels, by the holdout and by what was answered before training. Samples from before the domain changed say nothing of
     * how often it is right now.
     *
     * @param verdict on the candidate, which has its scores of the same rows in the same run while no sample is left out
     */
    Calibration calibration(ModelSession candidate, Verdict verdict, DriftDetector drift) {
        List<ReplaySample> current = holdout.samples().stream()
                .filter(sample -> !drift.isOutdated(sample.offset()))
                .toList();
        return current.isEmpty()
                ? Calibration.NONE
                : answers.calibration(
                        candidate.card(),
                        current.size() == verdict.predicted().scores().size()
                                ? FloatTensor.stack(verdict.predicted().scores())
                                : BaseModel.output(candidate, current),
                        current.stream().map(ReplaySample::classIndex).toList());
    }

    /** A version that an operator or the guard chose is active and becomes the best version, whatever it has right. */
    void chosen(ModelSession active, long version) {
        if (holdout.size() > 0) {
            boolean[] hits = hits(active);
            holdout.setBest(hits);
            holdout.ofActive(version, hits);
        }
    }

    /**
     * What the holdout shows against a version that serves; empty when it shows nothing. This is stricter about evidence than the gate
     * (see {@link GateSettings#againstServed}): the version passed the gate once, and going back costs what was learnt since.
     */
    Optional<String> fault(ModelSession served) {
        if (served == models.source() || holdout.size() == 0) {
            return Optional.empty();
        }
        BaseModel.Predicted predicted = BaseModel.predict(served, holdout.samples());
        Paired source = Paired.of(predicted.hits(labels()), sourceHits());
        Evidence evidence = new Evidence(
                source,
                source,
                sourceSet.judge(served),
                predicted.finite(),
                distinct(predicted),
                holdout.labelledClasses());
        return Gate.decide(evidence, settings.againstServed()) instanceof GateDecision.Reject reject
                ? Optional.of(String.join("; ", reject.reasons()))
                : Optional.empty();
    }

    /** False when the holdout shows that another model has fewer samples right than the active version. */
    boolean isNoWorse(ModelSession other, ModelSession active) {
        if (holdout.size() == 0) {
            return true;
        }
        BaseModel.Predicted served = BaseModel.predict(active, holdout.samples());
        return !served.finite() || BaseModel.count(hits(other)) >= BaseModel.count(served.hits(labels()));
    }

    private List<Integer> labels() {
        return holdout.samples().stream().map(ReplaySample::classIndex).toList();
    }

    private boolean[] hits(ModelSession session) {
        return BaseModel.predict(session, holdout.samples()).hits(labels());
    }

    private static int distinct(BaseModel.Predicted predicted) {
        return (int) predicted.classes().stream().distinct().count();
    }
}
