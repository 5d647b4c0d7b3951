package io.acclimate.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExifTest {
    private static final int BYTE = 1;
    private static final int SHORT = 3;
    private static final int LONG = 4;

    @ParameterizedTest
    @CsvSource({"II, 1", "II, 3", "II, 4", "II, 8", "II, 9", "MM, 1", "MM, 3", "MM, 4", "MM, 8", "MM, 9"})
    void theOrientationIsReadInEitherByteOrderAndInAnyWidthOfInteger(String order, int type) {
        for (int value = 1; value <= 8; value++) {
            assertThat(read(exif(order, 8, 0, type, value))).isEqualTo(value);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 26, 4_000})
    void theDirectoryMayLieAnywhere(int directory) {
        assertThat(read(exif("MM", directory, 0, SHORT, 6))).isEqualTo(6);
        assertThat(read(exif("II", directory, 40, LONG, 3)))
                .as("the last of many entries")
                .isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"0, 3", "9, 3", "65535, 3", "65542, 4", "-1, 4", "393216, 4", "6, 2", "6, 5", "6, 7", "6, 12"})
    void aValueOrTypeThatDoesNotExistIsUpright(int value, int type) {
        assertThat(read(exif("II", 8, 0, type, value))).isEqualTo(Exif.UPRIGHT);
        assertThat(read(exif("MM", 8, 0, type, value))).isEqualTo(Exif.UPRIGHT);
    }

    @ParameterizedTest
    @CsvSource({"II, 3, 2", "MM, 3, 2", "II, 1, 4", "MM, 1, 4"})
    void ofSeveralValuesTheFirstCounts(String order, int type, int count) {
        byte[] exif = exif(order, 8, 0, type, 6);

        assertThat(read(counted(exif, order, count))).isEqualTo(6);
        assertThat(read(counted(exif, order, 0))).isEqualTo(Exif.UPRIGHT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"II", "MM"})
    void valuesThatDoNotFitTheEntryAreReadWhereItPointsTo(String order) {
        ByteBuffer exif = ByteBuffer.allocate(40).order(ByteOrder.BIG_ENDIAN);
        exif.put(exif(order, 8, 0, LONG, 28));
        exif.order(order.equals("II") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN)
                .putInt(28, 5);

        assertThat(read(counted(exif.array(), order, 2))).isEqualTo(5);
        for (int outside : new int[] {37, 5_000, Integer.MAX_VALUE, -1}) {
            exif.putInt(18, outside);
            assertThat(read(exif.array())).as("offset %d", outside).isEqualTo(Exif.UPRIGHT);
        }
    }

    @Test
    void ofSeveralEntriesTheLastCounts() {
        byte[] exif = exif("MM", 8, 1, SHORT, 3);
        System.arraycopy(exif, 22, exif, 10, 12);
        exif[10 + 9] = 6;

        assertThat(read(exif)).isEqualTo(3);
    }

    @Test
    void theNameThatJpegPutsBeforeTheDataIsSkippedWhereverItStands() {
        byte[] exif = exif("MM", 8, 0, SHORT, 6);
        byte[] named = ByteBuffer.allocate(12 + exif.length)
                .put("Exif\0\0Exif\0\0".getBytes(StandardCharsets.US_ASCII))
                .put(exif)
                .array();

        assertThat(read(named)).isEqualTo(6);
        assertThat(read(Arrays.copyOfRange(named, 6, named.length))).isEqualTo(6);
        assertThat(read(Arrays.copyOf(named, 12))).isEqualTo(Exif.NOT_SAID);
    }

    @Test
    void theUpperHalfOfALongIsPartOfTheValue() {
        ByteBuffer exif = ByteBuffer.wrap(exif("MM", 8, 0, LONG, 6));
        exif.put(10 + 8, (byte) 1);

        assertThat(read(exif.array())).isEqualTo(Exif.UPRIGHT);
    }

    @Test
    void aByteOrderMarkOrMagicNumberThatDoesNotExistSaysNothing() {
        for (int at = 0; at < 4; at++) {
            byte[] exif = exif("II", 8, 0, BYTE, 6);
            exif[at] ^= 0x15;
            assertThat(read(exif)).as("byte %d", at).isEqualTo(Exif.NOT_SAID);
        }
    }

    @Test
    void anyCutAndAnyDirectoryOutsideSaysNothing() {
        byte[] whole = exif("MM", 8, 2, SHORT, 6);
        for (int length = 0; length < whole.length - 4; length++) {
            assertThat(read(Arrays.copyOf(whole, length)))
                    .as("cut to %d", length)
                    .isEqualTo(Exif.NOT_SAID);
        }
        for (int offset : new int[] {0, 7, 5_000, Integer.MAX_VALUE, -1}) {
            ByteBuffer.wrap(whole).putInt(4, offset);
            assertThat(read(whole)).as("offset %d", offset).isEqualTo(Exif.NOT_SAID);
        }
    }

    @Property(tries = 500)
    void anyBytesAreReadWithoutAnException(@ForAll byte[] body) {
        byte[] exif = exif("MM", 8, 1, SHORT, 6);
        System.arraycopy(body, 0, exif, 4, Math.min(body.length, exif.length - 4));

        assertThat(read(exif)).isBetween(Exif.NOT_SAID, 8);
    }

    /** The same data, whose one entry says that it has so many values. */
    private static byte[] counted(byte[] exif, String order, int count) {
        return ByteBuffer.wrap(exif)
                .order(order.equals("II") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN)
                .putInt(14, count)
                .array();
    }

    private static int read(byte[] exif) {
        byte[] within = new byte[exif.length + 10];
        System.arraycopy(exif, 0, within, 5, exif.length);
        return Exif.orientation(within, 5, 5 + exif.length);
    }

    /** A directory at an offset, with other entries before that of the orientation. */
    static byte[] exif(String order, int directory, int others, int type, int value) {
        ByteBuffer tiff = ByteBuffer.allocate(directory + 6 + 12 * (others + 1))
                .order(order.equals("II") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        tiff.put(order.getBytes(StandardCharsets.US_ASCII)).putShort((short) 42).putInt(directory);
        tiff.position(directory).putShort((short) (others + 1));
        for (int i = 0; i < others; i++) {
            tiff.putShort((short) (0x100 - others + i))
                    .putShort((short) SHORT)
                    .putInt(1)
                    .putInt(6);
        }
        tiff.putShort((short) 0x0112).putShort((short) type).putInt(1);
        switch (type) {
            case 1, 6 -> tiff.put((byte) value);
            case 3, 8 -> tiff.putShort((short) value);
            default -> tiff.putInt(value);
        }
        return tiff.array();
    }
}
