package io.acclimate.adapt.prefix;

import io.acclimate.core.FloatTensor;
import io.acclimate.infer.FeatureSession;
import io.acclimate.infer.SessionSettings;
import io.acclimate.onnx.PrefixGraph;
import io.acclimate.onnx.node.InvalidModelException;
import io.acclimate.train.PrefixRuntime;
import io.acclimate.train.StepMemory;
import java.util.ArrayList;
import java.util.List;

/**
 * The frozen part of the base model in ONNX Runtime. All trainers with the same frozen part share one session, across domains, since
 * versions change only what comes after it. A session that no trainer uses is kept for the next one, until a session for another part is
 * opened. One intra-op thread, so that the features have the same bits each time. The worker's thread only.
 */
public final class Prefixes implements PrefixRuntime, AutoCloseable {
    private final List<Shared> sessions = new ArrayList<>();
    /** A trainer that is closed when its domain rests would leave its own to a collector that may not come for long. */
    private final StepMemory memory = new StepMemory();

    private static final class Shared {
        private final PrefixGraph prefix;
        private final FeatureSession session;
        private int users;

        Shared(PrefixGraph prefix) throws InvalidModelException {
            this.prefix = prefix;
            this.session =
                    FeatureSession.open(prefix, SessionSettings.defaults().givingBack());
        }

        boolean computes(PrefixGraph other) {
            return prefix.frontier().equals(other.frontier())
                    && prefix.weights().equals(other.weights());
        }
    }

    @Override
    public Features open(PrefixGraph prefix) throws InvalidModelException {
        Shared shared = null;
        for (Shared each : sessions) {
            shared = each.computes(prefix) ? each : shared;
        }
        if (shared == null) {
            sessions.stream().filter(each -> each.users == 0).forEach(each -> each.session.close());
            sessions.removeIf(each -> each.users == 0);
            shared = new Shared(prefix);
            sessions.add(shared);
        }
        shared.users++;
        return new Borrowed(shared);
    }

    @Override
    public StepMemory memory() {
        return memory;
    }

    public int open() {
        return sessions.size();
    }

    private static final class Borrowed implements Features {
        private final Shared shared;
        private boolean returned;

        Borrowed(Shared shared) {
            this.shared = shared;
        }

        @Override
        public FloatTensor of(FloatTensor batch) {
            return shared.session.run(batch);
        }

        @Override
        public void close() {
            if (!returned) {
                returned = true;
                shared.users--;
            }
        }
    }

    /** Must be called after all trainers are closed. */
    @Override
    public void close() {
        sessions.forEach(each -> each.session.close());
        sessions.clear();
    }
}
