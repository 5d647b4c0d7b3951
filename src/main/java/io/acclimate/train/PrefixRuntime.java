package io.acclimate.train;

import io.acclimate.core.FloatTensor;
import io.acclimate.onnx.PrefixGraph;
import io.acclimate.onnx.node.InvalidModelException;

/** Runs the frozen part of a model for a trainer, faster than the trainable graph could and with any operator it knows. */
@FunctionalInterface
public interface PrefixRuntime {
    /** The trainer closes what it gets. */
    Features open(PrefixGraph prefix) throws InvalidModelException;

    /** Where the weights of a step lie. Trainers that get the same memory make their steps one after another. */
    default StepMemory memory() {
        return new StepMemory();
    }

    /** A frozen part that is ready to run. For the thread of its trainer. */
    interface Features extends AutoCloseable {
        /** The frontier's value for rows of the model's input: the same bits each time for the same rows. */
        FloatTensor of(FloatTensor batch);

        @Override
        void close();
    }
}
