package io.acclimate.adapt.domain;

import io.acclimate.adapt.random.ChangeOdds;
import io.acclimate.adapt.random.Effort;
import io.acclimate.adapt.random.RandomMixing;
import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.adapt.samples.ReplayBuffer;
import io.acclimate.adapt.samples.ReplaySample;
import io.acclimate.adapt.settings.StandInSettings;
import io.acclimate.adapt.settings.StepSettings;
import io.acclimate.adapt.translation.ListSigns;
import io.acclimate.adapt.translation.PictureSample;
import io.acclimate.adapt.translation.StandIns;
import io.acclimate.adapt.translation.TranslatedSource;
import io.acclimate.core.InputSpec;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.train.LabelledBatch;
import io.acclimate.train.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What training steps of one domain see besides new samples: replayed ones, source pictures that are changed to look like them, and rows of the source
 * set, or what stands in for them. The worker's thread only.
 */
final class Rehearsal {
    /** A step has a batch of target rows, and this part of a batch of source rows. */
    private static final int SOURCE_SHARE = 2;

    private static final int LIGHT_SOURCE_SHARE = 4;

    /** Changes that are tried in a round at least. */
    private static final int FEWEST_TRIES = 4;
    /** One of so many tries, or of as many as each sample has, is the best change so far. */
    private static final int EVERY = 4;

    private final StepSettings settings;
    private final SourceSet sourceSet;
    private final ReplayBuffer replay;
    private final RandomMixing mixing;
    private final ChangeOdds changes;
    private final Optional<TranslatedSource> translated;
    private Optional<String> told = Optional.empty();

    Rehearsal(StepSettings settings, SourceSet sourceSet, ReplayBuffer replay, ModelCard model) {
        int classes = model.classes().count();
        this.settings = settings;
        this.sourceSet = sourceSet;
        this.replay = replay;
        this.mixing = new RandomMixing(settings.changes().mix());
        this.changes = new ChangeOdds(classes);
        this.translated = model.input() instanceof InputSpec pictures
                        && settings.changes().translation().tries() > 0
                ? Optional.of(new TranslatedSource(
                        pictures, classes, settings.changes().translation().look()))
                : Optional.empty();
    }

    /** What stands in for source rows has to be asked of the source model, so that light steps would save nothing. */
    boolean canBeLight() {
        return sourceSet.standIns().isEmpty();
    }

    /**
     * Looks for changes by which the source model knows these pictures. With less effort fewer are tried, as fewer steps are made, but always some: what was
     * found must be given up, too, when labels or pictures have changed.
     */
    void look(List<ReplaySample> fresh, Effort effort, SplitMix64 random) {
        if (translated.isEmpty() || fresh.isEmpty()) {
            return;
        }
        // Apart from what training draws: a domain whose pictures nothing leads back to the source is trained as if
        // nobody had looked.
        SplitMix64 apart = new SplitMix64(SplitMix64.mix(random.state()));
        translated
                .get()
                .look(
                        fresh.stream().map(ReplaySample::classIndex).toList(),
                        i -> fresh.get(i).row(),
                        tries(fresh.size(), effort),
                        Math.max(EVERY, settings.translationTries(current())),
                        sourceSet::sourceModelClasses,
                        apart);
    }

    /** How many changes are tried on so many new samples in all. */
    int tries(int fresh, Effort effort) {
        int samples = current();
        int halvings = settings.translationHalvings(samples, effort.halvings());
        return Math.max(FEWEST_TRIES, (settings.translationTries(samples) * fresh) >> halvings);
    }

    /** How the domain's pictures differ from those of the source, when that has changed since this was last asked. */
    Optional<String> newChange() {
        Optional<String> now = translated.flatMap(TranslatedSource::described);
        boolean isNew = now.isPresent() && !now.equals(told);
        told = now;
        return isNew ? now : Optional.empty();
    }

    /** What looking for changes of the domain's pictures tells of its labels. */
    ListSigns listSigns() {
        return translated.<ListSigns>map(known -> known).orElse(ListSigns.NONE);
    }

    /**
     * The domain is another one than before. A fresh start of training is no reason to forget: what pictures look like, and by which list their labels are,
     * is not what was learnt.
     */
    void domainChanged() {
        translated.ifPresent(TranslatedSource::clear);
    }

    /** Replayed samples, and samples of the source set that look like them; none while the replay buffer is empty. */
    List<PictureSample> draw(int count, boolean light, SplitMix64 random) {
        int ofSource = light || !sourceSet.isThere() || replay.samples().isEmpty()
                ? 0
                : translated
                        .filter(TranslatedSource::isKnown)
                        .map(known -> settings.changes().translation().rows(count, current()))
                        .orElse(0);
        List<PictureSample> drawn = new ArrayList<>(samples(replay.draw(count - ofSource, random)));
        if (ofSource > 0) {
            drawn.addAll(translated
                    .orElseThrow()
                    .draw(
                            ofSource,
                            () -> sourceSet.drawOne(random),
                            () -> replay.draw(1, random).get(0).row(),
                            random));
        }
        return drawn;
    }

    static List<PictureSample> samples(List<ReplaySample> samples) {
        return samples.stream()
                .map(sample -> new PictureSample(sample.row(), sample.classIndex()))
                .toList();
    }

    /** Replayed samples of the domain as it is now. */
    private int current() {
        return replay.drift().current(replay.samples().size());
    }

    /** Source rows of a light step. */
    Optional<LabelledBatch> lightSource(Trainer trainer, SplitMix64 random) {
        return sourceSet.drawPlain(
                Math.max(1, settings.batchSize() / LIGHT_SOURCE_SHARE), trainer.needsAnswers(), random);
    }

    /** Source rows of a step, or what stands in for them. */
    Optional<LabelledBatch> source(Trainer trainer, SplitMix64 random) {
        int count = Math.max(1, settings.batchSize() / SOURCE_SHARE);
        Optional<StandIns> standIns = sourceSet.standIns();
        if (standIns.isEmpty()) {
            return sourceSet.draw(count, trainer.asksSourceModel() ? mixing : RandomMixing.NONE, random);
        }
        StandInSettings how = settings.standIns();
        List<PictureSample> tried = samples(replay.draw(how.tries() * count, random));
        return switch (how.changes()) {
            case FIXED -> standIns.get().draw(count, tried, random);
            case LEARNT -> standIns.get().draw(count, tried, random, changes);
        };
    }

    /** What was tried to find changes of this domain's pictures: for stand-ins, then for translated source pictures. */
    List<Integer> changeCounts() {
        List<Integer> all = new ArrayList<>(changes.state());
        translated.map(TranslatedSource::state).ifPresent(all::addAll);
        return all;
    }

    /** Begins with nothing where the counts are of other changes. */
    void restoreChangeCounts(List<Integer> counts) {
        int size = translated.map(TranslatedSource::stateSize).orElse(0);
        int ofTranslations = counts.size() < size ? 0 : size;
        int ofStandIns = counts.size() - ofTranslations;
        changes.restore(counts.subList(0, ofStandIns));
        translated.ifPresent(source -> source.restore(counts.subList(ofStandIns, counts.size())));
    }
}
