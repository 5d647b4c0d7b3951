package io.acclimate.registry;

import static io.acclimate.registry.VersionRecords.TOPICS;
import static io.acclimate.registry.VersionRecords.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.Coordinates;
import io.acclimate.core.Digest;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.Shape;
import io.acclimate.onnx.WeightDelta;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads a version of a large network in a heap that its weights fill most of. They are never in memory twice, as bytes and as numbers. */
class LargeVersionIT {
    private static final int TENSORS = 24;
    private static final int FLOATS = 1 << 19;
    /** The weights have 48 MB. Two tensors more, each as bytes in pieces and joined, and what the JVM needs for itself. */
    private static final String HEAP = "-Xmx80m";

    @TempDir
    Path folder;

    @Test
    void theChunksOfAVersionAreGivenUpWhileItsWeightsAreRead() throws Exception {
        Path file = folder.resolve("chunks");
        write(file);
        Path options = folder.resolve("args");
        Files.writeString(
                options,
                HEAP + "\n-XX:+UseSerialGC\n-XX:NewSize=8m\n-XX:MaxNewSize=8m\n-cp\n\""
                        + System.getProperty("java.class.path").replace("\\", "\\\\") + '"');
        Path log = folder.resolve("log");

        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@" + options,
                        Reader.class.getName(),
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            // A guard against a process that hangs; how fast the machine is must not decide.
            boolean ended = process.waitFor(10, TimeUnit.MINUTES);

            assertThat(ended).as(Files.readString(log)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(log)).isZero();
            assertThat(log).content().contains(TENSORS + " changed tensors");
        } finally {
            process.destroyForcibly();
        }
    }

    private static void write(Path file) throws IOException {
        Map<String, FloatTensor> tensors = new TreeMap<>();
        for (int i = 0; i < TENSORS; i++) {
            float[] values = new float[FLOATS];
            Arrays.fill(values, i);
            tensors.put("w" + i, FloatTensor.wrap(Shape.of(FLOATS), values));
        }
        byte[] delta = WeightDelta.of(tensors).toBytes();
        List<byte[]> chunks = VersionRecords.chunks(1, delta);
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
            out.writeUTF(Digest.of(delta).hex());
            out.writeInt(delta.length);
            out.writeInt(chunks.size());
            for (byte[] each : chunks) {
                out.writeInt(each.length);
                out.write(each);
            }
        }
    }

    /** The process. */
    static final class Reader {
        private Reader() {}

        public static void main(String[] args) throws IOException {
            try (DataInputStream in =
                    new DataInputStream(new BufferedInputStream(Files.newInputStream(Path.of(args[0]))))) {
                Digest digest = new Digest(in.readUTF());
                int bytes = in.readInt();
                int count = in.readInt();
                WeightChunks chunks = new WeightChunks(new ModelVersion(
                        id(1),
                        0,
                        Digest.of(new byte[] {1}),
                        List.of("boot", "bag"),
                        digest,
                        new Coordinates(TOPICS.modelWeights(), 0, 0),
                        count,
                        bytes,
                        VersionRecords.NOW,
                        Map.of()));
                for (int i = 0; i < count; i++) {
                    chunks.add(in.readNBytes(in.readInt())).ifPresent(fault -> {
                        throw new IllegalStateException(fault);
                    });
                }
                if (!(chunks.finish() instanceof Fetched.Weights whole)) {
                    throw new IllegalStateException("refused");
                }
                System.out.println(whole.delta());
            }
        }
    }
}
