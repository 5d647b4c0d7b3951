package io.acclimate.serve;

import io.acclimate.kafka.GroupMembership;
import io.acclimate.telemetry.Telemetry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;

/** One consumer, the output that its predictions go to, and the meters of both clients. One thread. */
final class WorkerSession implements AutoCloseable {
    private static final Duration CLOSE = Duration.ofSeconds(5);
    private static final String ROLE = "serve";

    private final Consumer<byte[], byte[]> consumer;
    private final Output output;
    /** The steps of {@link #close} in reverse order of opening, so that a client's meters are closed before the client. */
    private final Deque<Runnable> closers;

    private WorkerSession(Consumer<byte[], byte[]> consumer, Output output, Deque<Runnable> closers) {
        this.consumer = consumer;
        this.output = output;
        this.closers = closers;
    }

    /**
     * Opens both clients. If one cannot be opened, what was open before it is closed again.
     *
     * @param running false ends the retries of a commit that is not answered
     */
    static WorkerSession open(WorkerClients clients, Delivery delivery, BooleanSupplier running, Telemetry telemetry) {
        Deque<Runnable> closers = new ArrayDeque<>();
        try {
            Consumer<byte[], byte[]> consumer = clients.consumer();
            closers.push(() -> consumer.close(GroupMembership.leaving(CLOSE)));
            Producer<byte[], byte[]> producer = clients.producer();
            Output output = delivery == Delivery.EXACTLY_ONCE
                    ? new ExactlyOnceOutput(producer, running)
                    : new AtLeastOnceOutput(producer, consumer);
            closers.push(output::close);
            closers.push(telemetry.bindKafka(consumer, ROLE)::close);
            closers.push(telemetry.bindKafka(producer, ROLE)::close);
            return new WorkerSession(consumer, output, closers);
        } catch (RuntimeException e) {
            closeAll(closers, e);
            throw e;
        }
    }

    Consumer<byte[], byte[]> consumer() {
        return consumer;
    }

    Output output() {
        return output;
    }

    @Override
    public void close() {
        KafkaException failure = new KafkaException("a client of a worker did not close");
        closeAll(closers, failure);
        if (failure.getSuppressed().length > 0) {
            throw failure;
        }
    }

    /** Closes everything even if some of it fails, and adds each failure to {@code to}. */
    private static void closeAll(Deque<Runnable> closers, RuntimeException to) {
        while (!closers.isEmpty()) {
            try {
                closers.pop().run();
            } catch (RuntimeException e) {
                to.addSuppressed(e);
            }
        }
    }
}
