package io.acclimate.train;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import io.acclimate.train.kernels.ConvolutionCheck;
import io.acclimate.train.kernels.KernelChoice;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The PyTorch engine of this process. One intra-op thread on purpose: small batches ran 8 to 25 times slower with the default.
 * {@code ai.djl.pytorch.num_threads} overrides it; results may then differ in their last bits between runs.
 */
final class TorchEngine {
    private static final String NAME = "PyTorch";

    /** Held while a gradient is collected: the engine allows one collector per process. */
    static final ReentrantLock GRADIENTS = new ReentrantLock(true);

    static {
        for (String property : new String[] {"ai.djl.pytorch.num_threads", "ai.djl.pytorch.num_interop_threads"}) {
            if (System.getProperty(property) == null) {
                System.setProperty(property, "1");
            }
        }
        if (System.getProperty("ai.djl.offline") == null) {
            System.setProperty("ai.djl.offline", "true");
        }
        KernelChoice.apply();
    }

    /** Found out once for the process. */
    private static final class Checked {
        static final Optional<String> FAULT = check();

        private static Optional<String> check() {
            GRADIENTS.lock();
            try (NDManager manager = newManager()) {
                return ConvolutionCheck.fault(engine(), manager);
            } finally {
                GRADIENTS.unlock();
            }
        }
    }

    private TorchEngine() {}

    /** Why nothing can be trained on this machine, with the way out; empty when the engine's convolutions are right. */
    static Optional<String> fault() {
        return Checked.FAULT;
    }

    static Engine engine() {
        return Engine.getEngine(NAME);
    }

    static NDManager newManager() {
        return NDManager.newBaseManager(Device.cpu(), NAME);
    }
}
