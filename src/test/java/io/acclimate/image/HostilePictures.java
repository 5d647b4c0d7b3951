package io.acclimate.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.imageio.ImageWriteParam;

/** The image files that decoders disagree on, by name; those that no decoder here may take are in {@link #refused}. */
public final class HostilePictures {
    private HostilePictures() {}

    /** Each is decoded. */
    public static Map<String, byte[]> taken() {
        RgbImage picture = Pictures.random(19, 13, 3);
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("png", Pictures.write(Pictures.buffered(picture, BufferedImage.TYPE_INT_RGB), "png"));
        files.put(
                "interlaced png",
                Pictures.write(
                        Pictures.buffered(picture, BufferedImage.TYPE_INT_RGB), "png", ImageWriteParam.MODE_DEFAULT));
        files.put("jpeg", Pictures.write(Pictures.buffered(picture, BufferedImage.TYPE_INT_RGB), "jpeg"));
        files.put("bmp", Pictures.write(Pictures.buffered(picture, BufferedImage.TYPE_INT_RGB), "bmp"));
        files.put("tiff", Pictures.write(Pictures.buffered(picture, BufferedImage.TYPE_INT_RGB), "tiff"));
        files.put("grey", Pictures.write(Pictures.buffered(picture, BufferedImage.TYPE_BYTE_GRAY), "png"));
        files.put("palette", Pictures.write(Pictures.buffered(picture, BufferedImage.TYPE_BYTE_INDEXED), "png"));
        files.put("one pixel", Pictures.png(1, 1, 8, PngHeader.RGB, new byte[] {0, 10, 20, 30}));
        files.put("alpha", Pictures.png(1, 1, 8, PngHeader.RGB_ALPHA, new byte[] {0, (byte) 200, 100, 50, (byte) 128}));
        files.put("16 bit", Pictures.png(1, 1, 16, PngHeader.RGB, new byte[] {0, 0x40, (byte) 0xff, 0x20, 0, 0x10, 0x10
        }));
        files.put("cmyk", resource("cmyk.jpg"));
        files.put("rotated by exif", resource("exif6.jpg"));
        files.put("animated", animated(0));
        return files;
    }

    /** Each is refused. */
    public static Map<String, byte[]> refused() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("empty", new byte[0]);
        files.put("text", "hello".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        taken().forEach((name, file) -> {
            if (name.equals("jpeg")
                    || name.equals("png")
                    || name.equals("bmp")
                    || name.equals("tiff")
                    || name.equals("animated")) {
                files.put("truncated " + name, Arrays.copyOf(file, file.length / 2));
            }
        });
        files.put("png bomb", Pictures.png(30_000, 30_000, 8, PngHeader.RGB, new byte[1000]));
        return files;
    }

    /** A GIF of two frames, the first red and the second blue, behind a comment in blocks of one byte. */
    static byte[] animated(int commentBlocks) {
        byte[] first = Pictures.write(filled(0xffff0000), "gif", ImageWriteParam.MODE_DISABLED);
        byte[] second = Pictures.write(filled(0xff0000ff), "gif", ImageWriteParam.MODE_DISABLED);
        int palette = 13 + 3 * (2 << (first[10] & 7));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(first, 0, palette);
        if (commentBlocks > 0) {
            all.writeBytes(new byte[] {0x21, (byte) 0xfe});
            for (int i = 0; i < commentBlocks; i++) {
                all.writeBytes(new byte[] {1, 'x'});
            }
            all.write(0);
        }
        all.write(first, palette, first.length - 1 - palette);
        // The second frame's own palette stands in its file's screen; as another frame it reads the first's colours.
        int secondPalette = 13 + 3 * (2 << (second[10] & 7));
        all.write(second, secondPalette, second.length - secondPalette);
        return all.toByteArray();
    }

    private static BufferedImage filled(int argb) {
        BufferedImage image = new BufferedImage(6, 4, BufferedImage.TYPE_BYTE_INDEXED);
        for (int i = 0; i < 24; i++) {
            image.setRGB(i % 6, i / 6, argb);
        }
        return image;
    }

    private static byte[] resource(String name) {
        try {
            return ImageDecoderTest.resource(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
