package io.acclimate.image;

import java.awt.image.Raster;
import java.io.IOException;
import javax.imageio.ImageReader;

/**
 * Reads TIFF files. ImageIO unpacks the samples; what they mean is decided here, because ImageIO and Pillow disagree about palettes
 * and inks.
 *
 * <p>One thread.
 */
final class TiffReader {
    private final ImageReader reader = ImageIoReader.find(ImageFormat.TIFF);

    RgbImage read(byte[] file, ImageLimits limits) throws UnreadableImageException {
        Tiff facts = Tiff.parse(file, limits);
        try (ByteArrayImageInput input = new ByteArrayImageInput(facts.bare().array())) {
            reader.setInput(input, true, true);
            Raster raster = reader.read(0).getRaster();
            return colours(raster, facts).upright(facts.orientation());
        } catch (IOException | RuntimeException e) {
            // On malformed files ImageIO throws unchecked exceptions of many types.
            throw UnreadableImageException.undecodable("TIFF cannot be decoded: " + e.getMessage());
        } finally {
            reader.reset();
        }
    }

    private static RgbImage colours(Raster raster, Tiff facts) {
        int width = facts.width();
        int bands = raster.getNumBands();
        byte[] out = new byte[Math.multiplyExact(Math.multiplyExact(width, facts.height()), 3)];
        int most = Math.min(width, ImageIoReader.MOST_AT_ONCE);
        int[] some = new int[most * bands];
        int[] left = new int[bands];
        int to = 0;
        for (int y = 0; y < facts.height(); y++) {
            for (int x = 0; x < width; x += most) {
                int count = Math.min(most, width - x);
                raster.getPixels(x, y, count, 1, some);
                addUp(some, x, count, bands, facts.differences(), left);
                for (int from = 0; from < count * bands; from += bands, to += 3) {
                    colour(some, from, facts, out, to);
                }
            }
        }
        return RgbImage.wrap(width, facts.height(), out);
    }

    /**
     * Adds up differences of 16 bits, each to the sample of its kind on the left, which begin anew with each strip or tile.
     *
     * @param from the column of the first pixel of {@code row}
     * @param across the columns of a strip or tile; 0 where the samples are no differences
     * @param left the last samples of the pixel before; gets those of the last pixel
     */
    private static void addUp(int[] row, int from, int count, int bands, int across, int[] left) {
        for (int x = 0; across > 0 && x < count; x++) {
            boolean first = (from + x) % across == 0;
            for (int band = 0, at = x * bands; band < bands; band++, at++) {
                row[at] = (row[at] + (first ? 0 : left[band])) & 0xffff;
                left[band] = row[at];
            }
        }
    }

    private static void colour(int[] row, int from, Tiff facts, byte[] out, int to) {
        int colours = facts.photometric() == Tiff.RGB ? 3 : facts.photometric() == Tiff.INKS ? 4 : 1;
        int alpha = facts.extra() == Tiff.OPACITY ? PngRows.to8(row[from + colours], facts.bits()) : 255;
        for (int c = 0; c < 3; c++) {
            int sample = row[from + (colours == 1 ? 0 : c)];
            int value =
                    switch (facts.photometric()) {
                        case Tiff.PALETTE -> facts.palette().array()[(c << facts.bits()) + sample] & 0xff;
                        case Tiff.WHITE_IS_ZERO -> 255 - PngRows.to8(sample, facts.bits());
                        case Tiff.INKS ->
                            JpegColour.light(
                                    255 - PngRows.to8(sample, facts.bits()),
                                    255 - PngRows.to8(row[from + 3], facts.bits()));
                        default -> PngRows.to8(sample, facts.bits());
                    };
            out[to + c] = (byte) PngRows.overBlack(value, alpha);
        }
    }
}
