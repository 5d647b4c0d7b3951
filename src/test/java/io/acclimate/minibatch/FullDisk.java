package io.acclimate.minibatch;

import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.Env;
import org.rocksdb.Options;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileManager;

/** A disk that is full for RocksDB while the switch is on: its files may take no more than some kilobytes then. */
public final class FullDisk implements RocksDBConfigSetter {
    static final AtomicBoolean FULL = new AtomicBoolean();
    private static final long ROOM = 16 << 10;

    @Override
    public void setConfig(String store, Options options, Map<String, Object> configs) {
        // Small buffers, so that what is written reaches the files at once.
        options.setWriteBufferSize(64 << 10);
        try {
            SstFileManager files = new SstFileManager(Env.getDefault());
            files.setMaxAllowedSpaceUsage(FULL.get() ? ROOM : 0);
            options.setSstFileManager(files);
        } catch (RocksDBException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close(String store, Options options) {
        // RocksDB frees the manager with the options.
    }
}
