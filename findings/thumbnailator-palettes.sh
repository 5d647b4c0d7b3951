#!/usr/bin/env bash
# Thumbnailator 0.4.20: a picture with a palette loses its colours when it is made smaller, and a GIF of few colours becomes black and white.
#
# Guessed: a PNG or GIF of one colour with a palette has this colour after it was made smaller, within rounding, as one without a palette has.
# Seen:    in a PNG (10, 60, 110) becomes a pattern of (0, 51, 102) and (0, 51, 153), of the JDK's palette whose parts are 0, 51, 102, 153, 204 and
#          255. A GIF of few colours becomes black and white, so that this one is all black. Both are so in the file, too. The new picture
#          has the type of the old one, TYPE_BYTE_INDEXED or TYPE_BYTE_BINARY, but not its palette. There is no error. With
#          imageType(BufferedImage.TYPE_INT_RGB) it is as guessed.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'P'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>net.coobird</groupId><artifactId>thumbnailator</artifactId><version>0.4.20</version></dependency>
</dependencies></project>
P
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib
cat > Main.java <<'J'
import java.awt.image.*;
import java.io.*;
import java.util.*;
import javax.imageio.ImageIO;
import net.coobird.thumbnailator.Thumbnails;
public class Main {
    static void print(String what, BufferedImage image) {
        Set<String> colours = new TreeSet<>();
        double[] sums = new double[3];
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int rgb = image.getRGB(x, y);
                int[] parts = {rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255};
                colours.add(String.format("(%d, %d, %d)", parts[0], parts[1], parts[2]));
                for (int i = 0; i < 3; i++) {
                    sums[i] += parts[i] / (double) (image.getWidth() * image.getHeight());
                }
            }
        }
        System.out.printf("%s: %d colours, mean (%.0f, %.0f, %.0f)%s%n", what, colours.size(), sums[0], sums[1], sums[2],
                colours.size() < 4 ? ", " + String.join(" ", colours) : ", such as " + colours.iterator().next());
    }
    public static void main(String[] a) throws Exception {
        byte[][] palette = {{10, (byte) 200}, {60, 0}, {110, 0}};
        var indexed = new BufferedImage(64, 64, BufferedImage.TYPE_BYTE_INDEXED, new IndexColorModel(8, 2, palette[0], palette[1], palette[2]));
        var plain = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        plain.createGraphics().drawImage(indexed, 0, 0, null);
        for (String format : List.of("png", "gif")) {
            File file = new File("palette." + format);
            ImageIO.write(indexed, format, file);
            print(format + ", read", ImageIO.read(file));
            print(format + ", half the size", Thumbnails.of(file).size(32, 32).asBufferedImage());
            File smaller = new File("smaller." + format);
            Thumbnails.of(file).size(32, 32).toFile(smaller);
            print(format + ", half the size, file", ImageIO.read(smaller));
            print(format + ", with imageType", Thumbnails.of(file).size(32, 32).imageType(BufferedImage.TYPE_INT_RGB).asBufferedImage());
        }
        print("without a palette", Thumbnails.of(plain).size(32, 32).asBufferedImage());
    }
}
J
java -Djava.awt.headless=true -cp 'lib/*' Main.java | tee out
diff out - <<'P'
png, read: 1 colours, mean (10, 60, 110), (10, 60, 110)
png, half the size: 2 colours, mean (0, 51, 115), (0, 51, 102) (0, 51, 153)
png, half the size, file: 2 colours, mean (0, 51, 115), (0, 51, 102) (0, 51, 153)
png, with imageType: 1 colours, mean (10, 60, 110), (10, 60, 110)
gif, read: 1 colours, mean (10, 60, 110), (10, 60, 110)
gif, half the size: 1 colours, mean (0, 0, 0), (0, 0, 0)
gif, half the size, file: 1 colours, mean (0, 0, 0), (0, 0, 0)
gif, with imageType: 1 colours, mean (10, 60, 110), (10, 60, 110)
without a palette: 1 colours, mean (10, 60, 110), (10, 60, 110)
P
echo 'as seen: the palette is replaced'
