package io.acclimate.image;

import io.acclimate.core.Payload;

/**
 * Limits on an image's file and on the pixels that its header claims. A file of 875 kB can claim 900 megapixels, so both are checked
 * before anything of the claimed size is allocated.
 */
public record ImageLimits(int maxBytes, long maxPixels) {
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
}
