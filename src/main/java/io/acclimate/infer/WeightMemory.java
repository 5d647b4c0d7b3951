package io.acclimate.infer;

import com.sun.jna.Memory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.slf4j.LoggerFactory;

/**
 * Room for the weights that a session is opened from, outside of the heap and in native byte order. It is needed for some milliseconds, and
 * closing gives it back to the system: a direct buffer is freed only when the collector finds its owner dead, which after a start may be
 * hours later, and of a ResNet-18 that is 45 MB. One thread.
 */
interface WeightMemory extends AutoCloseable {
    /** A cleared buffer of exactly the size that was asked for. Nobody may touch it after {@link #close()}. */
    FloatBuffer floats();

    @Override
    void close();

    /** Takes memory of the system, or a direct buffer where that cannot be asked for any. */
    static WeightMemory of(int floats) {
        return OfSystem.WORKS ? new OfSystem(floats) : new OfCollector(floats);
    }

    /** Allocated and freed by the C library. */
    final class OfSystem implements WeightMemory {
        private static final boolean WORKS = works();

        private final Memory memory;
        private final FloatBuffer floats;

        private OfSystem(int floats) {
            long bytes = Math.max(1, (long) Float.BYTES * floats);
            this.memory = new Memory(bytes);
            this.floats = memory.getByteBuffer(0, bytes)
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
        }

        private static boolean works() {
            try (Memory probe = new Memory(1)) {
                return probe.size() == 1;
            } catch (LinkageError e) {
                LoggerFactory.getLogger(WeightMemory.class)
                        .warn(
                                "memory of opened sessions is freed later than it could be: JNA does not work here, {}",
                                e.getMessage());
                return false;
            }
        }

        @Override
        public FloatBuffer floats() {
            return floats;
        }

        @Override
        public void close() {
            memory.close();
        }
    }

    /** Freed by the collector at some time. */
    final class OfCollector implements WeightMemory {
        private final FloatBuffer floats;

        OfCollector(int floats) {
            this.floats = ByteBuffer.allocateDirect(Math.multiplyExact(floats, Float.BYTES))
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
        }

        @Override
        public FloatBuffer floats() {
            return floats;
        }

        @Override
        public void close() {
            // The owner is dead when this is.
        }
    }
}
