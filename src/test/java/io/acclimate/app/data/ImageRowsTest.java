package io.acclimate.app.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.Bytes;
import io.acclimate.core.ClassNames;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.core.Outcome;
import io.acclimate.core.Payload;
import io.acclimate.dataset.Bundled;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.dataset.Png;
import io.acclimate.image.ImageDecoder;
import io.acclimate.image.ImageLimits;
import io.acclimate.image.RgbImage;
import io.acclimate.train.offline.SmallCnn;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ImageRowsTest {
    private static final LabelledImages SOURCE = Bundled.sourceReplay();
    private static final InputSpec INPUT =
            SmallCnn.fresh("small", SOURCE.classNames(), 1).card().input().picture();

    @Test
    void rowsHaveTheBitsOfTheSameImageServedAsPng() {
        ImageRows rows = new ImageRows(SOURCE, INPUT);
        ImageDecoder serving = new ImageDecoder(ImageLimits.defaults());

        for (int i = 0; i < rows.size(); i++) {
            Payload png = new Payload(Bytes.wrap(Png.encode(SOURCE.pixels(i))), Optional.empty());
            FloatTensor served = ((Outcome.Ok<FloatTensor>) serving.toTensor(png, INPUT)).value();
            assertThat(rows.row(i)).as("source image %s", i).isEqualTo(served);
        }
    }

    @Test
    void readsAnImageOnceHoweverOftenItsRowIsDrawn() {
        CountingImages images = new CountingImages();
        ImageRows rows = new ImageRows(images, INPUT);

        FloatTensor first = rows.row(3);
        FloatTensor second = rows.row(3);
        FloatTensor other = rows.row(4);

        assertThat(second).isSameAs(first).isNotEqualTo(other);
        assertThat(images.read).isEqualTo(2);
        assertThat(rows.label(3)).isEqualTo(SOURCE.label(3));
    }

    private static final class CountingImages implements LabelledImages {
        private int read;

        @Override
        public int size() {
            return SOURCE.size();
        }

        @Override
        public RgbImage pixels(int index) {
            read++;
            return SOURCE.pixels(index);
        }

        @Override
        public int label(int index) {
            return SOURCE.label(index);
        }

        @Override
        public ClassNames classNames() {
            return SOURCE.classNames();
        }
    }
}
