package io.acclimate.adapt.random;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.InputSpec;
import io.acclimate.core.ModelInput;
import io.acclimate.core.Shape;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanesTest {
    private static final int HEIGHT = 2;
    private static final int WIDTH = 4;

    private static InputSpec image(int channels, InputSpec.Layout layout) {
        return new InputSpec(
                channels,
                HEIGHT,
                WIDTH,
                layout,
                channels == 1 ? InputSpec.Colour.GREY : InputSpec.Colour.RGB,
                InputSpec.Resize.PAD,
                Collections.nCopies(channels, 0f),
                Collections.nCopies(channels, 1f));
    }

    @Test
    void eachChannelHasAPlaneOfItsOwnWhereChannelsComeFirst() {
        Planes planes = Planes.of(image(3, InputSpec.Layout.NCHW));

        assertThat(planes).isEqualTo(new Planes(3, 1, HEIGHT, WIDTH));
        assertThat(List.of(planes.index(0, 0), planes.index(0, 5), planes.index(1, 0), planes.index(2, 5)))
                .containsExactly(0, 5, 8, 21);
    }

    @Test
    void allChannelsShareOnePlaneWhereTheyComeLast() {
        Planes planes = Planes.of(image(3, InputSpec.Layout.NHWC));

        assertThat(planes).isEqualTo(new Planes(1, 3, HEIGHT, WIDTH));
        assertThat(List.of(planes.index(0, 0), planes.index(0, 5), planes.index(1, 0), planes.index(2, 5)))
                .containsExactly(0, 15, 1, 17);
    }

    @ParameterizedTest
    @CsvSource({"1, NCHW", "1, NHWC", "3, NCHW", "3, NHWC"})
    void eachValueOfTheRowIsAtOnePlace(int channels, InputSpec.Layout layout) {
        InputSpec image = image(channels, layout);
        Planes planes = Planes.of(image);

        List<Integer> places = IntStream.range(0, planes.channels())
                .boxed()
                .flatMap(channel -> IntStream.range(0, planes.pixels()).mapToObj(pixel -> planes.index(channel, pixel)))
                .toList();

        assertThat(planes.channels()).isEqualTo(channels);
        assertThat(places)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, (int) image.row().elements()).boxed().toList());
    }

    @Test
    void aTensorThatIsNoImageHasNoPlanes() {
        Planes planes = Planes.of(new ModelInput.TensorInput(Shape.of(4)));

        assertThat(List.of(planes.channels(), planes.pixels())).containsOnly(0);
    }
}
