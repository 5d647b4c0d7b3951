#!/usr/bin/env bash
# DJL 0.36.0, PyTorch engine 2.7.1: CenterCrop leaves a side as it is that is one pixel too long.
#
# Guessed: CenterCrop(224, 224), "crops the image to a given size from center", makes 224 x 224 of every picture that is at least so large,
#          CenterFit likewise, and CenterCrop() the largest square.
# Seen:    of 225 x 225 it makes 225 x 225, of 226 and of 300 what was guessed, and 225 x 300 (height, width) becomes 225 x 224. So does
#          CenterFit, and CenterCrop() leaves 225 x 224 as it is. A set of pictures of mixed sizes fails to stack at one of them, or a
#          model without a fixed size takes it in another one than it was trained with.
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
import ai.djl.modality.cv.transform.*;
import ai.djl.ndarray.*;
import ai.djl.ndarray.types.*;
import ai.djl.translate.Transform;
public class Main {
    public static void main(String[] a) {
        try (NDManager manager = NDManager.newBaseManager()) {
            int[][] sizes = {{224, 224}, {225, 225}, {226, 226}, {300, 300}, {225, 300}, {225, 224}};
            for (int[] size : sizes) {
                NDArray picture = manager.zeros(new Shape(size[0], size[1], 3), DataType.UINT8);
                Transform[] transforms = {new CenterCrop(224, 224), new CenterFit(224, 224), new CenterCrop()};
                StringBuilder line = new StringBuilder(picture.getShape() + ":");
                for (Transform transform : transforms) {
                    line.append(' ').append(transform.transform(picture).getShape());
                }
                System.out.println(line);
            }
        }
    }
}
J
DJL_CACHE_DIR="$work/cache" java -Dai.djl.offline=true -cp 'lib/*' Main.java | tee out
diff out - <<'J'
(224, 224, 3): (224, 224, 3) (224, 224, 3) (224, 224, 3)
(225, 225, 3): (225, 225, 3) (225, 225, 3) (225, 225, 3)
(226, 226, 3): (224, 224, 3) (224, 224, 3) (226, 226, 3)
(300, 300, 3): (224, 224, 3) (224, 224, 3) (300, 300, 3)
(225, 300, 3): (225, 224, 3) (225, 224, 3) (225, 225, 3)
(225, 224, 3): (225, 224, 3) (225, 224, 3) (225, 224, 3)
J
echo 'as seen: one pixel is left'
