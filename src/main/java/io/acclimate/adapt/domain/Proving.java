package io.acclimate.adapt.domain;

import io.acclimate.adapt.answers.PrequentialAnswers;
import io.acclimate.adapt.random.Effort;
import io.acclimate.adapt.samples.ReplayBuffer;
import io.acclimate.adapt.samples.ReplaySample;
import io.acclimate.adapt.translation.ListSigns;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.DomainId;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.MiniBatch;
import io.acclimate.gate.CentredClasses;
import io.acclimate.gate.GateSettings;
import io.acclimate.gate.LabelSuspicion;
import io.acclimate.gate.Paired;
import io.acclimate.gate.Proof;
import io.acclimate.gate.ProofState;
import io.acclimate.gate.Scored;
import io.acclimate.infer.ModelSession;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.wire.v1.Checkpoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scores each labelled sample for the {@link Proof} before it is trained on, and keeps the proof in checkpoints. A sample whose picture had a
 * label before, or whose image is in the holdout, is no new evidence. Where pictures are not remembered, it is a sample whose pixels are in the
 * replay buffer. Under the rule that asks for
 * no proof, nothing is missing. The answers to the same samples go to {@link PrequentialAnswers}. One thread.
 */
final class Proving {
    private static final Logger LOG = LoggerFactory.getLogger(Proving.class);

    /** A worker that is behind and has proven nothing asks the holdout for one of so many mini-batches, to say how far it is. */
    private static final int TOLD_OF = 16;

    private final boolean asked;
    private final boolean untilProven;
    private final Proof proof;
    private final CentredClasses centred;
    private final ActiveVersion active;
    private final Holdout holdout;
    private final ReplayBuffer replay;
    private final PrequentialAnswers answers;
    private final ListSigns list;
    /** Classes that the source model does not know, unless it knows none: then all is as likely as anything at first. */
    private final Set<Integer> fresh;
    /** Whether the log says already that the labels are of too few classes. */
    private boolean fewClassesSaid;

    /**
     * @param model the source model
     * @param list signs that the list of classes is off by one, besides the answers to pictures as they are
     */
    Proving(
            GateSettings settings,
            ModelGraph model,
            ActiveVersion active,
            Holdout holdout,
            ReplayBuffer replay,
            PrequentialAnswers answers,
            ListSigns list) {
        this.list = list;
        this.asked = settings.rule() == GateSettings.Rule.PROVEN;
        this.untilProven = asked && settings.proven().watch() == GateSettings.Watch.UNTIL_PROVEN;
        this.proof = new Proof(
                settings, model.card().classes().count(), model.untrainedRows().classes(), list::listIsRight);
        this.centred = new CentredClasses(
                model.card().classes().count(), model.card().outputKind() == ModelCard.OutputKind.PROBABILITIES);
        this.active = active;
        this.holdout = holdout;
        this.replay = replay;
        this.answers = answers;
        Set<Integer> untrained = model.untrainedRows().classes();
        this.fresh = untrained.size() == model.card().classes().count() ? Set.of() : Set.copyOf(untrained);
    }

    /** True when the answers to this mini-batch are evidence. */
    boolean watches(MiniBatch batch, Effort effort) {
        return effort.watches(batch.sequence()) || (untilProven && !proof.serves());
    }

    /**
     * True when the weights in training are judged after this mini-batch, for which steps were made.
     *
     * @param trainedOf the effort makes steps for one of so many mini-batches
     */
    boolean judges(MiniBatch batch, Effort effort, int trainedOf) {
        if (!untilProven || effort.isFull() || proof.serves()) {
            return effort.watches(batch.sequence()) || trainedOf > 1;
        }
        return proof.awaitsHoldout() || Effort.isOneOf(Math.max(1, TOLD_OF / trainedOf), batch.sequence());
    }

    /** @param samples of a mini-batch that none of them was taken from yet, as source model and active version classify them */
    void see(List<ReplaySample> samples, BaseModel.Predicted source, BaseModel.Predicted served) {
        if (!asked && !answers.areAsked()) {
            return;
        }
        ModelSession session = active.candidate();
        BaseModel.Predicted candidate = session == active.session() ? served : BaseModel.predict(session, samples);
        List<ReplaySample> unseen = new ArrayList<>();
        List<Scored> scored = new ArrayList<>();
        List<Integer> byCentredScores = centred.see(source.scores());
        boolean[] isNew = areNew(samples);
        for (int i = 0; i < samples.size(); i++) {
            ReplaySample sample = samples.get(i);
            if (isNew[i] && !holdout.holds(sample)) {
                unseen.add(sample);
                scored.add(new Scored(
                        sample.classIndex(),
                        source.classes().get(i),
                        served.classes().get(i),
                        candidate.classes().get(i),
                        byCentredScores.get(i),
                        proof.asksForScores() ? centred.logits(source.scores().get(i)) : List.of()));
            }
        }
        if (asked) {
            proof.see(scored);
        }
        // Rows that nobody has trained yet find their class unlikely, which says nothing of the label.
        List<ReplaySample> known = unseen.stream()
                .filter(sample -> !fresh.contains(sample.classIndex()))
                .toList();
        if (answers.areAsked() && active.steps() > 0 && !known.isEmpty()) {
            // What was just answered to the same rows in the same run is the same to the last bit.
            boolean same = session != active.session() && known.size() == samples.size();
            answers.see(
                    session.card(),
                    same ? FloatTensor.stack(candidate.scores()) : BaseModel.output(session, known),
                    known.stream().map(ReplaySample::classIndex).toList());
        }
    }

