package io.acclimate.image;

import io.acclimate.core.Payload;

/**
 * Limits on an image's file and on the pixels that its header claims. A file of 875 kB can claim 900 megapixels, so both are checked
 * before anything of the claimed size is allocated.
 */
public record ImageLimits(int maxBytes, long maxPixels) {
    /**
     * The most bytes that a decoder may take for the samples of one image: 16 megapixels of four samples of 16 bits. The same on every
     * machine, because whether an image can be decoded decides what is learnt from it.
     */
    static final long MOST_UNPACKED = 128L << 20;

    public ImageLimits {
        if (maxBytes < 1 || maxPixels < 1 || maxPixels > 500_000_000L) {
            throw new IllegalArgumentException(
                    "limits are 1 byte or more and 1 to 500000000 pixels, got " + maxBytes + " and " + maxPixels);
        }
    }

    /** 8 MiB and 16 megapixels. */
    public static ImageLimits defaults() {
        return new ImageLimits(Payload.MAX_BYTES, 16_000_000L);
    }

    void checkSize(ImageFormat format, long width, long height) throws UnreadableImageException {
        if (width < 1 || height < 1) {
            throw UnreadableImageException.undecodable(format + " of " + width + "x" + height + " pixels is empty");
        }
        if (width > maxPixels || height > maxPixels || width * height > maxPixels) {
            throw UnreadableImageException.tooLarge(
                    format + " header claims " + width + "x" + height + " pixels, at most " + maxPixels + " are taken");
        }
    }

    /** @param what names the image in the message */
    static void checkUnpacked(String what, long bytes) throws UnreadableImageException {
        if (bytes > MOST_UNPACKED) {
            throw UnreadableImageException.tooLarge(
                    what + " takes " + bytes + " bytes to decode, at most " + MOST_UNPACKED + " are given");
        }
    }

    /** @param bits of one sample, which takes whole bytes in memory */
    static long unpacked(long width, long height, int samples, int bits) {
        return width * height * samples * ((bits + 7) / 8);
    }
}
