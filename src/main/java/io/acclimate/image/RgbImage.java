package io.acclimate.image;

import java.util.Arrays;

/** Pixels as {@code [height, width, 3]} unsigned bytes in red, green, blue order. */
public final class RgbImage {
    private final int width;
    private final int height;
    private final byte[] rgb;

    private RgbImage(int width, int height, byte[] rgb) {
        if (width < 1 || height < 1 || rgb.length != Math.multiplyExact(Math.multiplyExact(width, height), 3)) {
            throw new IllegalArgumentException(width + "x" + height + " pixels do not fit " + rgb.length + " bytes");
        }
        this.width = width;
        this.height = height;
        this.rgb = rgb;
    }

    /** Wraps {@code rgb}, which the caller must not change afterwards. */
    public static RgbImage wrap(int width, int height, byte[] rgb) {
        return new RgbImage(width, height, rgb);
    }

    public int width() {
        return width;
    }

    public int height() {
        return height;
    }

    /** The bytes themselves. They are shared and must not be written to. */
    public byte[] rgb() {
        return rgb;
    }

    /** The value of channel 0 (red), 1 (green) or 2 (blue), 0 to 255. */
    public int at(int x, int y, int channel) {
        return rgb[(y * width + x) * 3 + channel] & 0xff;
    }

    /** Returns the image turned upright by an EXIF orientation from 1 to 8. An image of orientation 1 is upright already. */
    RgbImage upright(int orientation) {
        if (orientation <= 1 || orientation > 8) {
            return this;
        }
        boolean turned = orientation >= 5;
        int outWidth = turned ? height : width;
        int outHeight = turned ? width : height;
        byte[] out = new byte[rgb.length];
        for (int y = 0; y < outHeight; y++) {
            for (int x = 0; x < outWidth; x++) {
                int sourceX = turned ? y : x;
                int sourceY = turned ? x : y;
                if (orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8) {
                    sourceX = width - 1 - sourceX;
                }
                if (orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7) {
                    sourceY = height - 1 - sourceY;
                }
                System.arraycopy(rgb, (sourceY * width + sourceX) * 3, out, (y * outWidth + x) * 3, 3);
            }
        }
        return new RgbImage(outWidth, outHeight, out);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RgbImage that && width == that.width && Arrays.equals(rgb, that.rgb);
    }

    @Override
    public int hashCode() {
        return 31 * width + Arrays.hashCode(rgb);
    }

    @Override
    public String toString() {
        return width + "x" + height + " RGB";
    }
}
