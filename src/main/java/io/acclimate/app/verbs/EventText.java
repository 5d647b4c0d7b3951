package io.acclimate.app.verbs;

import io.acclimate.app.terminal.Figures;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.GateDecision;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Says what an event tells, in a sentence. */
public final class EventText {
    private EventText() {}

    /** The sentence without time and domain. */
    public static String of(AdaptationEvent event) {
        if (event instanceof AdaptationEvent.Trained e) {
            return String.format(
                    Locale.ROOT,
                    "trained on mini-batch %d: %d samples, %d held out, version %d got %d right, the source model %d%s; %d steps%s",
                    e.miniBatch(),
                    e.samples(),
                    e.holdout(),
                    e.activeVersion(),
                    e.activeCorrect(),
                    e.sourceCorrect(),
                    e.shadow()
                            .map(shadow -> ", version " + shadow.version() + " in shadow " + shadow.correct())
                            .orElse(""),
                    e.steps(),
                    Optional.ofNullable(e.losses().get("total"))
                            .map(loss -> String.format(Locale.ROOT, ", loss %.3f", loss))
                            .orElse(""));
        }
        if (event instanceof AdaptationEvent.Judged e) {
            return String.format(
                    Locale.ROOT,
                    "%s of candidate %d: holdout accuracy %s, active version %d has %s, the source model %s (%d samples)%s",
                    e.decision().kind(),
                    e.candidate(),
                    Figures.percent(e.candidateAccuracy()),
                    e.activeVersion(),
                    Figures.percent(e.activeAccuracy()),
                    Figures.percent(e.sourceAccuracy()),
                    e.holdoutSize(),
                    reasons(e.decision()));
        }
        if (event instanceof AdaptationEvent.Activated e) {
            return String.format(
                    Locale.ROOT,
                    "version %d is active instead of %d: %s",
                    e.activation().version().number(),
                    e.previous(),
                    e.activation().reason());
        }
        if (event instanceof AdaptationEvent.Controlled e) {
            return e.command() + (e.applied() ? " applied: " : " refused: ") + e.message();
        }
        if (event instanceof AdaptationEvent.Reset e) {
            return "began afresh at mini-batch " + e.miniBatch() + ", version " + e.previous() + " had served: "
                    + e.reason();
        }
        if (event instanceof AdaptationEvent.Restarted e) {
            return String.format(
                    Locale.ROOT,
                    "training starts again from version %d at mini-batch %d, with steps %.4f times as large as set: %s",
                    e.activeVersion(),
                    e.miniBatch(),
                    e.stepScale(),
                    e.reason());
        }
        if (event instanceof AdaptationEvent.Aligned e) {
            return "took the images without labels of mini-batch " + e.miniBatch() + ", " + e.images() + " are kept; "
                    + e.outcome();
        }
        if (event instanceof AdaptationEvent.Drifted e) {
            return String.format(
                    Locale.ROOT,
                    "the domain has changed by mini-batch %d%s: version %d has %s of the last %d labels right, and had %s before",
                    e.miniBatch(),
                    e.change()
                            .map(change ->
                                    ", " + change.kind() + " (" + change.kind().text() + ")")
                            .orElse(""),
                    e.activeVersion(),
                    Figures.percent(e.accuracyAfter()),
                    e.labels(),
                    Figures.percent(e.accuracyBefore()));
        }
        if (event instanceof AdaptationEvent.Shadowed e) {
            return String.format(
                    Locale.ROOT,
                    "in shadow mode, version %d would serve instead of %d: %s",
                    e.version(),
                    e.previous(),
                    e.reason());
        }
        if (event instanceof AdaptationEvent.Calibrated e) {
            String fitted = String.format(
                    Locale.ROOT,
                    "version %d has temperature %.3f, fitted on %d samples",
                    e.version(),
                    e.temperature(),
                    e.samples());
            return Double.isNaN(e.errorAfter())
                    ? fitted + ", of which too few are held out to show its calibration error"
                    : fitted
                            + String.format(
                                    Locale.ROOT,
                                    ": calibration error %.3f, %.3f without it",
                                    e.errorAfter(),
                                    e.errorBefore());
        }
        if (event instanceof AdaptationEvent.Answered e) {
            int samples = e.answers().stream().mapToInt(each -> each.count()).sum();
            return "compared version " + e.activeVersion() + " with the source model on the " + samples
                    + " samples of mini-batch " + e.miniBatch();
        }
        if (event instanceof AdaptationEvent.LabelsSuspected e) {
            return "the labels up to mini-batch " + e.miniBatch() + " look wrong (" + e.suspicion() + "): "
                    + e.evidence();
        }
        if (event instanceof AdaptationEvent.LeftOut e) {
            return "left out mini-batch " + e.miniBatch() + " with " + e.samples()
                    + " samples, since labels come faster than they can be scored";
        }
        AdaptationEvent.Discarded e = (AdaptationEvent.Discarded) event;
        return "discarded " + e.messages().size() + " samples of mini-batch " + e.miniBatch() + ": " + e.messages();
    }

    private static String reasons(GateDecision decision) {
        List<String> reasons = decision instanceof GateDecision.Reject reject
                ? reject.reasons()
                : decision instanceof GateDecision.Defer defer ? defer.missing() : List.of();
        return reasons.isEmpty() ? "" : "; " + String.join("; ", reasons);
    }
}
