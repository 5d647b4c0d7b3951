package io.acclimate.minibatch;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.Options;

/**
 * Keeps the index of served images small in memory. Each of its segments is a RocksDB of its own, and by Kafka Streams' default each
 * of those may take 50 MB to cache and 48 MB to write; the index is written much and read little.
 */
public final class ImageIndexMemory implements RocksDBConfigSetter {
    private static final long WRITE_BUFFER = 4 << 20;
    private static final int WRITE_BUFFERS = 2;

    @Override
    public void setConfig(String store, Options options, Map<String, Object> configs) {
        if (store.startsWith(JoinTopology.IMAGE_STORE)) {
            options.setWriteBufferSize(WRITE_BUFFER);
            options.setMaxWriteBufferNumber(WRITE_BUFFERS);
        }
    }

    @Override
    public void close(String store, Options options) {
        // Nothing was made.
    }
}
