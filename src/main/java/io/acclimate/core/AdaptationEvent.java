package io.acclimate.core;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What happened to a domain's model, in order, as {@code adaptation-events} tells it. */
public sealed interface AdaptationEvent {
    DomainId domain();

    Instant at();

    /**
     * A mini-batch was scored before training (prequential) and then trained on.
     *
     * @param miniBatch the mini-batch's sequence
     * @param holdout how many of its samples were set aside and never trained on
     * @param activeCorrect how many the active version got right, of {@code samples}
     * @param losses each loss term by name, mean over the round's steps; {@code total} among them
     * @param skippedSteps steps whose loss or gradient was not finite
     */
    record Trained(
            DomainId domain,
            Instant at,
            long miniBatch,
            int samples,
            int holdout,
            long activeVersion,
            int activeCorrect,
            int sourceCorrect,
            int steps,
            int skippedSteps,
            Map<String, Double> losses)
            implements AdaptationEvent {
        public Trained {
            losses = Map.copyOf(losses);
        }
    }

    /** The gate judged a candidate. Accuracies are on the holdout; NaN when it is empty. */
    record Judged(
            DomainId domain,
            Instant at,
            long candidate,
            long activeVersion,
            GateDecision decision,
            double candidateAccuracy,
            double activeAccuracy,
            double sourceAccuracy,
            int holdoutSize)
            implements AdaptationEvent {}

    /** The active version changed. */
    record Activated(DomainId domain, Instant at, Activation activation, long previous) implements AdaptationEvent {}

    /** An operator's command was applied or refused. */
    record Controlled(DomainId domain, Instant at, String commandId, String command, boolean applied, String message)
            implements AdaptationEvent {}

    /**
     * Training began afresh from the source model, which serves: all that the domain had learnt and kept was given up.
     *
     * @param miniBatch before or after which it happened
     * @param previous the version that had served until then; the source model's number when it was that
     */
    record Reset(DomainId domain, Instant at, long miniBatch, long previous, String reason)
            implements AdaptationEvent {}

    /** Samples of a mini-batch that could not be used: they went to dead letters. */
    record Discarded(DomainId domain, Instant at, long miniBatch, List<String> messages) implements AdaptationEvent {
        public Discarded {
            messages = List.copyOf(messages);
        }
    }
}