    /** For each sample, whether nothing of its picture was trained on. */
    private boolean[] areNew(List<ReplaySample> samples) {
        boolean[] areNew = holdout.firsts(samples);
        for (int i = 0; i < areNew.length && !holdout.seen().areKept(); i++) {
            areNew[i] = !replay.hasPixelsOf(samples.get(i));
        }
        return areNew;
    }

    /** Training begins again: what was answered before says nothing of it. */
    void trainingLost() {
        answers.clear();
    }

    /** The share of labels that training takes for random. */
    double randomLabels() {
        return answers.randomLabels();
    }

    /** The domain is another one than before. */
    void domainChanged() {
        answers.clear();
        centred.clear();
    }

    /** What a candidate lacks to be proven better than the source model, given how the two compare on the holdout. */
    List<String> missing(Paired heldOut) {
        if (!asked) {
            return List.of();
        }
        List<String> missing = new ArrayList<>(proof.missing(heldOut));
        list.shifted().ifPresent(missing::add);
        return missing;
    }

    /** Why the active version must make way for the source model. */
    Optional<String> lost() {
        if (!asked) {
            return Optional.empty();
        }
        return proof.lost().or(() -> proof.serves() ? list.shifted() : Optional.empty());
    }

    /** Why training should begin again. */
    Optional<String> trainedAstray() {
        return asked ? proof.trainedAstray() : Optional.empty();
    }

    /** What makes the labels themselves look wrong, once for each time that they begin to. Asked after each mini-batch. */
    Optional<AdaptationEvent> newSuspicion(MiniBatch batch, Instant now) {
        if (!asked) {
            return Optional.empty();
        }
        sayFewClasses(batch.domain());
        return proof.newSuspicion().or(this::newShift).map(found -> suspected(found, batch, now));
    }

    private Optional<LabelSuspicion> newShift() {
        return list.newlyShifted().map(evidence -> new LabelSuspicion(LabelSuspicion.Kind.PERMUTED, evidence));
    }

    /** Says once in the log when labels are of so few classes that nothing will be proven by them. */
    private void sayFewClasses(DomainId domain) {
        if (fewClassesSaid) {
            return;
        }
        proof.fewClasses().ifPresent(few -> {
            fewClassesSaid = true;
            LOG.warn(
                    "domain {}: its {} labels name {} of the {} classes, and no version serves before {} have labels. If the domain has no"
                            + " others, start adapt with --gate-classes {}",
                    domain,
                    few.labels(),
                    few.seen(),
                    few.classes(),
                    few.needed(),
                    few.share());
        });
    }

    private static AdaptationEvent suspected(LabelSuspicion found, MiniBatch batch, Instant now) {
        LOG.warn("domain {}: the labels look wrong ({}): {}", batch.domain(), found.kind(), found.evidence());
        return new AdaptationEvent.LabelsSuspected(
                batch.domain(), now, batch.sequence(), found.kind().name(), found.evidence());
    }

    void promoted() {
        proof.promoted();
    }

    /** An operator's choice serves from now on. */
    void chosen() {
        answers.clear();
        proof.chosen();
    }

    /** The guard went back to a version that had its proof. */
    void wentBack() {
        answers.clear();
        proof.chosen();
        proof.promoted();
    }

    void restarted() {
        answers.clear();
        proof.restarted();
    }

    void afresh() {
        answers.clear();
        proof.afresh();
    }

    void relabelled() {
        answers.clear();
        centred.clear();
        proof.relabelled();
    }

    void save(Checkpoint.Builder checkpoint) {
        answers.save(checkpoint);
        if (!asked) {
            return;
        }
        ProofState state = proof.state();
        checkpoint
                .getProofBuilder()
                .addAllWealth(state.wealth())
                .setStarts(state.starts())
                .setSinceStart(state.sinceStart())
                .addAllTrainingWorse(state.trainingWorse())
                .addAllServedWorse(state.servedWorse())
                .putAllClasses(state.classes())
                .addAllRecent(state.recent())
                .addAllLabels(state.labels())
                .addAllLabelPairs(state.labelPairs())
                .addAllCentredPairs(state.centredPairs())
                .addAllLikeness(state.likeness())
                .addAllScoreSums(centred.sums())
                .setScored(centred.samples())
                .setServedSince(state.servedSince())
                .addAllWindow(state.window())
                .setSuspected(state.suspected().map(Enum::name).orElse(""))
                .setSinceLook(state.sinceLook());
    }

    /** A checkpoint of a worker that asked for no proof has none: what serves by it is treated as an operator's choice. */
    void restore(Checkpoint checkpoint) {
        answers.restore(checkpoint);
        if (!checkpoint.hasProof()) {
            proof.afresh();
            return;
        }
        var saved = checkpoint.getProof();
        centred.restore(saved.getScoreSumsList(), saved.getScored());
        proof.restore(new ProofState(
                saved.getWealthList(),
                saved.getStarts(),
                saved.getSinceStart(),
                saved.getTrainingWorseList(),
                saved.getServedWorseList(),
                saved.getClassesMap(),
                saved.getRecentList(),
                saved.getLabelsList(),
                saved.getLabelPairsList(),
                saved.getCentredPairsList(),
                saved.getLikenessList(),
                saved.getServedSince(),
                saved.getWindowList(),
                Arrays.stream(LabelSuspicion.Kind.values())
                        .filter(kind -> kind.name().equals(saved.getSuspected()))
                        .findFirst(),
                saved.getSinceLook()));
    }
}
