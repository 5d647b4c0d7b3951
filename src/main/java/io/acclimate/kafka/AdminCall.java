package io.acclimate.kafka;

import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/** A request of Kafka's admin client that is waited for. */
@FunctionalInterface
interface AdminCall<T> {
    T run() throws InterruptedException, ExecutionException;

    /**
     * Runs the call on the caller's thread.
     *
     * @throws KafkaException with the cause of the failure, as what Kafka answered
     */
    static <T> T await(AdminCall<T> call) {
        try {
            return call.run();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw new KafkaException(String.valueOf(e.getCause()), e.getCause());
        }
    }
}
