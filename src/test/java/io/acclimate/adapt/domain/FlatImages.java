package io.acclimate.adapt.domain;

import io.acclimate.adapt.worker.AdaptFixture;
import io.acclimate.core.Bytes;
import io.acclimate.core.Coordinates;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.ImageId;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.MiniBatch.UnlabelledImage;
import io.acclimate.core.Payload;
import io.acclimate.core.Shape;
import io.acclimate.train.Samples;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/** Images of a domain that are flatter and brighter than the source's, and nobody labels. */
final class FlatImages {
    /** Images in a record. */
    static final int RECORD = 32;

    private static final Shape ROW = AdaptFixture.sourceModel().card().input().row();

    private FlatImages() {}

    /** The source samples: patterns of full contrast around nought. */
    static Samples source() {
        return new Samples() {
            @Override
            public int size() {
                return 128;
            }

            @Override
            public FloatTensor row(int index) {
                return FlatImages.row(index, 1, 0);
            }

            @Override
            public int label(int index) {
                return index % 10;
            }
        };
    }

    private static FloatTensor row(int seed, float scale, float shift) {
        Random random = new Random(seed);
        float brightness = (float) random.nextGaussian();
        float slope = (float) random.nextGaussian();
        float[] values = new float[(int) ROW.elements()];
        for (int i = 0; i < values.length; i++) {
            float pattern = brightness + slope * (i % 32 - 16) / 16f + 0.3f * (float) random.nextGaussian();
            values[i] = scale * pattern + shift;
        }
        return FloatTensor.wrap(ROW, values);
    }

    /** The image of the domain with this number. */
    static FloatTensor target(int index) {
        return row(1000 + index, 0.3f, 0.7f);
    }

    static Payload payload(FloatTensor row) {
        return new Payload(Bytes.wrap(row.toLittleEndian()), Optional.of(Payload.TENSOR_F32));
    }

    /** The record of images without labels with this sequence. */
    static MiniBatch record(int sequence) {
        List<UnlabelledImage> images = IntStream.range(sequence * RECORD, (sequence + 1) * RECORD)
                .mapToObj(i -> new UnlabelledImage(
                        new ImageId("image-" + i), payload(target(i)), new Coordinates("images", 0, i)))
                .toList();
        return MiniBatch.unlabelled(Linear.CAMERA, sequence, images, Linear.TIME);
    }
}
