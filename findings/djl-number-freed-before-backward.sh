#!/usr/bin/env bash
# DJL 0.36.0 with its PyTorch engine 2.7.1: arithmetic with a number gives a wrong gradient when the garbage collector ran in between.
#
# Guessed: x.mul(3) under a GradientCollector is the same as x.mul(array of 3), so the gradient of its sum is 3.
# Seen:    PyTorch keeps the number's buffer for the gradient, and DJL lets go of it once mul has returned. A collection before backward frees
#          it, and what is written there afterwards becomes the gradient, without an error. Networks trained with it got noise now and then.
#          Acclimate holds each number as an array for the whole step (`train.operators.Scalars`; a test of the architecture keeps to it).
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
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
public class Main {
    static final int TRIES = 30;
    /** How many gradients of 3x, with respect to x, are not 3. */
    static int wrong(boolean held, boolean collected) throws Exception {
        int wrong = 0;
        for (int i = 0; i < TRIES; i++) {
            try (NDManager manager = NDManager.newBaseManager()) {
                NDArray x = manager.create(new float[] {1, 2});
                x.setRequiresGradient(true);
                try (var collector = Engine.getInstance().newGradientCollector()) {
                    NDArray y = held ? x.mul(manager.create(3f)) : x.mul(3f);
                    List<ByteBuffer> others = new ArrayList<>();
                    if (collected) {
                        System.gc();
                        Thread.sleep(20);
                        for (int k = 0; k < 2000; k++) {
                            others.add(ByteBuffer.allocateDirect(4).put(new byte[] {1, 2, 3, 4}));
                        }
                    }
                    collector.backward(y.sum());
                    float[] gradient = x.getGradient().toFloatArray();
                    wrong += gradient[0] == 3 && gradient[1] == 3 ? 0 : 1;
                    if (others.size() == 1) {
                        throw new IllegalStateException();
                    }
                }
            }
        }
        return wrong;
    }
    public static void main(String[] a) throws Exception {
        System.out.println("a number: " + (wrong(false, false) > 0 ? "some wrong" : "right"));
        System.out.println("an array, collected: " + (wrong(true, true) > 0 ? "some wrong" : "right"));
        int lost = wrong(false, true);
        System.err.println(lost + " of " + TRIES + " wrong");
        System.out.println("a number, collected: " + (lost > 0 ? "some wrong" : "right"));
    }
}
J
DJL_CACHE_DIR="$work/cache" java -Dai.djl.offline=true -cp 'lib/*' Main.java | tee out
diff out - <<'P'
a number: right
an array, collected: right
a number, collected: some wrong
P
echo 'as seen: the number is freed before backward'
