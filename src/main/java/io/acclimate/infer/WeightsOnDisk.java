package io.acclimate.infer;

import io.acclimate.core.FloatTensor;
import io.acclimate.onnx.node.WeightFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The weights of a large network in files while a session is opened, which reads them tensor by tensor. From memory, all of
 * them would be there once more at the worst moment, when the session has what it was given and what it made of that: 45 MB of a ResNet-18,
 * beside a session that serves. The files are deleted as soon as the session is open. What the session reads in place it has mapped into memory, and
 * such a file keeps its room until the session is closed, for which reason each weight has a file of its own. What a process leaves that is killed
 * while it opens a session, the next one deletes. One thread.
 */
final class WeightsOnDisk implements AutoCloseable {
    /** Of less, a copy in memory is no matter. */
    static final long LARGE_BYTES = 8L << 20;

    private static final int PIECE = 1 << 18;
    private static final String PREFIX = "acclimate-session-";
    /** With the process that made it. */
    private static final Pattern FOLDER = Pattern.compile(PREFIX + "([0-9]{1,18})-.*");

    /** Done once, before the first folder of this process: one of its number is of a process before it, as in a container that starts again. */
    private static final class Left {
        static final long SELF = ProcessHandle.current().pid();

        static {
            deleteLeft(
                    Path.of(System.getProperty("java.io.tmpdir")),
                    process -> process != SELF && ProcessHandle.of(process).isPresent());
        }

        private Left() {}
    }

    /** What writes weights to files. */
    @FunctionalInterface
    interface Writer {
        WeightsOnDisk write(Map<String, FloatTensor> weights) throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(WeightsOnDisk.class);

    private final Path folder;
    private final List<Path> files = new ArrayList<>();

    private WeightsOnDisk(Path folder) {
        this.folder = folder;
    }

    static boolean pays(Map<String, FloatTensor> weights) {
        return weights.values().stream()
                        .mapToLong(each -> (long) Float.BYTES * each.values().length)
                        .sum()
                >= LARGE_BYTES;
    }

    static WeightsOnDisk write(Map<String, FloatTensor> weights) throws IOException {
        WeightsOnDisk made = new WeightsOnDisk(Files.createTempDirectory(PREFIX + Left.SELF + "-"));
        try {
            made.writeAll(weights);
            return made;
        } catch (IOException | RuntimeException e) {
            made.close();
            throw e;
        }
    }

    private void writeAll(Map<String, FloatTensor> weights) throws IOException {
        Map<String, String> names = WeightFile.names(weights.keySet());
        ByteBuffer piece = ByteBuffer.allocate(PIECE * Float.BYTES).order(ByteOrder.nativeOrder());
        for (Map.Entry<String, FloatTensor> each : weights.entrySet()) {
            Path file = folder.resolve(String.valueOf(names.get(each.getKey())));
            files.add(file);
            write(each.getValue().values(), file, piece);
        }
    }

    private static void write(float[] values, Path file, ByteBuffer piece) throws IOException {
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
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

    /**
     * Deletes the folders of processes that are gone. What cannot be deleted is another user's, or deleted by another process. Containers that
     * share the parent do not see each other's processes: a session that loses its files while it is opened gets its weights from memory.
     *
     * @param lives whether there is a process of this number
     */
    static void deleteLeft(Path parent, LongPredicate lives) {
        for (Path each : list(parent)) {
            Matcher name = FOLDER.matcher(String.valueOf(each.getFileName()));
            if (name.matches()
                    && !lives.test(Long.parseLong(name.group(1)))
                    && Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
                list(each).forEach(WeightsOnDisk::tryDelete);
                tryDelete(each);
            }
        }
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("{} cannot be listed: {}", folder, e.getMessage());
            return List.of();
        }
    }

    private static void tryDelete(Path each) {
        try {
            Files.deleteIfExists(each);
        } catch (IOException e) {
            LOG.debug("{} cannot be deleted: {}", each, e.getMessage());
        }
    }

    Path folder() {
        return folder;
    }

    /** What the session still reads of the files stays readable to it. */
    @Override
    public void close() {
        files.forEach(WeightsOnDisk::delete);
        delete(folder);
    }

    private static void delete(Path each) {
        try {
            Files.deleteIfExists(each);
        } catch (IOException e) {
            each.toFile().deleteOnExit();
        }
    }
}
