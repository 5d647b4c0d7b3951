#!/usr/bin/env bash
# TwelveMonkeys imageio-webp 3.14.0 against libwebp, as Pillow of Debian 12 (python3-pil, needs to be installed) has it.
#
# Guessed: WebP's bitstream says what each pixel is, so two decoders of a lossy file differ by rounding at most, as two PNG decoders do not
#          differ at all.
# Seen:    grey pictures differ by rounding alone. Where colour changes from pixel to pixel, TwelveMonkeys repeats each chroma sample for a
#          block of 2 x 2 pixels, and libwebp interpolates between them: the mean difference is above 1, and single pixels differ by more
#          than 20. The format leaves the upsampling of chroma to the decoder. A network that was trained on Pillow's pixels sees others in
#          Java. Acclimate refuses WebP by name.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'X'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>com.twelvemonkeys.imageio</groupId><artifactId>imageio-webp</artifactId><version>3.14.0</version></dependency>
</dependencies></project>
X
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib
/usr/bin/python3 - <<'X'
import math
from PIL import Image
SIZE = 64
def picture(colour):
    image = Image.new("RGB", (SIZE, SIZE))
    image.putdata([colour(x, y) for y in range(SIZE) for x in range(SIZE)])
    return image
wave = lambda x, y, phase: int(128 + 100 * math.sin(0.9 * x + 0.5 * y + phase))
pictures = {
    "grey": picture(lambda x, y: (wave(x, y, 0),) * 3),
    "colour": picture(lambda x, y: (wave(x, y, 0), wave(x, y, 2.1), wave(x, y, 4.2))),
}
for name, image in pictures.items():
    image.save(name + ".webp", quality=90)
    open(name + ".rgb", "wb").write(Image.open(name + ".webp").convert("RGB").tobytes())
X
cat > Main.java <<'X'
import java.awt.image.BufferedImage;
import java.nio.file.*;
import javax.imageio.ImageIO;
public class Main {
    public static void main(String[] a) throws Exception {
        for (String name : new String[] {"grey", "colour"}) {
            byte[] other = Files.readAllBytes(Path.of(name + ".rgb"));
            BufferedImage image = ImageIO.read(Path.of(name + ".webp").toFile());
            long sum = 0;
            int largest = 0;
            for (int i = 0; i < other.length; i++) {
                int pixel = image.getRGB(i / 3 % image.getWidth(), i / 3 / image.getWidth());
                int difference = Math.abs((pixel >> (16 - 8 * (i % 3)) & 255) - (other[i] & 255));
                sum += difference;
                largest = Math.max(largest, difference);
            }
            double mean = (double) sum / other.length;
            System.err.printf("%s: mean difference %.2f, largest %d%n", name, mean, largest);
            System.out.println(name + ": mean " + (mean > 1 ? "above 1" : "at most 1") + ", largest "
                    + (largest > 20 ? "above 20" : largest <= 2 ? "at most 2" : "from 3 to 20"));
        }
    }
}
X
java -Djava.awt.headless=true -cp 'lib/*' Main.java | tee out
diff out - <<'X'
grey: mean at most 1, largest at most 2
colour: mean above 1, largest above 20
X
echo 'as seen: chroma is repeated, not interpolated'
