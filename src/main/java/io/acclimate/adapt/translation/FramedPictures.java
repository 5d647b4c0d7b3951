package io.acclimate.adapt.translation;

import io.acclimate.adapt.random.PictureChanges;
import io.acclimate.adapt.random.Planes;
import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.adapt.settings.StepSettings.Translation.Look;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * {@link PictureTranslation} of what is inside the black frame that fitting pictures to the model's input leaves around them. With the frame, a
 * faint picture would have the whole range from black on, and a picture that is turned would have a frame that is turned, too.
 */
final class FramedPictures {
    /** Pictures of the domain whose noise is looked at for one of the source. */
    private static final int LIKES = 3;

    private final InputSpec input;
    private final Look look;
    private final Planes planes;
    private final PictureChanges changes;
    private final PictureTranslation whole;
    private final boolean framed;

    FramedPictures(InputSpec input, Look look) {
        this.input = input;
        this.look = look;
        this.planes = Planes.of(input);
        this.changes = new PictureChanges(input);
        this.whole = new PictureTranslation(input, look);
        this.framed = look.isThroughNoise() && input.resize() == InputSpec.Resize.PAD;
    }

    /** The domain's picture of this row. */
    DomainPicture ofDomain(FloatTensor row) {
        Box box = box(row);
        if (box.isAllOf(input)) {
            return whole.ofDomain(row);
        }
        DomainPicture inside = inside(box).ofDomain(box.cropped(row, input));
        return (how, random) -> box.pasted(row, inside.toSource(how, random), input);
    }

    /**
     * The row of a source picture, changed the other way round.
     *
     * @param like gives the row of a picture of the domain, whose range of each channel, noise and frame it gets
     */
    FloatTensor toDomain(FloatTensor row, Supplier<FloatTensor> like, Translation how, SplitMix64 random) {
        AtomicReference<FloatTensor> liked = new AtomicReference<>();
        Supplier<PictureTranslation.Exposure> exposure = () -> {
            FloatTensor other = like.get();
            liked.set(other);
            Box box = box(other);
            return withLeastNoise(inside(box).exposure(box.cropped(other, input)), like);
        };
        Box box = box(row);
        if (!box.isAllOf(input)) {
            return box.pasted(row, inside(box).toDomain(box.cropped(row, input), exposure, how, random), input);
        }
        FloatTensor made = whole.toDomain(row, exposure, how, random);
        return liked.get() == null ? made : framed(made, box(liked.get()));
    }

    /** Asks for no more pictures where noise is taken for what they show. */
    private PictureTranslation.Exposure withLeastNoise(
            PictureTranslation.Exposure exposure, Supplier<FloatTensor> like) {
        PictureTranslation.Exposure least = exposure;
        for (int i = 1; look.isThroughNoise() && i < LIKES; i++) {
            FloatTensor other = like.get();
            Box box = box(other);
            least = least.withNoMoreNoise(inside(box).noise(box.cropped(other, input)));
        }
        return least;
    }

    private Box box(FloatTensor row) {
        return framed ? Box.of(changes.pixels(row), planes) : new Box(0, 0, input.height(), input.width());
    }

    private PictureTranslation inside(Box box) {
        return box.isAllOf(input) ? whole : new PictureTranslation(box.inside(input), look);
    }

    /** With black around the box. */
    private FloatTensor framed(FloatTensor row, Box box) {
        return box.isAllOf(input)
                ? row
                : box.pasted(changes.row(row.shape(), new float[row.values().length]), box.cropped(row, input), input);
    }
}
