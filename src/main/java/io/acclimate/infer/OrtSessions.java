package io.acclimate.infer;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates ONNX Runtime sessions and moves values in and out of them. */
final class OrtSessions {
    /**
     * A session keeps the memory of its largest run in an arena of its own. For rows of up to these bytes that memory is small and pays
     * off, because a run allocates many small blocks. For larger rows it was 500 MB in a session of a ResNet-18 at 224 x 224.
     */
    static final long KEPT_ROW_BYTES = 64 << 10;
    /** Each weight begins at a multiple of 64 bytes, as in memory that ONNX Runtime allocates. */
    private static final int ALIGNED_FLOATS = 16;

    /** The option that names the folder in which a model that is given as bytes has its files. */
    private static final String FOLDER = "session.model_external_initializers_file_folder_path";

    private static final Logger LOG = LoggerFactory.getLogger(OrtSessions.class);

    /** Said once in a process. */
    private static final AtomicBoolean TOLD = new AtomicBoolean();

    private OrtSessions() {}

    /**
     * Creates a session of a skeleton graph. The weights that the skeleton refers to are passed in memory, or in files if they are large. The
     * session has the same bits either way.
     *
     * @param row the shape of one row of its input
     * @param buffers gives memory for the weights until the session has its own copy of them
     */
    static OrtSession create(
            OrtEnvironment environment,
            byte[] skeleton,
            Map<String, FloatTensor> weights,
            SessionSettings settings,
            Shape row,
            InputBuffers buffers)
            throws OrtException {
        try (OrtSession.SessionOptions options = options(settings, row)) {
            if (WeightsOnDisk.pays(weights)) {
                try (WeightsOnDisk disk = buffers.onDisk(weights)) {
                    options.addConfigEntry(FOLDER, disk.folder().toString());
                    return environment.createSession(skeleton, options);
                } catch (IOException e) {
                    // A full disk is no reason to refuse a version.
                    if (!TOLD.getAndSet(true)) {
                        LOG.warn(
                                "the folder for temporary files cannot be written, so that each session takes the memory of the model's"
                                        + " weights once more while it is opened: {}",
                                e.toString());
                    }
                } catch (OrtException e) {
                    // What is wrong with the model is found again.
                    LOG.debug("weights are passed in memory instead of files: {}", e.getMessage());
                }
            }
        }
        try (WeightMemory memory = buffers.forWeights(weights.values().stream()
                        .mapToInt(each -> aligned(each.values().length))
                        .reduce(0, Math::addExact));
                OrtSession.SessionOptions options = options(settings, row)) {
            return create(environment, skeleton, weights, options, memory.floats());
        }
    }

    private static OrtSession.SessionOptions options(SessionSettings settings, Shape row) throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(settings.intraOpThreads());
        options.setInterOpNumThreads(1);
        options.addConfigEntry("session.intra_op.allow_spinning", "0");
        if (givesBack(settings.runMemory(), row)) {
            options.setCPUArenaAllocator(false);
            options.setMemoryPatternOptimization(false);
        }
        return options;
    }

    private static OrtSession create(
            OrtEnvironment environment,
            byte[] skeleton,
            Map<String, FloatTensor> weights,
            OrtSession.SessionOptions options,
            FloatBuffer all)
            throws OrtException {
        Map<String, OnnxTensorLike> tensors = new HashMap<>();
        try {
            for (Map.Entry<String, FloatTensor> weight : weights.entrySet()) {
                FloatTensor value = weight.getValue();
                int length = value.values().length;
                FloatBuffer buffer =
                        all.slice(all.position(), length).put(value.values()).flip();
                all.position(all.position() + aligned(length));
                tensors.put(weight.getKey(), OnnxTensor.createTensor(environment, buffer, extents(value.shape())));
            }
            if (!tensors.isEmpty()) {
                options.addExternalInitializers(tensors);
            }
            // The session copies the weights. Overwriting the memory afterwards changes no score, so it need not be
            // kept.
            return environment.createSession(skeleton, options);
        } finally {
            tensors.values().forEach(OnnxTensorLike::close);
        }
    }

    private static int aligned(int floats) {
        return Math.multiplyExact(Math.addExact(floats, ALIGNED_FLOATS - 1) / ALIGNED_FLOATS, ALIGNED_FLOATS);
    }

    private static boolean givesBack(SessionSettings.RunMemory memory, Shape row) {
        return switch (memory) {
            case KEPT -> false;
            case GIVEN_BACK -> Float.BYTES * row.elements() > KEPT_ROW_BYTES;
            case NEVER_KEPT -> true;
        };
    }

    static void read(OnnxTensor tensor, float[] into, int at, int count) {
        tensor.getByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer().get(into, at, count);
    }

    static long[] extents(Shape shape) {
        return shape.extents().stream().mapToLong(Integer::longValue).toArray();
    }
}
