package io.acclimate.image;

import java.awt.image.Raster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageReader;

/**
 * Components of a JPEG that are stored with half of the picture's rows and all of its columns (4:4:0), as 4:2:2 becomes when a picture
 * is turned without loss. libjpeg-turbo, which Pillow and OpenCV read with, interpolates such rows: each lies a quarter of a row from the
 * stored one and takes a quarter of its other neighbour. The older libjpeg inside of most Java runtimes repeats each stored row, while a
 * runtime that uses the system's library, such as Debian's, interpolates. So that a file gives the same pixels on each, what was repeated
 * is interpolated here.
 *
 * <p>Any thread.
 */
final class HalvedRows {
    /** A picture of 8×16 pixels whose chroma is stored in 8 rows and changes from row to row. */
    private static final String PROBE =
            "/9j/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5"
                    + "aYVpQYEpRUk//2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wAARCAAQAA"
                    + "gDARIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAwT/xAAVEAEBAAAAAAAAAAAAAAAAAAAAE//EABUBAQEAAAAAAAAAAAAAAAAAAAAD/8QAFhE"
                    + "AAwAAAAAAAAAAAAAAAAAAABVh/9oADAMBAAIRAxEAPwA5rJqsqFsP/9k=";

    private static final boolean REPEATED = probe();

    private HalvedRows() {}

    /** Whether this runtime's decoder repeats stored rows. */
    static boolean areRepeated() {
        return REPEATED;
    }

    /**
     * Interpolates the rows of one component, of which the rows 2k and 2k+1 are the stored row k.
     *
     * @param samples interleaved, {@code [height, width, components]} bytes; changed in place
     * @param rowBytes the bytes of a row, width times components
     */
    static void interpolate(byte[] samples, int rowBytes, int components, int component) {
        int width = rowBytes / components;
        int height = samples.length / rowBytes;
        int[] before = new int[width];
        int[] stored = row(samples, component, components, new int[width]);
        int[] after = new int[width];
        System.arraycopy(stored, 0, before, 0, width);
        for (int y = 0; y < height; y += 2) {
            int next = y + 2 < height ? y + 2 : y;
            row(samples, next * rowBytes + component, components, after);
            for (int x = 0, at = y * rowBytes + component; x < width; x++, at += components) {
                samples[at] = (byte) ((3 * stored[x] + before[x] + 1) >> 2);
                if (y + 1 < height) {
                    samples[at + rowBytes] = (byte) ((3 * stored[x] + after[x] + 2) >> 2);
                }
            }
            int[] free = before;
            before = stored;
            stored = after;
            after = free;
        }
    }

    private static int[] row(byte[] samples, int from, int step, int[] into) {
        for (int x = 0, at = from; x < into.length; x++, at += step) {
            into[x] = samples[at] & 0xff;
        }
        return into;
    }

    private static boolean probe() {
        ImageReader reader = ImageIoReader.find(ImageFormat.JPEG);
        try (ByteArrayImageInput input =
                new ByteArrayImageInput(Base64.getDecoder().decode(PROBE))) {
            reader.setInput(input, true, true);
            Raster raster = reader.readRaster(0, reader.getDefaultReadParam());
            int[] rows = raster.getSamples(0, 2, 1, 2, 1, new int[2]);
            return rows[0] == rows[1];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            reader.dispose();
        }
    }
}
