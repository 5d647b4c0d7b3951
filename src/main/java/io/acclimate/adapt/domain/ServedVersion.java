package io.acclimate.adapt.domain;

import io.acclimate.adapt.samples.ReplaySample;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.core.Activation;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.DomainId;
import io.acclimate.core.VersionId;
import io.acclimate.infer.ModelSession;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.wire.v1.Checkpoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which version serves. Usually it is the active one. In shadow mode, training, judging, promotion and the guard do all that they would do
 * otherwise, and each change of the active version is told in an event; but only an operator changes which version serves. So the versions
 * are those that would have served, bit for bit. What serves is the source model, or what served before shadow mode, until an operator
 * activates a version. A worker that is started without shadow mode lets the active version serve after its first mini-batch.
 *
 * <p>It owns the session with which it scores what serves, except for that of the source model. One thread.
 */
final class ServedVersion implements AutoCloseable {
    private static final int HISTORY = 64;

    private final DomainId domain;
    private final boolean shadow;
    private final BaseModel models;
    private final Position position;
    /** The versions that served, the present one last. Empty while the active version serves. */
    private final List<Long> history = new ArrayList<>();
    /** Null while the source model serves, and between a restore and {@link #restoreWeights}. */
    private @Nullable ModelSession session;

    ServedVersion(DomainId domain, AdaptSettings settings, BaseModel models, Position position) {
        this.domain = domain;
        this.shadow = settings.delivery().shadow();
        this.models = models;
        this.position = position;
        if (shadow) {
            history.add(VersionId.SOURCE);
        }
    }

    /** True while only an operator changes which version serves. */
    boolean isShadow() {
        return shadow;
    }

    long number() {
        return follows() ? position.lineage().active() : history.get(history.size() - 1);
    }

    /** True when this version serves and still will after the next mini-batch, where shadow mode that was switched off ends. */
    boolean continuesWith(long version) {
        return version == number() && (shadow || version == position.lineage().active());
    }

    private boolean follows() {
        return history.isEmpty();
    }

    /** The versions that served before the present one, newest first. */
    List<Long> earlier() {
        if (follows()) {
            return position.lineage().earlier();
        }
        List<Long> earlier = new ArrayList<>();
        for (int i = history.size() - 2; i >= 0; i--) {
            earlier.add(history.get(i));
        }
        return earlier;
    }

    /** True when a version served before the present one. */
    boolean hasPrevious() {
        return follows() ? position.lineage().previous().isPresent() : history.size() > 1;
    }

    /** The versions that must be kept: the active one, the one that serves, and the one before each of them. */
    Set<Long> kept() {
        Set<Long> kept = new HashSet<>(position.lineage().serving());
        history.stream().skip(Math.max(0, history.size() - 2)).forEach(kept::add);
        return kept;
    }

    /**
     * What a change of the active version means to who watches, and to serving.
     *
     * @param pointer what serving is told; empty in shadow mode
     */
    record Change(AdaptationEvent event, Optional<Activation> pointer) {}

    /** The active version has changed by the worker's own decision. */
    Change changed(Activation activation, long previous, Instant now) {
        if (shadow) {
            long number = activation.version().number();
            return new Change(
                    new AdaptationEvent.Shadowed(domain, now, number, previous, activation.reason()), Optional.empty());
        }
        follow();
        return new Change(new AdaptationEvent.Activated(domain, now, activation, previous), Optional.of(activation));
    }

    /** The active version serves from now on. */
    void follow() {
        history.clear();
        replaceSession(null);
    }

    /** Lets the active version serve when shadow mode has ended and another version still does. */
    Optional<Change> endShadow(Instant now) {
        if (shadow || follows()) {
            return Optional.empty();
        }
        long before = number();
        follow();
        long active = position.lineage().active();
        if (before == active) {
            return Optional.empty();
        }
        Activation activation = position.announce(active, Activation.Cause.ACTIVATE, "shadow mode has ended", now);
        return Optional.of(
                new Change(new AdaptationEvent.Activated(domain, now, activation, before), Optional.of(activation)));
    }

    /** In shadow mode: an operator lets a version serve. Training is not touched. */
    Change serve(long number, WeightDelta weights, Activation.Cause cause, String reason, Instant now) {
        long before = number();
        if (cause == Activation.Cause.ROLLBACK) {
            history.remove(history.size() - 1);
            while (!history.isEmpty() && history.get(history.size() - 1) != number) {
                history.remove(history.size() - 1);
            }
        }
        if (history.isEmpty() || history.get(history.size() - 1) != number) {
            history.add(number);
        }
        if (history.size() > HISTORY) {
            history.remove(0);
        }
        restoreWeights(weights);
        Activation activation = position.announce(number, cause, reason, now);
        return new Change(new AdaptationEvent.Activated(domain, now, activation, before), Optional.of(activation));
    }

    /**
     * What the version that serves predicts for the samples.
     *
     * @param source what the source model predicts
     * @param active what the active version predicts
     */
    BaseModel.Predicted predict(List<ReplaySample> samples, BaseModel.Predicted source, BaseModel.Predicted active) {
        if (number() == VersionId.SOURCE) {
            return source;
        }
        ModelSession open = session;
        return open == null || number() == position.lineage().active() ? active : BaseModel.predict(open, samples);
    }

    /** The version whose weights {@link #restoreWeights} must be given after a restore. */
    OptionalLong lacksWeightsOf() {
        return session == null && !follows() && number() != VersionId.SOURCE
                ? OptionalLong.of(number())
                : OptionalLong.empty();
    }

    /** @param weights of the version that serves */
    void restoreWeights(WeightDelta weights) {
        replaceSession(number() == VersionId.SOURCE ? null : models.session(weights));
    }

    private void replaceSession(@Nullable ModelSession next) {
        ModelSession old = session;
        session = next;
        if (old != null) {
            old.close();
        }
    }

    void save(Checkpoint.Builder checkpoint) {
        if (!follows()) {
            checkpoint.getShadowBuilder().addAllServed(history);
        }
    }

    /** A worker that enters shadow mode goes on serving what was active. */
    void restore(Checkpoint checkpoint) {
        follow();
        if (checkpoint.hasShadow()) {
            history.addAll(checkpoint.getShadow().getServedList());
        } else if (shadow) {
            history.addAll(checkpoint.getActiveHistoryList());
        }
        if (shadow && history.isEmpty()) {
            history.add(checkpoint.getActiveVersion());
        }
    }

    @Override
    public void close() {
        replaceSession(null);
    }
}
