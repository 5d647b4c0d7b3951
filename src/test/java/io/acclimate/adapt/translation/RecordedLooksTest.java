package io.acclimate.adapt.translation;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.random.PictureChanges;
import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.adapt.settings.StepSettings.Translation.Look;
import io.acclimate.adapt.translation.Translation.Choice;
import io.acclimate.core.Digest;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A version that records a look is rebuilt bit for bit, so that pictures are changed by it as they were, on every JVM. */
class RecordedLooksTest {
    private static final int PICTURES = 40;
    private static final List<List<Integer>> SIDES =
            List.of(List.of(1, 1), List.of(2, 3), List.of(3, 2), List.of(9, 7));

    private static InputSpec input(InputSpec.Colour colour, InputSpec.Layout layout, List<Integer> sides) {
        int channels = colour == InputSpec.Colour.GREY ? 1 : 3;
        return new InputSpec(
                channels,
                sides.get(0),
                sides.get(1),
                layout,
                colour,
                InputSpec.Resize.STRETCH,
                Collections.nCopies(channels, 0.45f),
                Collections.nCopies(channels, 0.22f));
    }

    /** Plain, faint or of all values, by chance. */
    private static FloatTensor row(InputSpec input, SplitMix64 random) {
        float[] pixels = new float[input.channels() * input.height() * input.width()];
        float range = random.below(3) * random.below(2) / 2f;
        float least = (float) random.uniform() * (1 - range);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = least + range * (float) random.uniform();
        }
        return new PictureChanges(input).row(input.row(), pixels);
    }

    private static Translation drawn(SplitMix64 random) {
        Translation how = Translation.NONE;
        for (Choice choice : Choice.values()) {
            how = how.with(choice, random.below(2) * random.below(choice.count));
        }
        return how;
    }

    private static void write(FloatTensor row, DataOutputStream to) throws IOException {
        for (float each : row.values()) {
            to.writeInt(Float.floatToIntBits(each));
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"AT_ONCE, d3b88094ef6cc68d", "THROUGH_NOISE, d4cdd659f7040c5a", "WITH_LISTS, d4cdd659f7040c5a"})
    void picturesAreChangedAsTheyWereWhenTheLookWasRecorded(Look look, String digest) throws IOException {
        SplitMix64 random = new SplitMix64(1);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream to = new DataOutputStream(bytes);

        for (InputSpec.Colour colour : List.of(InputSpec.Colour.GREY, InputSpec.Colour.RGB)) {
            for (InputSpec.Layout layout : InputSpec.Layout.values()) {
                for (List<Integer> sides : SIDES) {
                    InputSpec input = input(colour, layout, sides);
                    FramedPictures pictures = new FramedPictures(input, look);
                    for (int i = 0; i < PICTURES; i++) {
                        FloatTensor like = row(input, random);
                        write(pictures.ofDomain(row(input, random)).toSource(drawn(random), random), to);
                        write(pictures.toDomain(row(input, random), () -> like, drawn(random), random), to);
                    }
                }
            }
        }

        assertThat(Digest.of(bytes.toByteArray()).hex()).startsWith(digest);
    }
}
