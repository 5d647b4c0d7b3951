package io.acclimate.scratch;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Bytes in a file in the folder for temporary files, which is made when it is needed and which nobody else reads. A system that allows it
 * forgets the name at once, so that a killed process leaves nothing behind. A freed place is used again for bytes of the same length. A
 * random access file and not a channel, because an interrupt would close a channel. One thread.
 */
public final class ScratchFile implements AutoCloseable {
    private final String what;
    private final File folder;
    private final Map<Integer, Deque<Long>> free = new HashMap<>();
    private @Nullable RandomAccessFile file;
    private long end;
    private long used;

    public ScratchFile() {
        this("samples");
    }

    /** @param what the bytes are, in one word */
    public ScratchFile(String what) {
        this(what, new File(System.getProperty("java.io.tmpdir")));
    }

    /** @param what the bytes are, in one word */
    public ScratchFile(String what, File folder) {
        this.what = what;
        this.folder = folder;
    }

    /** Answers with the place of the bytes. */
    public long write(byte[] bytes) {
        Long freed = free.getOrDefault(bytes.length, new ArrayDeque<>()).poll();
        long place = freed == null ? end : freed;
        try {
            RandomAccessFile to = open();
            to.seek(place);
            to.write(bytes);
        } catch (IOException e) {
            if (freed != null) {
                free(place, bytes.length);
                used += bytes.length;
            }
            throw new UncheckedIOException(
                    what + " could not be written to a file in " + folder + ": " + e.getMessage(), e);
        }
        end = Math.max(end, place + bytes.length);
        used += bytes.length;
        return place;
    }

    /** The bytes that were written to a place. */
    public byte[] read(long place, int length) {
        byte[] bytes = new byte[length];
        try {
            RandomAccessFile from = open();
            from.seek(place);
            from.readFully(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(what + " could not be read back from their file: " + e.getMessage(), e);
        }
        return bytes;
    }

    /** Gives a place back. */
    public void free(long place, int length) {
        free.computeIfAbsent(length, each -> new ArrayDeque<>()).push(place);
        used -= length;
    }

    /** The bytes that are in use. */
    public long used() {
        return used;
    }

    private RandomAccessFile open() throws IOException {
        RandomAccessFile opened = file;
        if (opened == null) {
            File path = File.createTempFile("acclimate-" + what + "-", ".bin", folder);
            opened = new RandomAccessFile(path, "rw");
            if (!path.delete()) {
                path.deleteOnExit();
            }
            file = opened;
        }
        return opened;
    }

    @Override
    public void close() {
        RandomAccessFile opened = file;
        file = null;
        free.clear();
        end = 0;
        used = 0;
        if (opened != null) {
            try {
                opened.close();
            } catch (IOException e) {
                throw new UncheckedIOException("the file of " + what + " did not close: " + e.getMessage(), e);
            }
        }
    }
}
