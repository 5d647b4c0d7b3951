package io.acclimate.adapt.domain;

import io.acclimate.adapt.divergence.Divergence;
import io.acclimate.adapt.samples.ReplaySample;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.DomainId;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.GateDecision;
import io.acclimate.core.MiniBatch;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.train.Trainer;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts failed training again from the active version with smaller steps. Training has failed when it shows signs of {@link
 * Divergence} in two rounds in a row, or when too many candidates in a row were rejected, or, with a learning rate that somebody chose, when
 * it is proven worse than the source model. What is served does not change. One thread.
 */
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final DomainId domain;
    private final AdaptSettings settings;
    private final ModelCard card;
    private final Position position;
    private final ActiveVersion active;
    private final Proving proving;

    Recovery(
            DomainId domain,
            AdaptSettings settings,
            ModelCard card,
            Position position,
            ActiveVersion active,
            Proving proving) {
        this.domain = domain;
        this.settings = settings;
        this.card = card;
        this.position = position;
        this.active = active;
        this.proving = proving;
    }

    /** Starts training again when its answers to {@code fresh} show that it diverged. */
    Optional<AdaptationEvent> beforeTraining(Holdout.Others fresh, MiniBatch batch, Instant now) {
        return divergence(fresh).flatMap(reason -> restart(reason, batch, now));
    }

    /** The trainer, told how large its next steps are: one that was closed in between does not know it. */
    Trainer trainer() {
        Trainer open = active.trainer();
        open.stepScale(position.stepSize().scale());
        return open;
    }

    /** Starts training again after too many rejections in a row. */
    Optional<AdaptationEvent> judged(GateDecision decision, MiniBatch batch, Instant now) {
        int limit = settings.evaluation().resetAfterRejects();
        return decision instanceof GateDecision.Reject && position.rejectedTooOften(limit)
                ? restart(limit + " candidates in a row were rejected", batch, now)
                : Optional.empty();
    }

    /**
     * Starts training again when it is proven worse than the source model. Labels that are wrong are the usual cause, and smaller steps do
     * not help against them. A learning rate that somebody chose may be the cause, too, so only then steps become smaller.
     */
    Optional<AdaptationEvent> wentAstray(String why, MiniBatch batch, Instant now) {
        if (!settings.train().optimizer().isAutomatic()) {
            return restart(why, batch, now);
        }
        startAgain();
        return Optional.empty();
    }

    private Optional<String> divergence(Holdout.Others others) {
        List<ReplaySample> fresh = others.samples();
        if (!isWatched() || fresh.isEmpty()) {
            return Optional.empty();
        }
        if (active.steps() == 0) {
            position.stepSize().startAgain();
            return Optional.empty();
        }
        int count = Math.min(fresh.size(), settings.steps().batchSize());
        List<ReplaySample> some = fresh.subList(0, count);
        List<Integer> labels = some.stream().map(ReplaySample::classIndex).toList();
        FloatTensor rows = SampleDecoder.rows(some);
        FloatTensor answered = others.answers().isEmpty()
                ? active.session().run(rows)
                : FloatTensor.stack(others.answers().subList(0, count));
        Optional<String> sign = Divergence.sign(card, active.trainer().outputs(rows), answered, labels);
        return position.stepSize().diverged(sign) ? sign : Optional.empty();
    }

    private void startAgain() {
        active.restartTraining();
        proving.restarted();
    }

    /** False for settings of before divergence was watched, which leave steps as they are: a rebuild of such versions must do so, too. */
    private boolean isWatched() {
        return settings.evaluation().restartShrink() < 1;
    }

    private Optional<AdaptationEvent> restart(String reason, MiniBatch batch, Instant now) {
        startAgain();
        if (!isWatched()) {
            return Optional.empty();
        }
        position.stepSize().shrink(settings.evaluation().restartShrink());
        double scale = position.stepSize().scale();
        long version = position.lineage().active();
        LOG.warn(
                "domain {}: training starts again from version {} with steps {} times as large as set: {}",
                domain,
                version,
                String.format(Locale.ROOT, "%.4f", scale),
                reason);
        return Optional.of(new AdaptationEvent.Restarted(domain, now, batch.sequence(), version, scale, reason));
    }
}
