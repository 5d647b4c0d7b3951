package io.acclimate.train;

import ai.djl.ndarray.NDArray;
import io.acclimate.onnx.ConstantTensor;

/** What flows along an edge of the graph: an array that may carry a gradient, or numbers known while the graph is walked. */
sealed interface Value {
    record Dense(NDArray array) implements Value {}

    record Fixed(ConstantTensor tensor) implements Value {}
}
