package io.acclimate.image;

import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.Locale;
import javax.imageio.ImageReader;

/**
 * Reads JPEG files. ImageIO, which has libjpeg inside, gives the samples as they are stored; what they mean is decided here, because
 * ImageIO guesses the colours by rules of its own and refuses some that libjpeg reads.
 *
 * <p>A picture that has lost its end marker is read if its data are whole, which can be told only if one scan holds all of it. Any
 * other is refused as cut off.
 *
 * <p>One thread.
 */
final class JpegReader {
    /** A progressive JPEG has about ten scans. Each one costs a pass over all pixels and may take only two dozen bytes of the file. */
    private static final int MAX_SCANS = 40;

    private final ImageReader reader = ImageIoReader.find(ImageFormat.JPEG);
    private boolean damaged;

    JpegReader() {
        // libjpeg tells the first fault that it met, and a marker between the data that it does not know how to place.
        reader.addIIOReadWarningListener((source, warning) ->
                damaged |= !warning.toLowerCase(Locale.ROOT).contains("extraneous bytes"));
    }

    RgbImage read(byte[] file, ImageLimits limits) throws UnreadableImageException {
        Jpeg facts = Jpeg.parse(file);
        if (facts.scans() == 0 || (!facts.ended() && !facts.oneScan())) {
            throw cutOff(file);
        }
        if (facts.scans() > MAX_SCANS) {
            throw UnreadableImageException.undecodable(
                    "JPEG has " + facts.scans() + " scans, at most " + MAX_SCANS + " are read");
        }
        if (facts.colour() == JpegColour.UNKNOWN) {
            throw UnreadableImageException.undecodable("JPEG has none of 1, 3 and 4 components");
        }
        damaged = false;
        RgbImage image = decode(facts, limits);
        if (damaged && !facts.ended()) {
            throw cutOff(file);
        }
        return image.upright(facts.orientation());
    }

    private RgbImage decode(Jpeg facts, ImageLimits limits) throws UnreadableImageException {
        try (ByteArrayImageInput input = new ByteArrayImageInput(facts.bare().array())) {
            reader.setInput(input, true, true);
            limits.checkSize(ImageFormat.JPEG, reader.getWidth(0), reader.getHeight(0));
            Raster raster = reader.readRaster(0, reader.getDefaultReadParam());
            byte[] samples = samples(raster, facts.colour().components());
            interpolate(samples, raster.getWidth(), facts);
            return RgbImage.wrap(
                    raster.getWidth(), raster.getHeight(), facts.colour().toRgb(samples));
        } catch (IOException | RuntimeException e) {
            if (facts.arithmetic()) {
                throw UnreadableImageException.undecodable(
                        "JPEG has arithmetic coding, which the libjpeg of this Java runtime does not read; send it Huffman coded");
            }
            // On malformed files ImageIO throws unchecked exceptions of many types.
            throw UnreadableImageException.undecodable("JPEG cannot be decoded: " + e.getMessage());
        } finally {
            // The listener stays: reset would remove it.
            reader.setInput(null);
        }
    }

    private static void interpolate(byte[] samples, int width, Jpeg facts) {
        int components = facts.colour().components();
        for (int i = 0; HalvedRows.areRepeated() && i < components; i++) {
            if ((facts.halved() >> i & 1) == 1) {
                HalvedRows.interpolate(samples, width * components, components, i);
            }
        }
    }

    private static byte[] samples(Raster raster, int components) {
        int length = Math.multiplyExact(Math.multiplyExact(raster.getWidth(), raster.getHeight()), components);
        if (raster.getNumBands() == components
                && raster.getDataBuffer() instanceof DataBufferByte bytes
                && bytes.getNumBanks() == 1
                && bytes.getSize() == length) {
            return bytes.getData();
        }
        throw new IllegalStateException(
                "samples of " + raster.getNumBands() + " bands where the frame has " + components + " components");
    }

    private static UnreadableImageException cutOff(byte[] file) {
        return UnreadableImageException.undecodable("JPEG is cut off after " + file.length + " bytes");
    }
}
