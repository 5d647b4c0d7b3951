package io.acclimate.broker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A producer whose broker answers the first commits with a timeout; it notes how each transaction was ended. */
public final class SlowCommits extends MockProducer<byte[], byte[]> {
    private final List<String> calls = new ArrayList<>();
    private int timeouts;

    public SlowCommits(int timeouts) {
        super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        this.timeouts = timeouts;
    }

    /** {@code commit}, {@code abort} and {@code close}, in their order. */
    public List<String> calls() {
        return calls;
    }

    @Override
    public void commitTransaction() {
        calls.add("commit");
        if (timeouts-- > 0) {
            throw new TimeoutException("no answer");
        }
        super.commitTransaction();
    }

    @Override
    public void abortTransaction() {
        calls.add("abort");
        super.abortTransaction();
    }

    @Override
    public void close(Duration timeout) {
        calls.add("close");
        super.close(timeout);
    }
}
