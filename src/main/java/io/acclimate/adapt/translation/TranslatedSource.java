package io.acclimate.adapt.translation;

import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Samples of the source set that look like a domain's pictures. Where labels of a domain are few, its pictures often differ from those of the source by a
 * change that can be named: another angle, another exposure, a negative. Then the source set, changed likewise, is as good as so many labelled
 * pictures of the domain. This is adaptation of pixels (Bousmalis et al., <i>Unsupervised Pixel-Level Domain Adaptation with Generative Adversarial
 * Networks</i>, CVPR 2017; Hoffman et al., <i>CyCADA</i>, ICML 2018) by a handful of named changes in place of a generator: those are found with some
 * dozen labels, and what they make of a picture can be no other class than the picture's own.
 *
 * <p>One domain's. The worker's thread only.
 */
public final class TranslatedSource {
    /** How many numbers {@link #state} has, unless nothing was tried. */
    public static final int STATE_SIZE = TranslationOdds.STATE_SIZE;

    private static final int OF_BEST = 4;

    private final TranslationOdds odds;
    private final PictureTranslation pictures;

    /** @param classes of which the source model names one */
    public TranslatedSource(InputSpec input, int classes) {
        this.odds = new TranslationOdds(classes);
        this.pictures = new PictureTranslation(input);
    }

    /**
     * Looks for changes of the domain's pictures by which the source model is right.
     *
     * @param samples of the domain
     * @param tries how many changes are tried on each picture. One of so many is the best so far, or one of {@value #OF_BEST} if these are more
     */
    public void look(List<PictureSample> samples, int tries, SourceAnswers source, SplitMix64 random) {
        List<Translation> tried = new ArrayList<>();
        for (int i = 0; i < samples.size() * tries; i++) {
            tried.add(i % Math.max(tries, OF_BEST) == 0 ? odds.best() : odds.drawOther(random));
        }
        if (tried.isEmpty()) {
            return;
        }
        List<Integer> answers = source.classes(
                tried.size(), i -> pictures.toSource(samples.get(i / tries).row(), tried.get(i), random));
        for (int i = 0; i < answers.size(); i++) {
            odds.see(tried.get(i), samples.get(i / tries).classIndex(), answers.get(i));
        }
        odds.decide();
    }

    /** Whether source pictures can be changed to look like those of the domain. */
    public boolean isKnown() {
        return odds.isKnown();
    }

    /** How the domain's pictures differ from those of the source; empty while {@link #isKnown} is false. */
    public Optional<String> described() {
        return odds.isKnown() ? Optional.of(odds.best().described()) : Optional.empty();
    }

    /** Why the labels look like those of a list of classes that is off by one, where that is plain. */
    public Optional<String> shifted() {
        return odds.shifted();
    }

    /**
     * Source pictures as the domain would show them.
     *
     * @param source gives samples of the source set
     * @param like gives rows of pictures of the domain
     */
    public List<PictureSample> draw(
            int count, Supplier<PictureSample> source, Supplier<FloatTensor> like, SplitMix64 random) {
        List<PictureSample> drawn = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            PictureSample sample = source.get();
            drawn.add(new PictureSample(
                    pictures.toDomain(sample.row(), like.get(), odds.draw(random), random), sample.classIndex()));
        }
        return drawn;
    }

    /** What was tried, as it stands in a checkpoint. */
    public List<Integer> state() {
        return odds.state();
    }

    public void restore(List<Integer> state) {
        odds.restore(state);
    }
}
