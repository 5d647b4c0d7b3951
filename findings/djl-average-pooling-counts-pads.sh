#!/usr/bin/env bash
# DJL 0.36.0, PyTorch engine 2.7.1: average pooling counts the padding, whatever it is told.
#
# Guessed: countIncludePad, "whether to include padding for calculations", does what torch's count_include_pad and ONNX's do: with false,
#          the average of ones is 1 everywhere; with true it is less at the borders.
# Seen:    with false it is as with true, for one, two and three axes: 0.67, 0.44 and 0.30 in the corners of a 3-wide window. ONNX's default
#          is not to count, so that a graph with a padded AveragePool is evaluated otherwise, without an error.
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
import ai.djl.ndarray.*;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.pooling.Pool;
public class Main {
    static Shape all(int axes, long size) {
        long[] sizes = new long[axes];
        java.util.Arrays.fill(sizes, size);
        return new Shape(sizes);
    }
    static NDArray pooled(NDManager manager, int axes, boolean count) {
        NDArray x = manager.ones(new Shape(1, 1).addAll(all(axes, 4)));
        return switch (axes) {
            case 1 -> Pool.avgPool1d(x, all(1, 3), all(1, 1), all(1, 1), false, count);
            case 2 -> Pool.avgPool2d(x, all(2, 3), all(2, 1), all(2, 1), false, count);
            default -> Pool.avgPool3d(x, all(3, 3), all(3, 1), all(3, 1), false, count);
        };
    }
    public static void main(String[] a) {
        try (NDManager manager = NDManager.newBaseManager()) {
            for (int axes = 1; axes <= 3; axes++) {
                for (boolean count : new boolean[] {true, false}) {
                    NDArray y = pooled(manager, axes, count);
                    System.out.printf("%d axes, countIncludePad %s: corner %.2f, middle %.2f%n", axes, count,
                            y.min().getFloat(), y.max().getFloat());
                }
            }
        }
    }
}
J
DJL_CACHE_DIR="$work/cache" java -Duser.language=en -Dai.djl.offline=true -cp 'lib/*' Main.java | tee out
diff out - <<'J'
1 axes, countIncludePad true: corner 0.67, middle 1.00
1 axes, countIncludePad false: corner 0.67, middle 1.00
2 axes, countIncludePad true: corner 0.44, middle 1.00
2 axes, countIncludePad false: corner 0.44, middle 1.00
3 axes, countIncludePad true: corner 0.30, middle 1.00
3 axes, countIncludePad false: corner 0.30, middle 1.00
J
echo 'as seen: padding is counted'
