#!/usr/bin/env bash
# ImageJ 1.54p (net.imagej:ij): of a TIFF with JPEG inside it takes the bytes of the JPEG for the pixels.
#
# Guessed: ImageJ opens the TIFFs that Pillow 9.4 writes with the pixels that Pillow reads, or says that it cannot, as it does for black and white
#          ones packed as LZW.
# Seen:    of a TIFF with JPEG inside, grey or colour, the picture has the right size and noise; a grey one begins with 255 216 255, the signature
#          of a JPEG. Black and white ones packed as deflate or PackBits are noise, too, since the packed bits are taken as they are.
#          Nothing is thrown, shown or logged. Unpacked ones, and grey packed as LZW, deflate or PackBits, are as guessed.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'P'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>net.imagej</groupId><artifactId>ij</artifactId><version>1.54p</version></dependency>
</dependencies></project>
P
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib
/usr/bin/python3 - <<'P'
from PIL import Image
grey = Image.new("L", (24, 8))
grey.putdata([x * 10 for _ in range(8) for x in range(24)])
pictures = {"grey": grey, "colour": Image.merge("RGB", [grey] * 3), "black-and-white": grey.point(lambda value: value // 30 % 2 * 255, "1")}
for name, picture in pictures.items():
    for packed in "none", "tiff_lzw", "tiff_deflate", "packbits", "jpeg":
        if (name, packed) == ("black-and-white", "jpeg"):
            continue
        file = f"{name}-{packed}.tif"
        picture.save(file, compression=None if packed == "none" else packed)
        open(f"{file}.grey", "wb").write(Image.open(file).convert("L").tobytes())
P
cat > Main.java <<'J'
import ij.ImagePlus;
import ij.io.Opener;
import java.nio.file.*;
import java.util.*;
public class Main {
    public static void main(String[] a) throws Exception {
        for (String name : List.of("grey", "colour", "black-and-white")) {
            for (String packed : List.of("none", "tiff_lzw", "tiff_deflate", "packbits", "jpeg")) {
                String file = name + "-" + packed + ".tif";
                if (!Files.exists(Path.of(file))) {
                    continue;
                }
                byte[] wanted = Files.readAllBytes(Path.of(file + ".grey"));
                ImagePlus image = new Opener().openImage(file);
                if (image == null) {
                    System.out.println(file + ": not opened");
                    continue;
                }
                int[] row = new int[24];
                int most = 0;
                for (int i = 0; i < wanted.length; i++) {
                    int value = image.getProcessor().getPixel(i % 24, i / 24) & 255;
                    most = Math.max(most, Math.abs(value - (wanted[i] & 255)));
                    if (i < 24) {
                        row[i] = value;
                    }
                }
                System.out.println(file + ": " + image.getWidth() + " x " + image.getHeight() + ", differs by " + most
                        + (most > 2 ? ", begins with " + Arrays.toString(Arrays.copyOf(row, 6)) : ""));
            }
        }
    }
}
J
java -Djava.awt.headless=true -cp 'lib/*' Main.java 2>log | tee out
diff out - <<'P'
grey-none.tif: 24 x 8, differs by 0
grey-tiff_lzw.tif: 24 x 8, differs by 0
grey-tiff_deflate.tif: 24 x 8, differs by 0
grey-packbits.tif: 24 x 8, differs by 0
grey-jpeg.tif: 24 x 8, differs by 254, begins with [255, 216, 255, 192, 0, 11]
colour-none.tif: 24 x 8, differs by 0
colour-tiff_lzw.tif: 24 x 8, differs by 0
colour-tiff_deflate.tif: 24 x 8, differs by 0
colour-packbits.tif: 24 x 8, differs by 0
colour-jpeg.tif: 24 x 8, differs by 254, begins with [255, 17, 8, 3, 0, 0]
black-and-white-none.tif: 24 x 8, differs by 0
java.io.IOException: ImageJ cannot open 1-bit LZW compressed TIFFs
black-and-white-tiff_lzw.tif: not opened
black-and-white-tiff_deflate.tif: 24 x 8, differs by 255, begins with [0, 255, 255, 255, 255, 0]
black-and-white-packbits.tif: 24 x 8, differs by 255, begins with [0, 0, 0, 0, 0, 0]
P
echo 'as seen: packed bytes are taken for pixels'
