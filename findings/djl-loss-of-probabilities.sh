#!/usr/bin/env bash
# DJL 0.36.0, PyTorch engine 2.7.1: the binary cross-entropy of probabilities has the wrong sign.
#
# Guessed: with fromSigmoid, "whether the input is from the output of sigmoid", sigmoidBinaryCrossEntropyLoss answers of sigmoid(x) what it
#          answers of x without it: 1.3005 for the scores 0.5 and 2 with the labels 1 and 0.
# Seen:    -1.3005. There is no error, and a model whose last layer is a sigmoid is trained away from its labels: after 20 steps it has all
#          of 40 points wrong that lie on either side of 0, where the same model trained by its scores has all of them right.
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
import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.*;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.*;
import ai.djl.nn.core.Linear;
import ai.djl.training.*;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
public class Main {
    static Loss loss(boolean probabilities) {
        return Loss.sigmoidBinaryCrossEntropyLoss("loss", 1, probabilities);
    }
    static String trained(boolean probabilities) {
        var block = new SequentialBlock().add(Linear.builder().setUnits(1).build());
        if (probabilities) {
            block.add(Activation.sigmoidBlock());
        }
        var sgd = Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.5f)).build();
        var config = new DefaultTrainingConfig(loss(probabilities)).optOptimizer(sgd).optDevices(new Device[] {Device.cpu()})
                .optInitializer((manager, shape, type) -> manager.zeros(shape, type), parameter -> true);
        try (Model model = Model.newInstance("model"); NDManager manager = NDManager.newBaseManager()) {
            model.setBlock(block);
            try (Trainer trainer = model.newTrainer(config)) {
                trainer.initialize(new Shape(40, 1));
                NDArray x = manager.arange(-19.5f, 20f, 1f).div(10).reshape(40, 1);
                NDArray y = x.gt(0).toType(x.getDataType(), false);
                for (int step = 0; step < 20; step++) {
                    try (GradientCollector gradients = trainer.newGradientCollector()) {
                        gradients.backward(loss(probabilities).evaluate(new NDList(y), trainer.forward(new NDList(x))));
                    }
                    trainer.step();
                }
                NDArray found = trainer.evaluate(new NDList(x)).singletonOrThrow().gt(probabilities ? 0.5 : 0);
                return found.toType(x.getDataType(), false).eq(y).sum().getLong() + " of 40 right";
            }
        }
    }
    public static void main(String[] a) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray labels = manager.create(new float[] {1, 0});
            NDArray scores = manager.create(new float[] {0.5f, 2});
            System.out.printf("scores: %.4f, %s%n", loss(false).evaluate(new NDList(labels), new NDList(scores)).getFloat(), trained(false));
            NDArray probabilities = Activation.sigmoid(scores);
            System.out.printf("probabilities: %.4f, %s%n", loss(true).evaluate(new NDList(labels), new NDList(probabilities)).getFloat(), trained(true));
        }
    }
}
J
DJL_CACHE_DIR="$work/cache" java -Duser.language=en -Dai.djl.offline=true -cp 'lib/*' Main.java | tee out
diff out - <<'J'
scores: 1.3005, 40 of 40 right
probabilities: -1.3005, 0 of 40 right
J
echo 'as seen: the loss of probabilities is negative'
