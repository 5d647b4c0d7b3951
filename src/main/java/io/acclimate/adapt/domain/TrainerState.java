package io.acclimate.adapt.domain;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.core.FloatTensor;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.train.Trainer;
import io.acclimate.wire.v1.Checkpoint;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Saves a trainer's weights, average and optimiser state in a checkpoint, and restores them. The worker's thread only. */
final class TrainerState {
    private static final Logger LOG = LoggerFactory.getLogger(TrainerState.class);

    private TrainerState() {}

    static void save(Trainer trainer, Checkpoint.Builder checkpoint) {
        if (trainer.steps() > 0) {
            checkpoint
                    .setWeights(trained(trainer, trainer.weights()))
                    .setAverage(trained(trainer, trainer.average()))
                    .setOptimizer(bytes(trainer.optimizerState()));
        }
    }

    /** Only the tensors in training: the others are the active version's. */
    private static ByteString trained(Trainer trainer, WeightDelta all) {
        SortedMap<String, FloatTensor> tensors = new TreeMap<>(all.tensors());
        tensors.keySet().retainAll(trainer.trainable());
        return bytes(WeightDelta.of(tensors));
    }

    private static ByteString bytes(WeightDelta delta) {
        return UnsafeByteOperations.unsafeWrap(delta.toBytes());
    }

    /**
     * Restores a trainer that was opened with the active version. When the checkpoint was written with another choice of trainable
     * tensors, the trainer stays as it is.
     */
    static void restore(Trainer trainer, Checkpoint checkpoint) {
        if (checkpoint.getOptimizerSteps() == 0) {
            return;
        }
        WeightDelta weights = WeightDelta.parse(checkpoint.getWeights());
        if (!weights.tensors().keySet().equals(trainer.trainable())) {
            LOG.warn(
                    "{}: the checkpoint trains {} tensors and the settings name {}; training continues from the active version {}",
                    checkpoint.getDomain(),
                    weights.tensors().size(),
                    trainer.trainable().size(),
                    checkpoint.getActiveVersion());
            return;
        }
        trainer.restore(
                weights,
                WeightDelta.parse(checkpoint.getAverage()),
                WeightDelta.parse(checkpoint.getOptimizer()),
                checkpoint.getOptimizerSteps());
    }

    /** A 64-bit hash of weights, average and optimiser state: equal for equal bits. */
    static long fingerprint(Trainer trainer) {
        long hash = 0;
        for (WeightDelta each : new WeightDelta[] {trainer.weights(), trainer.average(), trainer.optimizerState()}) {
            for (var tensor : each.tensors().entrySet()) {
                hash = SplitMix64.mix(31 * hash + tensor.getKey().hashCode());
                hash = SplitMix64.mix(31 * hash + tensor.getValue().hashCode());
            }
        }
        return hash;
    }
}
