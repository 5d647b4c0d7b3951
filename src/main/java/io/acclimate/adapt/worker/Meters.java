package io.acclimate.adapt.worker;

import io.acclimate.adapt.domain.Round;
import io.acclimate.adapt.random.Effort;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.ClassNames;
import io.acclimate.core.DomainId;
import io.acclimate.core.MiniBatch;
import io.acclimate.telemetry.ClassWindow;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.PrequentialWindow;
import io.acclimate.telemetry.Telemetry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Counts the results of a round after its transaction is committed. The worker's thread only. */
public final class Meters {
    /** What is told of a domain by the worker that has it, and by no other. */
    private static final List<Meter> OF_THE_OWNER = List.of(
            Meter.PREQUENTIAL_ACCURACY,
            Meter.CLASS_ACCURACY,
            Meter.HOLDOUT_ACCURACY,
            Meter.CALIBRATION_ERROR,
            Meter.LOSS);

    private final Telemetry telemetry;
    private final boolean byClass;
    private final Map<DomainId, PrequentialWindow> windows = new TreeMap<>();
    private final Map<DomainId, ClassWindow> classes = new TreeMap<>();
    /** The domains of each partition of this instance that something may be told of. */
    private final Map<Integer, Set<DomainId>> domains = new TreeMap<>();

    public Meters(Telemetry telemetry, ClassNames classNames) {
        this.telemetry = telemetry;
        this.byClass = classNames.count() <= ClassWindow.MAX_CLASSES;
    }

    /** A domain is this instance's until its partition has left. */
    void owns(int partition, DomainId domain) {
        domains.computeIfAbsent(partition, p -> new TreeSet<>()).add(domain);
    }

    /** A partition is not this instance's any more, so that another one tells what its domains are like. */
    void left(int partition) {
        Set<DomainId> gone = domains.remove(partition);
        if (gone == null) {
            return;
        }
        gone.forEach(this::forget);
    }

    /** A domain was retired, and there is nothing to tell of it any more. */
    void retired(int partition, DomainId domain) {
        domains.getOrDefault(partition, new TreeSet<>()).remove(domain);
        forget(domain);
    }

    private void forget(DomainId domain) {
        windows.remove(domain);
        classes.remove(domain);
        OF_THE_OWNER.forEach(each -> telemetry.remove(each, domain.value()));
    }

    public void committed(Round round) {
        round.published()
                .ifPresent(version -> noCalibration(version.id().domain().value()));
        round.events().forEach(this::event);
        countShadowedRollback(round);
        round.dropped().forEach(dropped -> telemetry
                .counter(
                        Meter.DEAD_LETTERS,
                        RoundWriter.STAGE,
                        dropped.refusal().reason().name())
                .increment());
    }

    public void committed(MiniBatch batch, Round round, Instant now) {
        String domain = batch.domain().value();
        telemetry.counter(Meter.SAMPLES_READ, domain).increment(batch.samples().size());
        if (round.events().stream().noneMatch(AdaptationEvent.LeftOut.class::isInstance)) {
            batch.samples().forEach(sample -> {
                Duration delay = Duration.between(sample.labelTime(), now);
                telemetry.timer(Meter.LABEL_DELAY, domain).record(delay.isNegative() ? Duration.ZERO : delay);
            });
        }
        round.stepTimes()
                .forEach(time -> telemetry.timer(Meter.STEP_TIME, domain).record(time));
        committed(round);
    }

    /** Until an event says what the calibration of the newest version is, nothing is known of it. */
    private void noCalibration(String domain) {
        telemetry.set(Meter.CALIBRATION_ERROR, Double.NaN, domain, "raw");
        telemetry.set(Meter.CALIBRATION_ERROR, Double.NaN, domain, "calibrated");
    }

    /**
     * The guard's rollbacks are counted in shadow mode, too. Without a new version, the version that would serve is an earlier one; numbers
     * do not tell, since an operator may have activated an older version before shadow mode.
     */
    private void countShadowedRollback(Round round) {
        if (round.published().isPresent()) {
            return;
        }
        for (AdaptationEvent event : round.events()) {
            if (event instanceof AdaptationEvent.Shadowed shadowed) {
                telemetry.counter(Meter.ROLLBACKS, shadowed.domain().value()).increment();
            }
        }
    }

    void chose(Effort effort) {
        telemetry.set(Meter.EFFORT, effort.share());
    }

    void deleted(String outcome) {
        telemetry.counter(Meter.MINI_BATCH_DELETIONS, outcome).increment();
    }

    void deadLetter(String reason) {
        telemetry.counter(Meter.DEAD_LETTERS, RoundWriter.STAGE, reason).increment();
    }

