package io.acclimate.image;

import io.acclimate.core.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The first picture of a TIFF file, with everything that it claims checked against the file. ImageIO gets {@link #bare}, the same
 * bytes with a directory that has no tags but those needed to find and unpack the samples. What the samples mean is in the other
 * components and not in that directory, where one grey or palette sample counts as plain grey.
 *
 * @param orientation 1 to 8, or that of an XMP packet where the directory has none; 1 if the file has neither
 * @param photometric {@link #WHITE_IS_ZERO} and so on
 * @param bits bits of each sample
 * @param extra what the sample behind the colours is: {@link #OPACITY}, or another that is not read
 * @param differences the columns of a strip or tile, where the samples are differences of 16 bits, which ImageIO does not add up; else 0
 * @param palette red, then green, then blue, of 8 bits each; empty if there is none
 */
record Tiff(
        int width,
        int height,
        int orientation,
        int photometric,
        int bits,
        int extra,
        int differences,
        Bytes palette,
        Bytes bare) {
    static final int WHITE_IS_ZERO = 0;
    static final int BLACK_IS_ZERO = 1;
    static final int RGB = 2;
    static final int PALETTE = 3;
    static final int INKS = 5;
    /** Opacity that the colours have not been multiplied by yet. */
    static final int OPACITY = 2;

    private static final int WIDTH = 256;
    private static final int HEIGHT = 257;
    private static final int BITS = 258;
    private static final int COMPRESSION = 259;
    private static final int PHOTOMETRIC = 262;
    private static final int STRIP_OFFSETS = 273;
    private static final int ORIENTATION = 274;
    private static final int SAMPLES = 277;
    private static final int ROWS_PER_STRIP = 278;
    private static final int STRIP_BYTES = 279;
    private static final int PLANES = 284;
    private static final int COLOUR_MAP = 320;
    private static final int TILE_WIDTH = 322;
    private static final int TILE_HEIGHT = 323;
    private static final int TILE_OFFSETS = 324;
    private static final int TILE_BYTES = 325;
    private static final int EXTRA_SAMPLES = 338;
    private static final int SAMPLE_FORMAT = 339;
    private static final int FILL_ORDER = 266;
    private static final int PREDICTOR = 317;
    private static final int XMP = 700;
    private static final int HORIZONTAL_DIFFERENCES = 2;
    /** Tags of one value or a few, among them the options of both fax codings. */
    private static final Set<Integer> SMALL = Set.of(
            WIDTH,
            HEIGHT,
            BITS,
            COMPRESSION,
            PHOTOMETRIC,
            FILL_ORDER,
            ORIENTATION,
            SAMPLES,
            ROWS_PER_STRIP,
            PLANES,
            292,
            293,
            PREDICTOR,
            COLOUR_MAP,
            TILE_WIDTH,
            TILE_HEIGHT,
            EXTRA_SAMPLES,
            SAMPLE_FORMAT);

    private static final Set<Integer> LAYOUT = Set.of(STRIP_OFFSETS, STRIP_BYTES, TILE_OFFSETS, TILE_BYTES);
    private static final int MOST_SMALL = 3 << 8;
    /** None, three fax codings, LZW, deflate by its two numbers, PackBits. JPEG inside of TIFF is not read. */
    private static final Set<Integer> COMPRESSIONS = Set.of(1, 2, 3, 4, 5, 8, 32946, 32773);

    /** The compressions whose samples may be differences. */
    private static final Set<Integer> PREDICTED = Set.of(5, 8, 32946);

    private static final int MOST_PARTS = 1 << 16;
    /** Tiles reach over the edges of a picture. They may cover so many times the pixels that a picture may have. */
    private static final long MOST_COVERED = 4;
    /** More than LZW, deflate and reasonable fax codings make of one byte. */
    private static final long MOST_UNPACKED = 4096;

    private static final int SHORT = 3;
    private static final int LONG = 4;

    static Tiff parse(byte[] file, ImageLimits limits) throws UnreadableImageException {
        return new Directory(file).tiff(limits);
    }

    private static final class Directory {
        private final byte[] file;
        private final ByteBuffer in;
        private final Map<Integer, long[]> tags = new TreeMap<>();
        private int xmp = Exif.NOT_SAID;

        private boolean xmpSeen;

        Directory(byte[] file) throws UnreadableImageException {
            this.file = file;
            this.in = ByteBuffer.wrap(file).order(file[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
            check(file.length >= 10, "no directory in " + file.length + " bytes");
            long at = in.getInt(4) & 0xffff_ffffL;
            check(at >= 8 && at + 2 <= file.length, "its directory at " + at);
            int entries = in.getShort((int) at) & 0xffff;
            check(at + 2 + 12L * entries <= file.length, "a directory of " + entries + " entries");
            for (int i = 0; i < entries; i++) {
                read((int) at + 2 + 12 * i);
            }
        }

        private void read(int entry) throws UnreadableImageException {
            int tag = in.getShort(entry) & 0xffff;
            int type = in.getShort(entry + 2);
            // A file may name the tag 65,535 times, each time for all of its bytes.
            if (tag == XMP && !xmpSeen) {
                xmpSeen = true;
                packet(entry);
            }
            int width = type == SHORT ? 2 : type == LONG ? 4 : 0;
            if (tags.containsKey(tag) || !(SMALL.contains(tag) || LAYOUT.contains(tag))) {
                return;
            }
            long count = in.getInt(entry + 4) & 0xffff_ffffL;
            long at = count * width <= 4 ? entry + 8 : in.getInt(entry + 8) & 0xffff_ffffL;
            check(width > 0, "type " + type + " in tag " + tag);
            check(
                    count > 0 && at + count * width <= file.length && (LAYOUT.contains(tag) || count <= MOST_SMALL),
                    count + " values of tag " + tag + " at " + at);
            long[] values = new long[(int) count];
            for (int i = 0; i < values.length; i++) {
                int from = (int) at + i * width;
                values[i] = width == 2 ? in.getShort(from) & 0xffff : in.getInt(from) & 0xffff_ffffL;
            }
            tags.put(tag, values);
        }

        /** Looks into an XMP packet, which is a row of bytes elsewhere in the file. */
        private void packet(int entry) {
            long length = in.getInt(entry + 4) & 0xffff_ffffL;
            long at = in.getInt(entry + 8) & 0xffff_ffffL;
            if (length > 4 && at + length <= file.length) {
                xmp = Exif.ofXmp(file, (int) at, (int) (at + length));
            }
        }

        Tiff tiff(ImageLimits limits) throws UnreadableImageException {
            long width = one(WIDTH, 0);
            long height = one(HEIGHT, 0);
            limits.checkSize(ImageFormat.TIFF, width, height);
            int compression = (int) one(COMPRESSION, 1);
            check(
                    COMPRESSIONS.contains(compression),
                    (compression == 6 || compression == 7 ? "JPEG inside, compression " : "compression ")
                            + compression);
            int photometric = (int) one(PHOTOMETRIC, -1);
            int samples = (int) one(SAMPLES, 1);
            int bits = (int) one(BITS, 1);
            int colours = photometric == RGB ? 3 : photometric == INKS ? 4 : 1;
            check(
                    photometric >= 0 && photometric <= INKS && photometric != 4,
                    "photometric interpretation " + photometric);
            check(samples >= colours && samples <= colours + 1, samples + " samples of interpretation " + photometric);
            check(bits == 1 || bits == 2 || bits == 4 || bits == 8 || bits == 16, bits + " bits");
            for (long other : tags.getOrDefault(BITS, new long[] {1})) {
                check(other == bits, "samples of " + bits + " and " + other + " bits");
            }
            for (long format : tags.getOrDefault(SAMPLE_FORMAT, new long[] {1})) {
                check(format == 1, "samples of format " + format);
            }
            long planes = one(PLANES, 1);
            check(planes == 1 || planes == 2, "planar configuration " + planes);
            boolean fax = compression >= 2 && compression <= 4;
            check(!fax || (samples == 1 && bits == 1), samples + " samples of " + bits + " bits coded as a fax");
            check(fax || one(FILL_ORDER, 1) == 1, "fill order " + one(FILL_ORDER, 1));
            layout(limits, width, height, planes == 2 ? samples : 1, planes == 2 ? bits : samples * bits);
            byte[] palette = palette(photometric, bits);
            long extra = samples > colours ? one(EXTRA_SAMPLES, 0) : 0;
            long orientation = one(ORIENTATION, xmp);
            boolean differences =
                    bits == 16 && one(PREDICTOR, 1) == HORIZONTAL_DIFFERENCES && PREDICTED.contains(compression);
            int across = (int) one(TILE_WIDTH, width);
            if (photometric == WHITE_IS_ZERO || photometric == PALETTE) {
                tags.put(PHOTOMETRIC, new long[] {BLACK_IS_ZERO});
            }
            tags.keySet().removeAll(Set.of(ORIENTATION, COLOUR_MAP, SAMPLE_FORMAT));
            if (differences) {
                tags.remove(PREDICTOR);
            }
            return new Tiff(
                    (int) width,
                    (int) height,
                    orientation >= 1 && orientation <= 8 ? (int) orientation : 1,
                    photometric,
                    bits,
                    (int) extra,
                    differences ? across : 0,
                    Bytes.wrap(palette),
                    Bytes.wrap(bare()));
        }

        /** Strips or tiles must be as many as the picture has, no larger than the file in all, and hold their rows. */
        private void layout(ImageLimits limits, long width, long height, int planes, int pixelBits)
                throws UnreadableImageException {
            boolean tiled = tags.containsKey(TILE_WIDTH);
            long across = tiled ? one(TILE_WIDTH, 0) : width;
            long down = tiled ? one(TILE_HEIGHT, 0) : Math.min(height, one(ROWS_PER_STRIP, height));
            check(across > 0 && down > 0, "tiles of " + across + "x" + down);
            limits.checkSize(ImageFormat.TIFF, across, down);
            // ImageIO unpacks a strip or tile first, and copies it into the picture.
            int samples = (int) one(SAMPLES, 1);
            int bits = (int) one(BITS, 1);
            ImageLimits.checkUnpacked(
                    "TIFF of " + width + "x" + height + " pixels with " + samples + " samples of " + bits
                            + " bits, in parts of " + across + "x" + down,
                    ImageLimits.unpacked(width, height, samples, bits)
                            + ImageLimits.unpacked(across, down, samples / planes, bits));
            if (!tiled) {
                // ImageIO prefers tiles, which would go unchecked, where a file names some of their tags.
                tags.keySet().removeAll(Set.of(TILE_HEIGHT, TILE_OFFSETS, TILE_BYTES));
                tags.put(ROWS_PER_STRIP, new long[] {down});
            }
            long[] offsets = tags.getOrDefault(tiled ? TILE_OFFSETS : STRIP_OFFSETS, new long[0]);
            long[] bytes = tags.getOrDefault(tiled ? TILE_BYTES : STRIP_BYTES, new long[0]);
            long rows = (height + down - 1) / down;
            long parts = ((width + across - 1) / across) * rows * planes;
            long covered = parts / planes * across * down;
            check(!tiled || covered <= MOST_COVERED * limits.maxPixels(), "tiles that cover " + covered + " pixels");
            check(parts <= MOST_PARTS, parts + " parts");
            check(offsets.length == parts && bytes.length == parts, offsets.length + " parts where it has " + parts);
            long sum = 0;
            for (int i = 0; i < parts; i++) {
                sum += bytes[i];
                check(offsets[i] + bytes[i] <= file.length && sum <= file.length, bytes[i] + " bytes at " + offsets[i]);
            }
            long claimed = (across * pixelBits + 7) / 8 * down * parts;
            check(claimed <= file.length * MOST_UNPACKED, sum + " bytes for " + width + "x" + height + " pixels");
            int compression = (int) one(COMPRESSION, 1);
            for (int i = 0; i < parts; i++) {
                long here = tiled ? down : Math.min(down, height - i % rows * down);
                long needed = (across * pixelBits + 7) / 8 * here;
                check(
                        TiffPart.holds(compression, file, (int) offsets[i], (int) bytes[i], needed),
                        bytes[i] + " bytes for " + here + " rows of " + across + " pixels");
            }
        }

        private byte[] palette(int photometric, int bits) throws UnreadableImageException {
            if (photometric != PALETTE) {
                return new byte[0];
            }
            long[] colours = tags.getOrDefault(COLOUR_MAP, new long[0]);
            check(bits <= 8 && colours.length == 3 << bits, colours.length + " palette values for " + bits + " bits");
            byte[] palette = new byte[colours.length];
            for (int i = 0; i < colours.length; i++) {
                palette[i] = (byte) (colours[i] >> 8);
            }
            return palette;
        }

        /** The file with a directory of its own behind it. */
        private byte[] bare() {
            int size = 2 + 12 * tags.size() + 4;
            for (long[] values : tags.values()) {
                size += values.length > 1 ? 4 * values.length : 0;
            }
            int directory = file.length + (file.length & 1);
            ByteBuffer out =
                    ByteBuffer.wrap(Arrays.copyOf(file, directory + size)).order(in.order());
            out.putInt(4, directory).putShort(directory, (short) tags.size());
            int entry = directory + 2;
            int at = directory + 2 + 12 * tags.size() + 4;
            for (Map.Entry<Integer, long[]> tag : tags.entrySet()) {
                long[] values = tag.getValue();
                boolean small = isShort(tag.getKey());
                out.putShort(entry, tag.getKey().shortValue()).putShort(entry + 2, (short) (small ? SHORT : LONG));
                out.putInt(entry + 4, values.length);
                if (values.length > (small ? 2 : 1)) {
                    out.putInt(entry + 8, at);
                }
                int to = values.length > (small ? 2 : 1) ? at : entry + 8;
                for (long value : values) {
                    if (small) {
                        out.putShort(to, (short) value);
                    } else {
                        out.putInt(to, (int) value);
                    }
                    to += small ? 2 : 4;
                }
                at = Math.max(at, to);
                entry += 12;
            }
            return out.array();
        }

        /** ImageIO reads some tags as SHORT only. */
        private static boolean isShort(int tag) {
            return tag == BITS
                    || tag == COMPRESSION
                    || tag == PHOTOMETRIC
                    || tag == SAMPLES
                    || tag == PLANES
                    || tag == EXTRA_SAMPLES
                    || tag == FILL_ORDER
                    || tag == PREDICTOR;
        }

        private long one(int tag, long otherwise) {
            return tags.getOrDefault(tag, new long[] {otherwise})[0];
        }

        private static void check(boolean holds, String claim) throws UnreadableImageException {
            if (!holds) {
                throw UnreadableImageException.undecodable("TIFF has " + claim + ", which is not read");
            }
        }
    }
}
