package io.acclimate.kafka;

import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits of transactions. After a timeout the broker may or may not have committed, and the same call again is the only safe one:
 * who aborts, and writes again, may have written twice.
 */
public final class Commits {
    private static final Logger LOG = LoggerFactory.getLogger(Commits.class);

    private Commits() {}

    /**
     * Commits the open transaction, as often as it takes.
     *
     * @param running false gives up at the next timeout
     * @throws TimeoutException when given up: the outcome is not known
     */
    public static void untilAnswered(Producer<?, ?> producer, BooleanSupplier running) {
        while (true) {
            try {
                producer.commitTransaction();
                return;
            } catch (TimeoutException e) {
                if (!running.getAsBoolean()) {
                    throw e;
                }
                LOG.warn("commit not answered, asking again: {}", e.getMessage());
            }
        }
    }
}
