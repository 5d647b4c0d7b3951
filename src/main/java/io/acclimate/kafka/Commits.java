package io.acclimate.kafka;

import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits transactions. After a timeout the broker may or may not have committed. Repeating the call is the only safe answer:
 * aborting and writing the records again could duplicate them. The producer's thread only.
 */
public final class Commits {
    private static final Logger LOG = LoggerFactory.getLogger(Commits.class);

    private Commits() {}

    /**
     * Commits the open transaction, and repeats the call until a broker answers.
     *
     * @param running false ends the repetition at the next timeout
     * @throws TimeoutException when the repetition has ended without an answer: the outcome is not known
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
                LOG.warn("the commit was not answered and is repeated: {}", e.getMessage());
            }
        }
    }
}
