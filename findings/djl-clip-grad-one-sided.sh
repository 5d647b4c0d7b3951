#!/usr/bin/env bash
# DJL 0.36.0 with its PyTorch engine 2.7.1: an optimizer's limit holds for positive gradients only.
#
# Guessed: optClipGrad(1) makes -1 of a gradient of -3, as its Javadoc says ("Clips the gradient to the range of [-clipGrad, clipGrad]").
# Seen:    3 becomes 1, and -3 stays -3, with Sgd and its momentum; in Adam and AdamW a gradient of 1000 counts as 1 and one of -1000 counts in full.
#          There is no error. The limit shifts every weight to one side instead of holding a training that diverges. Acclimate shrinks
#          all gradients of a step by their norm, in Java (`train.TrainedWeights`), and uses DJL's optimizers in one comparison only.
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
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.util.Locale;
import java.util.function.Function;
public class Main {
    static final Tracker RATE = Tracker.fixed(0.1f);
    /** A weight that began at 0, after a step for each gradient. */
    static String weight(Optimizer optimizer, float... gradients) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray weight = manager.zeros(new Shape(1));
            for (float gradient : gradients) {
                optimizer.update("w", weight, manager.create(new float[] {gradient}));
            }
            return String.format(Locale.ROOT, "%.4f", weight.getFloat(0));
        }
    }
    static void show(String what, Function<Float, Optimizer> of, float... gradients) {
        System.out.println(what + ": " + weight(of.apply(-1f), gradients) + ", limit 1: " + weight(of.apply(1f), gradients));
    }
    public static void main(String[] a) {
        Function<Float, Optimizer> sgd = limit -> Optimizer.sgd().setLearningRateTracker(RATE).optClipGrad(limit).build();
        Function<Float, Optimizer> momentum =
                limit -> Optimizer.sgd().setLearningRateTracker(RATE).optMomentum(0.9f).optClipGrad(limit).build();
        Function<Float, Optimizer> adam = limit -> Optimizer.adam().optLearningRateTracker(RATE).optClipGrad(limit).build();
        Function<Float, Optimizer> adamW =
                limit -> Optimizer.adamW().optLearningRateTracker(RATE).optWeightDecays(0).optClipGrad(limit).build();
        show("Sgd, 3", sgd, 3);
        show("Sgd, -3", sgd, -3);
        show("Sgd with momentum, 3", momentum, 3);
        show("Sgd with momentum, -3", momentum, -3);
        show("Adam, 1 1000 1 1 1", adam, 1, 1000, 1, 1, 1);
        show("Adam, -1 -1000 -1 -1 -1", adam, -1, -1000, -1, -1, -1);
        show("AdamW, 1 1000 1 1 1", adamW, 1, 1000, 1, 1, 1);
        show("AdamW, -1 -1000 -1 -1 -1", adamW, -1, -1000, -1, -1, -1);
    }
}
J
DJL_CACHE_DIR="$work/cache" java -Dai.djl.offline=true -cp 'lib/*' Main.java | tee out
diff out - <<'P'
Sgd, 3: -0.3000, limit 1: -0.1000
Sgd, -3: 0.3000, limit 1: 0.3000
Sgd with momentum, 3: -0.3000, limit 1: -0.1000
Sgd with momentum, -3: 0.3000, limit 1: 0.3000
Adam, 1 1000 1 1 1: -0.3194, limit 1: -0.5000
Adam, -1 -1000 -1 -1 -1: 0.3194, limit 1: 0.3194
AdamW, 1 1000 1 1 1: -0.3194, limit 1: -0.5000
AdamW, -1 -1000 -1 -1 -1: 0.3194, limit 1: 0.3194
P
echo 'as seen: negative gradients are not limited'