    void aborted() {
        telemetry.counter(Meter.TRANSACTIONS_ABORTED, RoundWriter.STAGE).increment();
    }

    /** @param partitions of this instance */
    void suspended(int partitions) {
        telemetry.set(Meter.PARTITIONS_SUSPENDED, partitions);
    }

    /** Where the pixels are that all domains keep. */
    void samples(long inMemory, long onDisk) {
        telemetry.set(Meter.SAMPLES_KEPT, (double) inMemory, "memory");
        telemetry.set(Meter.SAMPLES_KEPT, (double) onDisk, "disk");
    }

    private void event(AdaptationEvent event) {
        String domain = event.domain().value();
        if (event instanceof AdaptationEvent.Trained trained) {
            telemetry.counter(Meter.SAMPLES_TRAINED, domain).increment(trained.samples() - trained.holdout());
            telemetry.counter(Meter.SAMPLES_HELD_OUT, domain).increment(trained.holdout());
            // An increase is told from 0 on.
            telemetry.counter(Meter.SAMPLES_LEFT_OUT, domain).increment(0);
            telemetry.counter(Meter.STEPS_SKIPPED, domain).increment(trained.skippedSteps());
            trained.losses().forEach((term, loss) -> telemetry.set(Meter.LOSS, loss, domain, term));
            PrequentialWindow window = windows.computeIfAbsent(event.domain(), d -> new PrequentialWindow());
            window.add(trained);
            telemetry.set(Meter.PREQUENTIAL_ACCURACY, window.active(), domain, "active");
            telemetry.set(Meter.PREQUENTIAL_ACCURACY, window.source(), domain, "source");
            if (trained.shadow().isPresent()) {
                telemetry.set(Meter.PREQUENTIAL_ACCURACY, window.shadow(), domain, "shadow");
            }
        } else if (event instanceof AdaptationEvent.LeftOut leftOut) {
            telemetry.counter(Meter.SAMPLES_LEFT_OUT, domain).increment(leftOut.samples());
        } else if (event instanceof AdaptationEvent.Answered answered) {
            if (byClass) {
                byClass(answered);
            }
        } else if (event instanceof AdaptationEvent.Judged judged) {
            telemetry.counter(Meter.DECISIONS, domain, judged.decision().kind()).increment();
            telemetry.set(Meter.HOLDOUT_ACCURACY, judged.candidateAccuracy(), domain, "candidate");
            telemetry.set(Meter.HOLDOUT_ACCURACY, judged.activeAccuracy(), domain, "active");
            telemetry.set(Meter.HOLDOUT_ACCURACY, judged.sourceAccuracy(), domain, "source");
        } else if (event instanceof AdaptationEvent.Calibrated calibrated) {
            telemetry.set(Meter.CALIBRATION_ERROR, calibrated.errorBefore(), domain, "raw");
            telemetry.set(Meter.CALIBRATION_ERROR, calibrated.errorAfter(), domain, "calibrated");
        } else if (event instanceof AdaptationEvent.Drifted drifted) {
            telemetry.counter(Meter.DRIFTS, domain).increment();
            drifted.change().ifPresent(change -> telemetry
                    .counter(Meter.DRIFT_KINDS, domain, change.kind().name())
                    .increment());
        } else if (event instanceof AdaptationEvent.Reset) {
            telemetry.counter(Meter.RESETS, domain).increment();
            noCalibration(domain);
        } else if (event instanceof AdaptationEvent.Restarted) {
            telemetry.counter(Meter.TRAINING_RESTARTS, domain).increment();
        } else if (event instanceof AdaptationEvent.LabelsSuspected suspected) {
            telemetry
                    .counter(Meter.LABELS_SUSPECTED, domain, suspected.suspicion())
                    .increment();
        } else if (event instanceof AdaptationEvent.Activated activated
                && activated.activation().cause() == io.acclimate.core.Activation.Cause.ROLLBACK) {
            telemetry.counter(Meter.ROLLBACKS, domain).increment();
        }
    }

    private void byClass(AdaptationEvent.Answered answered) {
        String domain = answered.domain().value();
        answered.answers().forEach(each -> telemetry
                .counter(Meter.CLASS_SAMPLES, domain, each.label())
                .increment(each.count()));
        ClassWindow window = classes.computeIfAbsent(answered.domain(), d -> new ClassWindow());
        window.add(answered);
        window.classes().forEach((name, tally) -> {
            telemetry.set(Meter.CLASS_ACCURACY, tally.activeAccuracy(), domain, name, "active");
            telemetry.set(Meter.CLASS_ACCURACY, tally.sourceAccuracy(), domain, name, "source");
        });
    }
}
