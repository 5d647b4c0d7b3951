package io.acclimate.image;

import java.awt.image.Raster;

/** Converts JPEGs of four components, which print software writes, to red, green and blue. */
final class Cmyk {
    private static final int YCCK = 2;

    private Cmyk() {}

    /**
     * Converts without a colour profile: red is the complement of cyan times the complement of black, and so on. If the file has
     * Adobe's segment, the stored values are complements already, and transform 2 says that the first three are luma and chroma.
     */
    static RgbImage toRgb(Raster raster, int adobeTransform) throws UnreadableImageException {
        if (raster.getNumBands() != 4) {
            throw UnreadableImageException.undecodable("JPEG has " + raster.getNumBands() + " components");
        }
        int width = raster.getWidth();
        int height = raster.getHeight();
        byte[] out = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
        int[] row = new int[width * 4];
        int to = 0;
        for (int y = 0; y < height; y++) {
            raster.getPixels(0, y, width, 1, row);
            for (int x = 0; x < width; x++) {
                int at = 4 * x;
                if (adobeTransform == YCCK) {
                    fromLuma(row, at);
                }
                int black = adobeTransform == Jpeg.NO_ADOBE ? 255 - row[at + 3] : row[at + 3];
                for (int c = 0; c < 3; c++) {
                    int light = adobeTransform == Jpeg.NO_ADOBE ? 255 - row[at + c] : row[at + c];
                    out[to++] = (byte) PngRows.overBlack(light, black);
                }
            }
        }
        return RgbImage.wrap(width, height, out);
    }

    private static void fromLuma(int[] row, int at) {
        float luma = row[at];
        float blue = row[at + 1] - 128;
        float red = row[at + 2] - 128;
        row[at] = clamp(luma + 1.402f * red);
        row[at + 1] = clamp(luma - 0.344136f * blue - 0.714136f * red);
        row[at + 2] = clamp(luma + 1.772f * blue);
    }

    private static int clamp(float value) {
        return Math.max(0, Math.min(255, Math.round(value)));
    }
}
