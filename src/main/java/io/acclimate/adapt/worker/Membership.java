package io.acclimate.adapt.worker;

import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;

/** The worker's place in its group, as it is now, and whether more is to be done there. The worker's thread only. */
interface Membership {
    /** What a transaction needs to commit offsets of the group. */
    ConsumerGroupMetadata metadata();

    /** Partitions over which domains are spread, those of other members included. */
    int partitions();

    /** True when more mini-batches wait than the one in work. */
    boolean waiting();
}
