package io.acclimate.web;

import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.AdaptationEvent.Activated;
import io.acclimate.core.AdaptationEvent.Aligned;
import io.acclimate.core.AdaptationEvent.Controlled;
import io.acclimate.core.AdaptationEvent.Discarded;
import io.acclimate.core.AdaptationEvent.Drifted;
import io.acclimate.core.AdaptationEvent.Judged;
import io.acclimate.core.AdaptationEvent.LabelsSuspected;
import io.acclimate.core.AdaptationEvent.Reset;
import io.acclimate.core.AdaptationEvent.Restarted;
import io.acclimate.core.AdaptationEvent.Shadowed;
import io.acclimate.core.GateDecision;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One message to a viewer. Its components are the message's JSON keys. {@code accuracy} rows are {@code [epoch ms, adapted, source]}, {@code throughput} rows
 * {@code [epoch ms, images/s, p50 ms, p99 ms]}. In shadow mode, {@code shadow} rows are {@code [epoch ms, accuracy]} of the versions that
 * would serve otherwise.
 */
record LiveView(
        long seq,
        List<List<Double>> accuracy,
        List<List<Double>> shadow,
        List<List<Double>> throughput,
        List<Card> cards,
        List<Image> images,
        Status status) {

    record Status(
            long now, long predictions, long trainedSamples, Map<String, Long> active, Map<String, Long> shadow) {}

    /** {@code truth}, {@code url} and {@code text} are empty if they are not known. */
    record Image(
            long seq,
            long at,
            String id,
            String domain,
            String label,
            float confidence,
            long version,
            String truth,
            String url,
            String text) {}

    /** One line of the list of versions and gate decisions. The page chooses its colour by {@code kind}. */
    record Card(long seq, long at, String domain, String kind, String title, String detail) {
        private static final int LONGEST = 1_000;

        /** The longest detail that is shown. A message may be as long as a record. */
        Card {
            detail = detail.length() > LONGEST ? detail.substring(0, LONGEST) + "…" : detail;
        }

        /** The line for an event. Events of every mini-batch have none, because they would push all others off the list. */
        static Optional<Card> of(long seq, AdaptationEvent event) {
            long at = event.at().toEpochMilli();
            String domain = event.domain().value();
            if (event instanceof Judged judged) {
                String title = "Candidate " + judged.candidate() + ": "
                        + judged.decision().kind();
                return Optional.of(new Card(seq, at, domain, judged.decision().kind(), title, why(judged)));
            }
            if (event instanceof Activated activated) {
                long number = activated.activation().version().number();
                String kind = activated.activation().cause().name().toLowerCase(Locale.ROOT);
                String title = "Version " + number + " active, was " + activated.previous();
                String kindShown = kind.equals("promote") ? "active" : kind;
                return Optional.of(new Card(
                        seq,
                        at,
                        domain,
                        kindShown,
                        title,
                        activated.activation().reason()));
            }
            if (event instanceof Shadowed shadowed) {
                String title = "Version " + shadowed.version() + " in shadow, was " + shadowed.previous();
                return Optional.of(new Card(seq, at, domain, "shadow", title, shadowed.reason()));
            }
            if (event instanceof Drifted drifted) {
                String detail = String.format(
                        Locale.ROOT,
                        "version %d: %s of the last %d labels right, %s before",
                        drifted.activeVersion(),
                        percent(drifted.accuracyAfter()),
                        drifted.labels(),
                        percent(drifted.accuracyBefore()));
                String title = "the domain has changed"
                        + drifted.change()
                                .map(change -> ": " + change.kind().text())
                                .orElse("");
                return Optional.of(new Card(seq, at, domain, "drift", title, detail + shares(drifted)));
            }
            if (event instanceof Controlled controlled) {
                String title = controlled.command() + (controlled.applied() ? " applied" : " refused");
                return Optional.of(new Card(seq, at, domain, "control", title, controlled.message()));
            }
            if (event instanceof Restarted restarted) {
                String title = "Training starts again from version " + restarted.activeVersion();
                return Optional.of(new Card(seq, at, domain, "restart", title, restarted.reason()));
            }
            if (event instanceof Discarded discarded) {
                int count = discarded.messages().size();
                String detail = count == 0 ? "" : discarded.messages().get(0);
                String title = count + (count == 1 ? " sample" : " samples") + " discarded";
                return Optional.of(new Card(seq, at, domain, "discard", title, detail));
            }
            if (event instanceof Reset reset) {
                return Optional.of(new Card(seq, at, domain, "reset", "begun afresh", reset.reason()));
            }
            if (event instanceof LabelsSuspected suspected) {
                return Optional.of(new Card(seq, at, domain, "labels", "labels look wrong", suspected.evidence()));
            }
            if (event instanceof Aligned aligned && aligned.tensors() > 0) {
                String title = "Aligned to " + aligned.images() + " images without labels";
                return Optional.of(new Card(seq, at, domain, "align", title, aligned.outcome()));
            }
            return Optional.empty();
        }

        private static String why(Judged judged) {
            if (judged.decision() instanceof GateDecision.Reject reject) {
                return String.join("; ", reject.reasons());
            }
            if (judged.decision() instanceof GateDecision.Defer defer) {
                return String.join("; ", defer.missing());
            }
            return String.format(
                    Locale.ROOT,
                    "holdout of %d: candidate %s, active %s, source %s",
                    judged.holdoutSize(),
                    percent(judged.candidateAccuracy()),
                    percent(judged.activeAccuracy()),
                    percent(judged.sourceAccuracy()));
        }

        /** How frequent the classes were and are that changed most, where that is what has changed. */
        private static String shares(Drifted drifted) {
            return drifted.change()
                    .filter(change -> change.kind() == Drifted.Change.Kind.LABEL_SHIFT)
                    .map(change -> change.shares().stream()
                            .limit(3)
                            .map(each -> each.label() + " " + percent(each.before()) + " → " + percent(each.after()))
                            .collect(Collectors.joining(", ", "; ", "")))
                    .orElse("");
        }

        private static String percent(double ratio) {
            return Double.isNaN(ratio) ? "–" : String.format(Locale.ROOT, "%.1f%%", 100 * ratio);
        }
    }
}
