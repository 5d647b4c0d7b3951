package io.acclimate.adapt.worker;

/**
 * A partition that this instance owns now, on {@code mini-batches} and on {@code model-control}. It is {@link Opening} after the
 * group has given it, then {@link ActivePartition}. A failure makes it a {@link Suspension}, which becomes active again by
 * the same way. Only an active one holds resources. The worker's thread only.
 */
sealed interface PartitionState permits PartitionState.Opening, ActivePartition, Suspension {
    int partition();

    /** Its producer is opened on another thread; its domains are restored after that. */
    record Opening(int partition) implements PartitionState {}
}
