package io.acclimate.dataset;

import io.acclimate.image.RgbImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes PNG files of 8-bit colour. Every row has the filter that subtracts the left neighbour. */
public final class Png {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final byte SUBTRACT_LEFT = 1;

    private Png() {}

    public static byte[] encode(RgbImage image) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(image.rgb().length);
        out.writeBytes(SIGNATURE);
        ByteBuffer header = ByteBuffer.allocate(13).putInt(image.width()).putInt(image.height());
        header.put((byte) 8).put((byte) 2);
        chunk(out, "IHDR", header.array(), 13);
        byte[] rows = filtered(image);
        byte[] packed = new byte[rows.length + rows.length / 1000 + 64];
        Deflater deflater = new Deflater();
        try {
            deflater.setInput(rows);
            deflater.finish();
            int length = 0;
            while (!deflater.finished()) {
                length += deflater.deflate(packed, length, packed.length - length);
            }
            chunk(out, "IDAT", packed, length);
        } finally {
            deflater.end();
        }
        chunk(out, "IEND", new byte[0], 0);
        return out.toByteArray();
    }

    private static byte[] filtered(RgbImage image) {
        int stride = image.width() * 3;
        byte[] rgb = image.rgb();
        byte[] rows = new byte[(stride + 1) * image.height()];
        int to = 0;
        for (int y = 0; y < image.height(); y++) {
            rows[to++] = SUBTRACT_LEFT;
            for (int x = 0; x < stride; x++) {
                int at = y * stride + x;
                rows[to++] = (byte) (x < 3 ? rgb[at] : rgb[at] - rgb[at - 3]);
            }
        }
        return rows;
    }

    private static void chunk(ByteArrayOutputStream out, String type, byte[] body, int length) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(body, 0, length);
        out.writeBytes(ByteBuffer.allocate(8).putInt(length).put(name).array());
        out.write(body, 0, length);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
}
