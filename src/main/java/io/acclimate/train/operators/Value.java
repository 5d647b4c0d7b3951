package io.acclimate.train.operators;

import ai.djl.ndarray.NDArray;
import io.acclimate.onnx.node.ConstantTensor;
import java.util.List;

/** What flows along an edge of the graph: an array that may carry a gradient, or numbers known while the graph is walked. */
public sealed interface Value {
    record Dense(NDArray array) implements Value {}

    /** A value of a model that fixes its batch, run by run; {@code rows} of them together count. */
    record Parts(List<NDArray> arrays, long rows) implements Value {
        public Parts {
            arrays = List.copyOf(arrays);
        }
    }

    record Fixed(ConstantTensor tensor) implements Value {}
}
