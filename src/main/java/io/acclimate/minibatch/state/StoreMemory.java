package io.acclimate.minibatch.state;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;

/**
 * Keeps the stores small in memory. Each task has a RocksDB for the buffers, one for their samples, one for labels that wait, and one for
 * each segment of the index of served images: with four partitions they are two dozen. By Kafka Streams' default each of them may use 50
 * MB as a cache and 48 MB as write buffers, beside the heap and told by no limit, and photographs fill these in a minute. What is read was
 * written a moment ago, so that a cache is of little use.
 *
 * <p>Rejected alternative: one cache for all of them, from which write buffers are taken too. A store that is written flushes its own few
 * records then, because idle stores have the memory.
 *
 * <p>Threads: an object for each store, called by the thread that opens and closes it.
 */
public final class StoreMemory implements RocksDBConfigSetter {
    private static final long WRITE_BUFFER = 4 << 20;
    private static final int WRITE_BUFFERS = 2;
    private static final long CACHE = 2 << 20;

    /** The most that a store has in memory while one of its write buffers is filled, and the other is empty. */
    public static final long BYTES = WRITE_BUFFER + CACHE;

    private @Nullable Cache cache;

    @Override
    public void setConfig(String store, Options options, Map<String, Object> configs) {
        options.setWriteBufferSize(WRITE_BUFFER);
        options.setMaxWriteBufferNumber(WRITE_BUFFERS);
        if (options.tableFormatConfig() instanceof BlockBasedTableConfig table) {
            Cache own = new LRUCache(CACHE);
            cache = own;
            options.setTableFormatConfig(table.setBlockCache(own));
        }
    }

    @Override
    public void close(String store, Options options) {
        Cache own = cache;
        cache = null;
        if (own != null) {
            own.close();
        }
    }
}
