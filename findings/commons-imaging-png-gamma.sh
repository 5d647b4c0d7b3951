#!/usr/bin/env bash
# Apache Commons Imaging 1.0.0-alpha6: a PNG that says the usual gamma is read much darker than ImageIO and Pillow read it.
#
# Guessed: a chunk gAMA of 0.45455 (1/2.2, what sRGB has and older programs write into each file) changes nothing, and one of 1.0, linear
#          light, is either brightened for the screen or left alone.
# Seen:    it is the other way round: with 0.45455 the value 100 becomes 33 and 10 becomes 0, and with 1.0 nothing changes. There is no
#          error and no setting. ImageIO (JDK 17.0.15) gives the stored values for both, as do Pillow and the training tools on it.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'P'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>org.apache.commons</groupId><artifactId>commons-imaging</artifactId><version>1.0.0-alpha6</version></dependency>
</dependencies></project>
P
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib
# Two RGB pixels, without and with the chunk.
python3 - <<'P'
import struct, zlib
def chunk(kind, data):
    return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
for name, gamma in (('none', b''), ('0.45455', chunk(b'gAMA', struct.pack('>I', 45455))), ('1.0', chunk(b'gAMA', struct.pack('>I', 100000)))):
    with open(name + '.png', 'wb') as out:
        out.write(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', 2, 1, 8, 2, 0, 0, 0)) + gamma
                  + chunk(b'IDAT', zlib.compress(bytes([0, 10, 20, 30, 100, 150, 200]))) + chunk(b'IEND', b''))
P
cat > Main.java <<'J'
import java.awt.image.BufferedImage;
import java.io.File;
import javax.imageio.ImageIO;
import org.apache.commons.imaging.Imaging;
public class Main {
    static String shown(BufferedImage picture) {
        var out = new StringBuilder();
        for (int x = 0; x < 2; x++) {
            int rgb = picture.getRGB(x, 0);
            out.append(" (").append(rgb >> 16 & 255).append(' ').append(rgb >> 8 & 255).append(' ').append(rgb & 255).append(')');
        }
        return out.toString();
    }
    public static void main(String[] a) throws Exception {
        for (String gamma : new String[] {"none", "0.45455", "1.0"}) {
            var file = new File(gamma + ".png");
            System.out.println(gamma + ": ImageIO" + shown(ImageIO.read(file)) + ", Commons Imaging" + shown(Imaging.getBufferedImage(file)));
        }
    }
}
J
java -Djava.awt.headless=true -cp 'lib/*' Main.java | tee out
diff out - <<'P'
none: ImageIO (10 20 30) (100 150 200), Commons Imaging (10 20 30) (100 150 200)
0.45455: ImageIO (10 20 30) (100 150 200), Commons Imaging (0 1 2) (33 79 149)
1.0: ImageIO (10 20 30) (100 150 200), Commons Imaging (10 20 30) (100 150 200)
P
echo 'as seen: the usual gamma darkens the picture'
