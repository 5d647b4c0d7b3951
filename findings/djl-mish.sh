#!/usr/bin/env bash
# DJL 0.36.0 with its PyTorch engine 2.7.1: Activation.mish is not Mish.
#
# Guessed: Activation.mish(x) = x * tanh(ln(1 + e^x)) (Misra 2019), so 0.8651 at x = 1, as torch.nn.Mish answers.
# Seen:    0.9558 at x = 1, and at every point x * tanh(log2(1 + e^x)): the logarithm has base 2. Whoever evaluates an ONNX graph with a
#          Mish node through it gets wrong logits without an error. Acclimate composes Mish of softplus and tanh.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'X'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>ai.djl.pytorch</groupId><artifactId>pytorch-engine</artifactId><version>0.36.0</version></dependency>
<dependency><groupId>ai.djl.pytorch</groupId><artifactId>pytorch-jni</artifactId><version>2.7.1-0.36.0</version></dependency>
<dependency><groupId>ai.djl.pytorch</groupId><artifactId>pytorch-native-cpu</artifactId><version>2.7.1</version><classifier>linux-x86_64</classifier></dependency>
<dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
</dependencies></project>
X
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib
cat > Main.java <<'X'
import ai.djl.ndarray.*;
import ai.djl.nn.Activation;
import java.util.Locale;
public class Main {
    public static void main(String[] a) {
        try (NDManager manager = NDManager.newBaseManager()) {
            for (float x : new float[] {-2, -1, 1, 2}) {
                float djl = Activation.mish(manager.create(new float[] {x})).toFloatArray()[0];
                System.out.printf(Locale.ROOT, "%.0f: %.4f, Mish %.4f%n", x, djl, x * Math.tanh(Math.log1p(Math.exp(x))));
            }
        }
    }
}
X
DJL_CACHE_DIR="$work/cache" java -Dai.djl.offline=true -cp 'lib/*' Main.java | tee out
diff out - <<'X'
-2: -0.3622, Mish -0.2525
-1: -0.4235, Mish -0.3034
1: 0.9558, Mish 0.8651
2: 1.9914, Mish 1.9440
X
echo 'as seen: base 2 instead of base e'
