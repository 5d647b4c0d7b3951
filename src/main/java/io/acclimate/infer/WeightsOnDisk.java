package io.acclimate.infer;

import io.acclimate.core.FloatTensor;
import io.acclimate.onnx.node.WeightFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;

/**
 * The weights of a large network in a file of their own while a session is opened, which reads them tensor by tensor. From memory, all of
 * them would be there once more at the worst moment, when the session has what it was given and what it made of that: 45 MB of a ResNet-18,
 * beside a session that serves. The file is gone before the system writes it to a disk. A process that is killed while it opens a session leaves it
 * in the folder for temporary files. One thread.
 */
final class WeightsOnDisk implements AutoCloseable {
    /** Of less, a copy in memory is no matter. */
    static final long LARGE_BYTES = 8L << 20;

    private static final int PIECE = 1 << 18;

    /** What writes weights to a file. */
    @FunctionalInterface
    interface Writer {
        WeightsOnDisk write(Map<String, FloatTensor> weights) throws IOException;
    }

    private final Path folder;
    private final Path file;

    private WeightsOnDisk(Path folder) {
        this.folder = folder;
        this.file = folder.resolve(WeightFile.NAME);
    }

    static boolean pays(Map<String, FloatTensor> weights) {
        return weights.values().stream()
                        .mapToLong(each -> (long) Float.BYTES * each.values().length)
                        .sum()
                >= LARGE_BYTES;
    }

    static WeightsOnDisk write(Map<String, FloatTensor> weights) throws IOException {
        WeightsOnDisk made = new WeightsOnDisk(Files.createTempDirectory("acclimate-session-"));
        try {
            made.writeAll(weights);
            return made;
        } catch (IOException | RuntimeException e) {
            made.close();
            throw e;
        }
    }

    private void writeAll(Map<String, FloatTensor> weights) throws IOException {
        SortedMap<String, Long> places = WeightFile.places(elements(weights));
        ByteBuffer piece = ByteBuffer.allocate(PIECE * Float.BYTES).order(ByteOrder.nativeOrder());
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (Map.Entry<String, Long> place : places.entrySet()) {
                out.position(place.getValue());
                FloatTensor tensor = weights.get(place.getKey());
                float[] values = tensor == null ? new float[0] : tensor.values();
                for (int from = 0; from < values.length; from += PIECE) {
                    int count = Math.min(PIECE, values.length - from);
                    piece.clear().limit(count * Float.BYTES);
                    piece.asFloatBuffer().put(values, from, count);
                    while (piece.hasRemaining()) {
                        out.write(piece);
                    }
                }
            }
        }
    }

    private static Map<String, Long> elements(Map<String, FloatTensor> weights) {
        Map<String, Long> elements = new HashMap<>();
        weights.forEach((name, tensor) -> elements.put(name, (long) tensor.values().length));
        return elements;
    }

    Path folder() {
        return folder;
    }

    /** What the session still reads of the file stays readable to it. */
    @Override
    public void close() {
        for (Path each : new Path[] {file, folder}) {
            try {
                Files.deleteIfExists(each);
            } catch (IOException e) {
                each.toFile().deleteOnExit();
            }
        }
    }
}
