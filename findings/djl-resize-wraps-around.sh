#!/usr/bin/env bash
# DJL 0.36.0, PyTorch engine 2.7.1: a picture of bytes that is resized with BICUBIC has white spots in the black and black ones in the white.
#
# Guessed: Resize and NDImageUtils.resize make of a UINT8 picture a UINT8 picture whose values are rounded and kept within 0 to 255, as
#          Pillow, OpenCV and ImageIO do. Cubic interpolation reaches beyond the values at an edge, so that keeping within matters.
# Seen:    the low byte is taken, of the value cut off: beside an edge -6 becomes 251 and 273 becomes 16. Of floats the values are as guessed
#          (-6, 273). BILINEAR cannot leave the range, and is cut off instead of rounded: 63.75 becomes 63, half a level darker on average.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'P'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>ai.djl.pytorch</groupId><artifactId>pytorch-engine</artifactId><version>0.36.0</version></dependency>
<dependency><groupId>ai.djl.pytorch</groupId><artifactId>pytorch-jni</artifactId><version>2.7.1-0.36.0</version></dependency>
<dependency><groupId>ai.djl.pytorch</groupId><artifactId>pytorch-native-cpu</artifactId><version>2.7.1</version><classifier>linux-x86_64</classifier></dependency>
<dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
</dependencies></project>
P
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib
cat > Main.java <<'J'
import ai.djl.modality.cv.Image.Interpolation;
import ai.djl.modality.cv.transform.Resize;
import ai.djl.ndarray.*;
import ai.djl.ndarray.types.*;
import java.util.Arrays;
public class Main {
    public static void main(String[] a) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray edge = manager.create(new int[] {0, 0, 0, 0, 255, 255, 255, 255}, new Shape(1, 8, 1)).repeat(2, 3);
            for (Interpolation interpolation : new Interpolation[] {Interpolation.BILINEAR, Interpolation.BICUBIC}) {
                for (DataType type : new DataType[] {DataType.FLOAT32, DataType.UINT8}) {
                    NDArray resized = new Resize(16, 1, interpolation).transform(edge.toType(type, true));
                    float[] row = resized.get("0, 4:12, 0").toType(DataType.FLOAT32, true).toFloatArray();
                    System.out.println(interpolation + " " + resized.getDataType() + " " + Arrays.toString(row));
                }
            }
        }
    }
}
J
DJL_CACHE_DIR="$work/cache" java -Dai.djl.offline=true -cp 'lib/*' Main.java | tee out
diff out - <<'J'
BILINEAR float32 [0.0, 0.0, 0.0, 63.75, 191.25, 255.0, 255.0, 255.0]
BILINEAR uint8 [0.0, 0.0, 0.0, 63.0, 191.0, 255.0, 255.0, 255.0]
BICUBIC float32 [0.0, -5.9765625, -17.929688, 51.796875, 203.20312, 272.9297, 260.97656, 255.0]
BICUBIC uint8 [0.0, 251.0, 239.0, 51.0, 203.0, 16.0, 4.0, 255.0]
J
echo 'as seen: values beyond a byte wrap around'
