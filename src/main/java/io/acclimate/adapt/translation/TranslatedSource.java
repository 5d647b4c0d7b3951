package io.acclimate.adapt.translation;

import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.adapt.settings.StepSettings.Translation.Look;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/**
 * Samples of the source set that look like a domain's pictures. Where labels of a domain are few, its pictures often differ from those of the source by a
 * change that can be named: another angle, another exposure, a negative. Then the source set, changed likewise, is as good as so many labelled
 * pictures of the domain. This is adaptation of pixels (Bousmalis et al., <i>Unsupervised Pixel-Level Domain Adaptation with Generative Adversarial
 * Networks</i>, CVPR 2017; Hoffman et al., <i>CyCADA</i>, ICML 2018) by a handful of named changes in place of a generator: those are found with some
 * dozen labels, and a change that makes a picture one of another class makes the source model wrong.
 *
 * <p>One domain's. The worker's thread only.
 */
public final class TranslatedSource implements ListSigns {
    private final TranslationOdds odds;
    private final FramedPictures pictures;

    /** @param classes of which the source model names one */
    public TranslatedSource(InputSpec input, int classes, Look look) {
        this.odds = new TranslationOdds(classes, look);
        this.pictures = new FramedPictures(input, look);
    }

    /**
     * Looks for changes of the domain's pictures by which the source model is right.
     *
     * @param classes the labels of pictures of the domain
     * @param row makes the row of each of them
     * @param tries how many changes are tried in all
     * @param every one of so many of them is the best so far
     */
    public void look(
            List<Integer> classes,
            IntFunction<FloatTensor> row,
            int tries,
            int every,
            SourceAnswers source,
            SplitMix64 random) {
        if (tries == 0 || classes.isEmpty()) {
            return;
        }
        List<Translation> tried = new ArrayList<>();
        for (int i = 0; i < tries; i++) {
            tried.add(random.below(every) == 0 ? odds.best() : odds.drawOther(random));
        }
        IntUnaryOperator picture = i -> (int) ((long) i * classes.size() / tries);
        IntFunction<DomainPicture> shown = last(each -> pictures.ofDomain(row.apply(each)));
        List<Integer> answers =
                source.classes(tries, i -> shown.apply(picture.applyAsInt(i)).toSource(tried.get(i), random));
        for (int i = 0; i < tries; i++) {
            odds.see(tried.get(i), classes.get(picture.applyAsInt(i)), answers.get(i));
        }
        odds.decide();
    }

    /** Remembers the picture that it made last: the tries of a picture follow each other. */
    private static IntFunction<DomainPicture> last(IntFunction<DomainPicture> make) {
        return new IntFunction<>() {
            private int before = -1;
            private DomainPicture made = (how, random) -> {
                throw new IllegalStateException("no picture was asked for");
            };

            @Override
            public DomainPicture apply(int picture) {
                if (before != picture) {
                    made = make.apply(picture);
                    before = picture;
                }
                return made;
            }
        };
    }

    /** Whether source pictures can be changed to look like those of the domain. */
    public boolean isKnown() {
        return odds.isKnown();
    }

    /** How the domain's pictures differ from those of the source; empty while {@link #isKnown} is false. */
    public Optional<String> described() {
        return odds.isKnown() ? Optional.of(odds.best().described()) : Optional.empty();
    }

    @Override
    public Optional<String> shifted() {
        return odds.shifted();
    }

    @Override
    public Optional<String> newlyShifted() {
        return odds.newlyShifted();
    }

    @Override
    public boolean listIsRight() {
        return odds.listIsRight();
    }

    /** The domain is another one than before. */
    public void clear() {
        odds.clear();
    }

    /** How many numbers {@link #state} has, unless nothing was tried. */
    public int stateSize() {
        return odds.stateSize();
    }

    /**
     * Source pictures as the domain would show them.
     *
     * @param source gives samples of the source set
     * @param like gives rows of pictures of the domain, asked only where their tones matter
     */
    public List<PictureSample> draw(
            int count, Supplier<PictureSample> source, Supplier<FloatTensor> like, SplitMix64 random) {
        List<PictureSample> drawn = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            PictureSample sample = source.get();
            drawn.add(new PictureSample(
                    pictures.toDomain(sample.row(), like, odds.draw(random), random), sample.classIndex()));
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
