#!/usr/bin/env bash
# DJL 0.36.0, BoofCV 1.1.2, Thumbnailator 0.4.20 and imgscalr 4.2: grey pictures with 16 bits or with alpha come out much brighter.
#
# Guessed: a grey of 40 in a PNG is 40 for each of them, whether the PNG has 8 bits, 16 bits (10,280 of 65,535) or an opaque alpha beside it, as it
#          is for Pillow 9.4.
# Seen:    with 8 bits it is 40. With an alpha it is 110 for all four, with 16 bits 110 for DJL and BoofCV, and 100 is 168: they ask Java's
#          BufferedImage for RGB, which takes such greys for linear light; the frequent form of 8 bits goes another way. There is no error. So
#          one picture is another one by how its file was written. Medical and depth pictures have 16 bits, and masks cut from others
#          an alpha. imgscalr and Thumbnailator write the brighter grey into their files.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'P'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>ai.djl.pytorch</groupId><artifactId>pytorch-engine</artifactId><version>0.36.0</version></dependency>
<dependency><groupId>ai.djl.pytorch</groupId><artifactId>pytorch-jni</artifactId><version>2.7.1-0.36.0</version></dependency>
<dependency><groupId>ai.djl.pytorch</groupId><artifactId>pytorch-native-cpu</artifactId><version>2.7.1</version><classifier>linux-x86_64</classifier></dependency>
<dependency><groupId>org.boofcv</groupId><artifactId>boofcv-swing</artifactId><version>1.1.2</version></dependency>
<dependency><groupId>net.coobird</groupId><artifactId>thumbnailator</artifactId><version>0.4.20</version></dependency>
<dependency><groupId>org.imgscalr</groupId><artifactId>imgscalr-lib</artifactId><version>4.2</version></dependency>
<dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
</dependencies></project>
P
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib
/usr/bin/python3 - <<'P' | tee out
from PIL import Image
grey = Image.new("L", (16, 16), 40)
grey.paste(100, (8, 0, 16, 16))
deep = Image.frombytes("I;16", (16, 16), b"".join((value * 257).to_bytes(2, "little") for value in grey.getdata()))
pictures = {"8 bits": grey, "16 bits": deep, "alpha": Image.merge("LA", [grey, Image.new("L", (16, 16), 255)])}
for name, picture in pictures.items():
    picture.save(f"{name}.png")
    read = Image.open(f"{name}.png")
    values = [read.getpixel((x, 4)) for x in (2, 12)]
    print(f"{name}: Pillow {values}" + (f", of 257: {[value // 257 for value in values]}" if name == "16 bits" else ""))
P
cat > Main.java <<'J'
import ai.djl.Device;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.ndarray.*;
import ai.djl.ndarray.types.DataType;
import boofcv.io.image.ConvertBufferedImage;
import boofcv.struct.image.GrayU8;
import java.awt.image.BufferedImage;
import java.io.File;
import java.util.*;
import javax.imageio.ImageIO;
import net.coobird.thumbnailator.Thumbnails;
import org.imgscalr.Scalr;
public class Main {
    /** The first sample of the pixels as they are kept and written, of 8 bits. */
    static String samples(BufferedImage image, int scale) {
        int shift = image.getRaster().getDataBuffer().getDataType() == java.awt.image.DataBuffer.TYPE_USHORT ? 8 : 0;
        return List.of(image.getRaster().getSample(2 / scale, 4 / scale, 0) >> shift, image.getRaster().getSample(12 / scale, 4 / scale, 0) >> shift)
                .toString();
    }
    public static void main(String[] a) throws Exception {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            for (String name : List.of("8 bits", "16 bits", "alpha")) {
                File file = new File(name + ".png");
                NDArray array = ImageFactory.getInstance().fromFile(file.toPath()).toNDArray(manager).toType(DataType.INT32, true);
                int[] djl = {array.getInt(4, 2, 0), array.getInt(4, 12, 0)};
                GrayU8 boof = ConvertBufferedImage.convertFrom(ImageIO.read(file), (GrayU8) null);
                System.out.println(name + ": DJL " + Arrays.toString(djl) + ", BoofCV [" + boof.get(2, 4) + ", " + boof.get(12, 4) + "], Thumbnailator "
                        + samples(Thumbnails.of(file).size(8, 8).asBufferedImage(), 2) + ", imgscalr "
                        + samples(Scalr.resize(ImageIO.read(file), 8), 2));
            }
        }
    }
}
J
java -Djava.awt.headless=true -cp 'lib/*' Main.java 2>log | tee -a out
diff out - <<'P'
8 bits: Pillow [40, 100]
16 bits: Pillow [10280, 25700], of 257: [40, 100]
alpha: Pillow [(40, 255), (100, 255)]
8 bits: DJL [40, 100], BoofCV [40, 100], Thumbnailator [40, 100], imgscalr [40, 100]
16 bits: DJL [110, 168], BoofCV [110, 168], Thumbnailator [40, 100], imgscalr [40, 100]
alpha: DJL [110, 168], BoofCV [110, 168], Thumbnailator [110, 168], imgscalr [110, 168]
P
echo 'as seen: brighter where a grey PNG has 16 bits or an alpha'
