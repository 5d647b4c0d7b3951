#!/usr/bin/env bash
# The JDK's ImageIO (17.0.15 and 25.0.3): the reader of BMP takes the masks of the file before, also over reset().
#
# Guessed: reset "restores the ImageReader to its initial state" (its Javadoc), and setInput prepares for another file, so that one reader may
#          be kept and give for each file what a new one gives.
# Seen:    behind a file whose masks name opacity, a file of 32 bits without masks is read with that opacity. Its fourth byte, which has no
#          meaning and is 0 in most files, makes each pixel transparent. Acclimate lays transparent parts over black: the picture was black,
#          and whether it was depended on which file came before. `image.ImageIoReader` makes a reader for each file.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
cat > Main.java <<'X'
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
public class Main {
    /** One pixel of 32 bits, with masks for red, green, blue and opacity if the header has room for them. */
    static byte[] bmp(int header, int compression, int pixel) {
        var out = ByteBuffer.allocate(14 + header + 4).order(ByteOrder.LITTLE_ENDIAN);
        out.put((byte) 'B').put((byte) 'M').putInt(out.capacity()).putInt(0).putInt(14 + header);
        out.putInt(header).putInt(1).putInt(1).putShort((short) 1).putShort((short) 32).putInt(compression).putInt(4);
        if (header > 40) {
            out.position(54);
            out.putInt(0xff0000).putInt(0xff00).putInt(0xff).putInt(0xff000000);
        }
        out.position(14 + header);
        return out.putInt(pixel).array();
    }
    static void read(String what, ImageReader reader, byte[] file) throws Exception {
        try (var in = ImageIO.createImageInputStream(new ByteArrayInputStream(file))) {
            reader.setInput(in, true, false);
            System.out.printf("%s: %08x%n", what, reader.read(0).getRGB(0, 0));
            reader.reset();
        }
    }
    public static void main(String[] a) throws Exception {
        System.err.println("Java " + Runtime.version());
        ImageIO.setUseCache(false);
        var reader = ImageIO.getImageReadersByFormatName("bmp").next();
        read("without masks", reader, bmp(40, 0, 0x00c86432));
        read("with opacity", reader, bmp(108, 3, 0x80c86432));
        read("without masks, behind it", reader, bmp(40, 0, 0x00c86432));
    }
}
X
java Main.java | tee out
diff out - <<'X'
without masks: ffc86432
with opacity: 80c86432
without masks, behind it: 00c86432
X
echo 'as seen: the opacity of the file before is taken'
