package io.acclimate.adapt.domain;

import io.acclimate.adapt.random.Effort;
import io.acclimate.adapt.samples.Shelf;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.versions.Lineage;
import io.acclimate.adapt.versions.Provenance;
import io.acclimate.adapt.versions.Publishing;
import io.acclimate.core.DomainId;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.MiniBatch;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.registry.ListedVersion;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The training of one domain: its {@link DomainState}, and the rounds that change it. A mini-batch or a command becomes a {@link Round}, which says
 * what one transaction has to write; when that cannot be committed, the worker is closed, and another one is restored from the last checkpoint. It
 * knows nothing of Kafka. The same rounds from the same checkpoint give the same bits. One thread.
 */
public final class DomainWorker implements AutoCloseable {
    private final DomainState state;
    private final BaseModel models;
    private final Clock clock;
    private final Steps steps;
    private final Checkpoints checkpoints;
    private final Guard guard;
    private final LabelledRounds labelled;
    private final UnlabelledRounds unlabelled;
    private final CommandedRounds commanded;

    public DomainWorker(
            DomainId domain,
            AdaptSettings settings,
            BaseModel models,
            SourceSet sourceSet,
            SampleDecoder decoder,
            Clock clock) {
        this.models = models;
        this.clock = clock;
        ModelCard card = models.graph().card();
        sourceSet.keepAnswers(models, settings.train().terms(), settings.steps().batchSize());
        this.state = new DomainState(domain, settings, models, sourceSet, decoder);
        this.checkpoints = new Checkpoints(state, models, decoder);
        this.steps = new Steps(settings, state.rehearsal, state.replay, card);
        Judge judge = new Judge(models, sourceSet, state.holdout, settings.gate(), state.answers);
        this.guard = new Guard(models, state.position, state.active, state.proving, judge);
        Provenance.Maker provenance =
                new Provenance.Maker(settings, models.base(), sourceSet.name(), checkpoints::takenUpFrom);
        Recovery recovery = new Recovery(domain, settings, card, state.position, state.active, state.proving);
        Promotion promotion = new Promotion(state, judge, provenance);
        this.labelled = new LabelledRounds(state, models, decoder, clock, steps, recovery, promotion);
        this.unlabelled = new UnlabelledRounds(state, provenance);
        this.commanded = new CommandedRounds(state, judge, checkpoints);
    }

    public DomainId domain() {
        return state.domain;
    }

    /** Writes and restores this worker's state. */
    public Checkpoints checkpoints() {
        return checkpoints;
    }

    /** Where this worker keeps the pixels of its samples. */
    Shelf shelf() {
        return state.shelf;
    }

    /** Repeats a round after a restart, without writing anything. Answers with the version that the round made, if any. */
    public Optional<Round.NewVersion> relearn(MiniBatch batch, long offset, Effort effort) {
        Round.Learnt learnt = take(batch, offset, effort);
        state.journal.learnt(offset, effort);
        return learnt.published();
    }

    /** The active version's class of each row: what is served. */
    public List<Integer> served(FloatTensor rows) {
        return BaseModel.predict(state.active.session(), rows).classes();
    }

    /** The active version's raw output for each row. */
    public FloatTensor servedOutput(FloatTensor rows) {
        return state.active.session().run(rows);
    }

    /** The source model's class of each row. */
    public List<Integer> frozen(FloatTensor rows) {
        return BaseModel.predict(models.source(), rows).classes();
    }

    public WeightDelta activeWeights() {
        return state.active.weights();
    }

    /** False for a mini-batch that was trained on before the checkpoint. */
    public boolean expects(MiniBatch batch) {
        return state.position.expects(batch);
    }

    public Lineage lineage() {
        return state.position.lineage();
    }

    /** The steps that a round of this effort makes for the mini-batch, on average. */
    public double expectedSteps(MiniBatch batch, Effort effort) {
        return state.position.isPaused() ? 0 : steps.expected(batch.samples().size(), effort);
    }

    /** Which version serves. */
    ServedVersion serving() {
        return state.serving;
    }

    /** The version that serves, when a restore has not found its weights yet. */
    public OptionalLong lacksWeightsOf() {
        return state.serving.lacksWeightsOf();
    }

    /** Hands over the weights of the version that {@link #lacksWeightsOf} names. */
    public void restoreServed(WeightDelta weights) {
        state.serving.restoreWeights(weights);
    }

    /** Learns with all the effort that the settings say. */
    public Round learn(MiniBatch batch, long offset) {
        return learn(batch, offset, Effort.FULL);
    }

    /**
     * Scores the mini-batch, trains on it and judges the result, unless it is left out.
     *
     * @param offset of the mini-batch's record
     */
    public Round learn(MiniBatch batch, long offset, Effort effort) {
        Round.Learnt learnt = take(batch, offset, effort);
        state.journal.learnt(offset, effort);
        state.journal.removed(learnt.removed());
        return new Round(
                learnt.events(),
                learnt.dropped(),
                learnt.published(),
                learnt.activation(),
                new Round.Changes(learnt.removed(), Optional.empty()),
                checkpoints.save(),
                learnt.times());
    }

    private Round.Learnt take(MiniBatch batch, long offset, Effort effort) {
        return batch.unlabelled().isEmpty()
                ? labelled.take(batch, offset, effort)
                : unlabelled.take(batch, offset, clock.instant());
    }

    /** Says whether the active version may continue to serve. */
    Guard guard() {
        return guard;
    }

    /** Rounds that an operator or the guard asks for. */
    CommandedRounds commanded() {
        return commanded;
    }

    /** The source model is active again, and nothing that was learnt or kept is used any more. */
    Round afresh(MiniBatch next, String why) {
        return commanded.afresh(next, why, clock.instant());
    }

    /** The pace of this domain's versions, and which of them are kept. */
    public Publishing publishing() {
        return state.publishing;
    }

    /** Compares what is kept with the versions of this domain that the topic has, after a restore. */
    public void reconcile(List<ListedVersion> onTopic) {
        if (state.publishing.reconcile(onTopic, state.position.lineage().lastVersion(), state.serving.kept())) {
            // Rounds that are repeated from an older snapshot would not know the versions that were taken over.
            state.journal.demand();
        }
    }

    @Override
    public void close() {
        state.close();
    }
}
