package io.acclimate.app.bench;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;

/** Trains the network as a DJL user writes it: blocks, DJL's trainer, loss and SGD with momentum. Called by one thread. */
final class BenchDjl implements AutoCloseable {
    private static final Loss LOSS = Loss.softmaxCrossEntropyLoss();

    private final Model model;
    private final Trainer trainer;

    BenchDjl(BenchNetwork network, int rows, float rate, float momentum) {
        model = Model.newInstance(network.name(), Device.cpu(), "PyTorch");
        model.setBlock(network.block());
        trainer = model.newTrainer(new DefaultTrainingConfig(LOSS)
                .optDevices(new Device[] {Device.cpu()})
                .optOptimizer(Optimizer.sgd()
                        .setLearningRateTracker(Tracker.fixed(rate))
                        .optMomentum(momentum)
                        .build()));
        trainer.initialize(new Shape(rows, 3, 32, 32));
    }

    /** Makes one step and returns the loss. */
    float step(float[] inputs, int[] classes) {
        try (NDManager manager = trainer.getManager().newSubManager()) {
            NDArray batch = manager.create(inputs, new Shape(classes.length, 3, 32, 32));
            NDArray labels = manager.create(classes);
            NDArray loss;
            try (GradientCollector collector = trainer.newGradientCollector()) {
                loss = LOSS.evaluate(new NDList(labels), trainer.forward(new NDList(batch)));
                collector.backward(loss);
            }
            trainer.step();
            return loss.getFloat();
        }
    }

    @Override
    public void close() {
        trainer.close();
        model.close();
    }
}
