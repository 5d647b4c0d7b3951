package io.acclimate.app.offline;

import io.acclimate.core.FloatTensor;
import io.acclimate.infer.FeatureSession;
import io.acclimate.infer.SessionSettings;
import io.acclimate.onnx.PrefixGraph;
import io.acclimate.onnx.node.InvalidModelException;
import io.acclimate.train.PrefixRuntime;

/** Runs the frozen part of a model in ONNX Runtime. Each trainer has one session on one thread, so that a run repeats bit for bit. */
public final class OnnxRuntimePrefix implements PrefixRuntime {
    @Override
    public Features open(PrefixGraph prefix) throws InvalidModelException {
        FeatureSession session = FeatureSession.open(prefix, SessionSettings.defaults());
        return new Features() {
            @Override
            public FloatTensor of(FloatTensor batch) {
                return session.run(batch);
            }

            @Override
            public void close() {
                session.close();
            }
        };
    }
}
