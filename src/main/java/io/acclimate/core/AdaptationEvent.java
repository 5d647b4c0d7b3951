package io.acclimate.core;

import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** An event in the life of a domain's model. The topic {@code adaptation-events} has them in order. */
public sealed interface AdaptationEvent {
    DomainId domain();

    Instant at();

    /**
     * A mini-batch was scored before training (prequential) and then trained on.
     *
     * @param miniBatch the mini-batch's sequence
     * @param holdout number of its samples that were set aside and never trained on
     * @param activeVersion the version that served
     * @param activeCorrect number of {@code samples} that it classified correctly
     * @param losses mean of each loss term over the round's steps by name, {@code total} among them
     * @param skippedSteps number of steps whose loss or gradient was not finite
     * @param halvings how many times the usual effort was halved, since the worker was behind or its steps would have taken long
     * @param shadow in shadow mode, what would serve otherwise
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
            Map<String, Double> losses,
            int halvings,
            Optional<Shadow> shadow)
            implements AdaptationEvent {
        public Trained {
            losses = Map.copyOf(losses);
        }

        /**
         * The version that would serve outside of shadow mode.
         *
         * @param correct number of samples that it classified correctly
         */
        public record Shadow(long version, int correct) {}

        /** Training that is not in shadow mode. */
        public Trained(
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
                Map<String, Double> losses,
                int halvings) {
            this(
                    domain,
                    at,
                    miniBatch,
                    samples,
                    holdout,
                    activeVersion,
                    activeCorrect,
                    sourceCorrect,
                    steps,
                    skippedSteps,
                    losses,
                    halvings,
                    Optional.empty());
        }

