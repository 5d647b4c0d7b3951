package io.acclimate.app.bench;

import io.acclimate.core.Bytes;
import io.acclimate.core.Outcome;
import io.acclimate.core.Payload;
import io.acclimate.dataset.Bundled;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.dataset.Png;
import io.acclimate.dataset.Shift;
import io.acclimate.image.ImageDecoder;
import io.acclimate.image.ImageLimits;
import io.acclimate.image.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The pictures that {@code bench serve} sends, over and over.
 *
 * @param name what they are, in words
 */
record BenchPictures(String name, List<Bytes> files) {
    private static final int SIDE = 32;

    BenchPictures {
        files = List.copyOf(files);
    }

    /** PNG of 32x32: bundled pictures in the centre, blended with a texture, so that they are no easier to unpack than photographs. */
    static BenchPictures made() {
        LabelledImages target = Bundled.targetTest();
        List<Bytes> files = new ArrayList<>();
        for (int i = 0; i < target.size(); i++) {
            files.add(Bytes.wrap(Png.encode(Shift.BLEND.apply(framed(target.pixels(i)), 1, i))));
        }
        return new BenchPictures("PNG of 32x32", files);
    }

    /**
     * The files of a folder in the order of their names.
     *
     * @throws IllegalArgumentException if there is none, or one that is no picture; the message names it
     */
    static BenchPictures of(Path folder) throws IOException {
        ImageDecoder decoder = new ImageDecoder(ImageLimits.defaults());
        List<Bytes> files = new ArrayList<>();
        try (Stream<Path> listed = Files.list(folder)) {
            for (Path file : listed.filter(Files::isRegularFile).sorted().toList()) {
                Bytes bytes = Bytes.wrap(Files.readAllBytes(file));
                Outcome<RgbImage> read = decoder.toPixels(new Payload(bytes, Optional.empty()));
                if (read instanceof Outcome.Refused<RgbImage> refused) {
                    throw new IllegalArgumentException("--pictures takes a folder of pictures, and " + file
                            + " cannot be read as one: " + refused.refusal().message());
                }
                files.add(bytes);
            }
        }
        if (files.isEmpty()) {
            throw new IllegalArgumentException("--pictures takes a folder of pictures, and " + folder + " has no file");
        }
        return new BenchPictures("pictures of " + folder, files);
    }

    long bytesOnAverage() {
        return files.stream().mapToLong(Bytes::size).sum() / files.size();
    }

    /** Puts the image in the centre of a black one of 32x32. */
    private static RgbImage framed(RgbImage image) {
        byte[] rgb = new byte[SIDE * SIDE * 3];
        int left = (SIDE - image.width()) / 2;
        int top = (SIDE - image.height()) / 2;
        for (int y = 0; y < image.height(); y++) {
            System.arraycopy(image.rgb(), y * image.width() * 3, rgb, ((top + y) * SIDE + left) * 3, image.width() * 3);
        }
        return RgbImage.wrap(SIDE, SIDE, rgb);
    }
}
