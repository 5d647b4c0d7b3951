package io.acclimate.image;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;

/**
 * Reads images from memory with ImageIO's readers. Each file gets a reader of its own: that of BMP keeps the colour masks of the file before,
 * also over its reset, so that a picture with opacity made the next one, which has none, black. The colours come from the raster, because
 * {@link BufferedImage#getRGB} brightens grey images, whose colour space ImageIO declares as linear, and because it rounds colours of five
 * and six bits in another way than Pillow.
 *
 * <p>One thread.
 */
final class ImageIoReader {
    /** A row may be as long as a picture has pixels, and each of its samples takes four bytes here. */
    static final int MOST_AT_ONCE = 1 << 14;

    private final Map<ImageFormat, ImageReaderSpi> makers = new EnumMap<>(ImageFormat.class);

    RgbImage read(ImageFormat format, byte[] file, ImageLimits limits) throws UnreadableImageException {
        return switch (format) {
            case GIF -> {
                byte[] frame = GifFrame.first(file);
                GifScreen screen = GifScreen.of(frame);
                limits.checkSize(format, screen.width(), screen.height());
                yield screen.with(decode(format, frame, limits));
            }
            case BMP -> decode(format, BmpHeader.checked(file), limits);
            case PNG -> decode(format, file, limits);
            case JPEG, TIFF -> throw new IllegalArgumentException(format + " has a reader of its own");
        };
    }

    private RgbImage decode(ImageFormat format, byte[] file, ImageLimits limits) throws UnreadableImageException {
        ImageReader reader = make(makers.computeIfAbsent(format, ImageIoReader::maker));
        try (ByteArrayImageInput input = new ByteArrayImageInput(file)) {
            // Metadata is skipped for PNG only, whose comments and profiles can be bombs. A GIF's palette counts as
            // metadata.
            reader.setInput(input, true, format == ImageFormat.PNG);
            limits.checkSize(format, reader.getWidth(0), reader.getHeight(0));
            return pixels(reader.read(0));
        } catch (IOException | RuntimeException e) {
            // On malformed files ImageIO throws unchecked exceptions of many types.
            throw UnreadableImageException.undecodable(format + " cannot be decoded: " + e.getMessage());
        } finally {
            reader.dispose();
        }
    }

    private static RgbImage pixels(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        byte[] out = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
        Raster raster = image.getRaster();
        ColorModel model = image.getColorModel();
        int bands = raster.getNumBands();
        int[] bits = model.getComponentSize();
        int most = Math.min(width, MOST_AT_ONCE);
        int[] some = new int[most * bands];
        int to = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x += most) {
                int count = Math.min(most, width - x);
                if (model instanceof IndexColorModel) {
                    image.getRGB(x, y, count, 1, some, 0, count);
                    fromArgb(some, count, out, to);
                } else {
                    raster.getPixels(x, y, count, 1, some);
                    fromBands(some, count, bands, bits, out, to);
                }
                to += count * 3;
            }
        }
        return RgbImage.wrap(width, height, out);
    }

    private static void fromArgb(int[] argb, int width, byte[] out, int to) {
        for (int x = 0; x < width; x++) {
            int alpha = argb[x] >>> 24;
            for (int c = 0; c < 3; c++, to++) {
                out[to] = (byte) PngRows.overBlack(argb[x] >> (16 - 8 * c) & 0xff, alpha);
            }
        }
    }

    private static void fromBands(int[] row, int width, int bands, int[] bits, byte[] out, int to) {
        boolean hasAlpha = bands == 2 || bands == 4;
        for (int x = 0; x < width; x++) {
            int from = x * bands;
            int alpha = hasAlpha ? PngRows.to8(row[from + bands - 1], bits[bands - 1]) : 255;
            for (int c = 0; c < 3; c++, to++) {
                int band = bands < 3 ? 0 : c;
                out[to] = (byte) PngRows.overBlack(PngRows.to8(row[from + band], bits[band]), alpha);
            }
        }
    }

    /** Returns a reader of the Java runtime's own. */
    static ImageReader find(ImageFormat format) {
        return make(maker(format));
    }

    private static ImageReader make(ImageReaderSpi maker) {
        try {
            return maker.createReaderInstance();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns what makes the Java runtime's own readers. Others may be on the class path, and they read some files differently. */
    private static ImageReaderSpi maker(ImageFormat format) {
        Iterator<ImageReader> found = ImageIO.getImageReadersByFormatName(format.name());
        while (found.hasNext()) {
            ImageReader reader = found.next();
            if (reader.getClass().getModule() == ImageIO.class.getModule()) {
                return reader.getOriginatingProvider();
            }
        }
        throw new IllegalStateException("this Java runtime has no " + format + " reader (module java.desktop)");
    }
}
