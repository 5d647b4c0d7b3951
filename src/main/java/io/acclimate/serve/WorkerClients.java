package io.acclimate.serve;

import java.util.Collection;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;

/** Opens the Kafka clients of one worker. Called by the worker's thread, again after each failure that only new clients heal. */
interface WorkerClients {
    Consumer<byte[], byte[]> consumer();

    Producer<byte[], byte[]> producer();

    /**
     * Ends the transactions that a former owner of these image partitions left open. Otherwise nobody could read past them until
     * they time out.
     */
    void takeOver(Collection<TopicPartition> images);
}