        /** Training with all the effort that the settings say. */
        public Trained(
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
                Map<String, Double> losses) {
            this(
                    domain,
                    at,
                    miniBatch,
                    samples,
                    holdout,
                    activeVersion,
                    activeCorrect,
                    sourceCorrect,
                    steps,
                    skippedSteps,
                    losses,
                    0);
        }
    }

    /** The gate judged a candidate. Accuracies are on the holdout, and NaN if it is empty. */
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

    /** An operator's command was applied or refused. One that was refused may name a domain that never was, or that was retired. */
    record Controlled(DomainId domain, Instant at, String commandId, String command, boolean applied, String message)
            implements AdaptationEvent {
        /** True for the last event of a domain: it was retired. */
        public boolean retires() {
            return applied && command.equals("retire");
        }
    }

    /**
     * Training began afresh from the source model, which serves: all that the domain had learnt and kept was given up.
     *
     * @param miniBatch before or after which it happened
     * @param previous the version that had served until then; the source model's number when it was that
     */
    record Reset(DomainId domain, Instant at, long miniBatch, long previous, String reason)
            implements AdaptationEvent {}

    /**
     * Training started again from the active version with smaller steps, because it had diverged, or too many candidates in a row were
     * rejected, or it was proven worse than the source model with a learning rate that somebody chose.
     *
     * @param miniBatch before or after which it happened
     * @param stepScale the factor of the learning rate and of the largest move of the settings from now on
     */
    record Restarted(DomainId domain, Instant at, long miniBatch, long activeVersion, double stepScale, String reason)
            implements AdaptationEvent {}

    /**
     * The labels themselves began to look wrong: random, of another order of classes, or of one class.
     *
     * @param miniBatch with the last of the labels
     * @param suspicion what they look like, as a name
     * @param evidence the numbers, in a sentence
     */
    record LabelsSuspected(DomainId domain, Instant at, long miniBatch, String suspicion, String evidence)
            implements AdaptationEvent {}

    /**
     * Images without labels came, and what training starts from may have been aligned to them.
     *
     * @param miniBatch that holds the images
     * @param images of the domain that are kept
     * @param tensors that were estimated from them; 0 when nothing was estimated
     * @param outcome what became of the images, in a sentence
     */
    record Aligned(DomainId domain, Instant at, long miniBatch, int images, int tensors, String outcome)
            implements AdaptationEvent {}

    /**
     * The domain has changed: its active version misses more labels than before.
     *
     * @param labels that came since the change
     * @param accuracyBefore of the active version
     * @param change what has changed; empty in events of workers that did not look
     */
    record Drifted(
            DomainId domain,
            Instant at,
            long miniBatch,
            long activeVersion,
            int labels,
            double accuracyBefore,
            double accuracyAfter,
            Optional<Change> change)
            implements AdaptationEvent {
        /**
         * What has changed, by the labels and the source model's answers before and after. Each probability is that of such a difference, or
         * a larger one, where nothing has changed; NaN with too few samples.
         *
         * @param classShares probability of the difference in how frequent classes are
         * @param answerShares the same of answers
         * @param answersOfClass the same of answers to the samples of each class
         * @param shares of the classes that changed most, the largest change first
         */
        public record Change(
                Kind kind, double classShares, double answerShares, double answersOfClass, List<Share> shares) {
            /** The field's words. Names are those on the wire. */
            public enum Kind {
                /** Classes are as frequent as they were not before, and look as before. */
                LABEL_SHIFT,
                /** The inputs of the classes are others than before. */
                COVARIATE_SHIFT,
                /** The same inputs get other labels than before. */
                CONCEPT_DRIFT,
                /** The samples do not tell. */
                UNCLEAR;

                /** In words. */
                public String text() {
                    return switch (this) {
                        case LABEL_SHIFT -> "classes have other shares, and look as before";
                        case COVARIATE_SHIFT -> "inputs are others than before";
                        case CONCEPT_DRIFT -> "the same inputs get other labels";
                        case UNCLEAR -> "the samples do not tell in what";
                    };
                }
            }

            /**
             * How frequent a class is, as a share of all samples.
             *
             * @param after by the labels since the change
             * @param estimated since the change by the model's answers alone, if inputs of each class look as before
             */
            public record Share(String label, double before, double after, double estimated) {}

            public Change {
                shares = List.copyOf(shares);
            }
        }

        /** A change of which is not known what has changed. */
        public Drifted(
                DomainId domain,
                Instant at,
                long miniBatch,
                long activeVersion,
                int labels,
                double accuracyBefore,
                double accuracyAfter) {
            this(domain, at, miniBatch, activeVersion, labels, accuracyBefore, accuracyAfter, Optional.empty());
        }
    }

    /**
     * In shadow mode: another version would serve from now on. What serves stays as it is.
     *
     * @param previous the version that would have served until now
     */
    record Shadowed(DomainId domain, Instant at, long version, long previous, String reason)
            implements AdaptationEvent {}

    /**
     * A temperature was fitted for a new version, so that its confidence means how often it is right.
     *
     * @param samples that it was fitted on: held out, or answered before training learnt from them
     * @param errorBefore expected calibration error on the held-out ones of the model's own probabilities; NaN when fewer than 64 are held
     *     out
     * @param errorAfter the same with the temperature
     */
    record Calibrated(
            DomainId domain,
            Instant at,
            long version,
            double temperature,
            int samples,
            double errorBefore,
            double errorAfter)
            implements AdaptationEvent {
        public Calibrated {
            if (!(temperature > 0 && Double.isFinite(temperature))) {
                throw new IllegalArgumentException("a temperature is finite and above 0, got " + temperature);
            }
        }
    }

    /**
     * What the model that served and the source model answered for the samples of a mini-batch, before training on it.
     *
     * @param oldestLabel when the first of the samples was labelled
     * @param newestLabel when the last of them was labelled
     * @param answers counts of samples, at most one for each combination of label and answers
     */
    record Answered(
            DomainId domain,
            Instant at,
            long miniBatch,
            long activeVersion,
            Instant oldestLabel,
            Instant newestLabel,
            List<Answers> answers)
            implements AdaptationEvent {
        /**
         * Samples of one class for which the models gave the same answers.
         *
         * @param label the class by the labels
         * @param active the answer of the version that served
         * @param source the answer of the source model
         */
        public record Answers(String label, String active, String source, int count) {
            public Answers {
                if (count < 1) {
                    throw new IllegalArgumentException("answers are counted from 1, got " + count);
                }
            }

            private Answers times(int samples) {
                return new Answers(label, active, source, samples);
            }
        }

        public Answered {
            answers = List.copyOf(answers);
        }

        /**
         * Counts equal answers together, in the order of their names.
         *
         * @param version the version that serves
         * @param labels the classes, by index, of those samples of the mini-batch that could be used
         * @param active the answers of the version for these samples
         * @param source the answers of the source model for these samples
         */
        public static Answered of(
                MiniBatch batch,
                Instant at,
                long version,
                ClassNames classes,
                List<Integer> labels,
                List<Integer> active,
                List<Integer> source) {
            Map<Answers, Integer> counts = new TreeMap<>(Comparator.comparing(Answers::label)
                    .thenComparing(Answers::active)
                    .thenComparing(Answers::source));
            for (int i = 0; i < labels.size(); i++) {
                Answers one = new Answers(
                        classes.name(labels.get(i)), classes.name(active.get(i)), classes.name(source.get(i)), 1);
                counts.merge(one, 1, Integer::sum);
            }
            List<Instant> times =
                    batch.samples().stream().map(LabelledSample::labelTime).toList();
            return new Answered(
                    batch.domain(),
                    at,
                    batch.sequence(),
                    version,
                    Collections.min(times),
                    Collections.max(times),
                    counts.entrySet().stream()
                            .map(each -> each.getKey().times(each.getValue()))
                            .toList());
        }
    }

    /**
     * Labels came faster than they could be scored, and this mini-batch was left out: it was neither scored nor learnt from.
     *
     * @param samples of the mini-batch
     */
    record LeftOut(DomainId domain, Instant at, long miniBatch, int samples) implements AdaptationEvent {}

    /** Samples of a mini-batch could not be used and became dead letters. */
    record Discarded(DomainId domain, Instant at, long miniBatch, List<String> messages) implements AdaptationEvent {
        public Discarded {
            messages = List.copyOf(messages);
        }
    }
}
