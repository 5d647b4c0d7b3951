package io.acclimate.minibatch.state;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.Options;

/**
 * Keeps the index of served images small in memory. Each of its segments is a RocksDB of its own. By Kafka Streams' default each of
 * those may use 50 MB as a cache and 48 MB as write buffers, and the index is written often and read rarely.
 */
public final class ImageIndexMemory implements RocksDBConfigSetter {
    private static final long WRITE_BUFFER = 4 << 20;
    private static final int WRITE_BUFFERS = 2;

    @Override
    public void setConfig(String store, Options options, Map<String, Object> configs) {
        if (store.startsWith(ImageIndex.STORE)) {
            options.setWriteBufferSize(WRITE_BUFFER);
            options.setMaxWriteBufferNumber(WRITE_BUFFERS);
        }
    }

    @Override
    public void close(String store, Options options) {
        // setConfig opens nothing that would have to be closed.
    }
}
