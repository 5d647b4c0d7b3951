package io.acclimate.adapt.worker;

import io.acclimate.kafka.PartitionReader;
import io.acclimate.wire.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions that this instance owns, from the rebalance that gives them to the one that takes them.
 *
 * <p>A partition that is given is paused. When its outbox is open, its domains are restored between two polls and not inside the
 * rebalance callback: a restore may take longer than the group waits for a poll, so {@link #keepMembership} polls while it runs.
 *
 * <p>A failure that concerns one partition suspends that partition: its transaction is aborted, its workers are closed, the consumer
 * pauses it. Its next try goes back to its last commit and restores its domains, as after a restart. If the transaction had several
 * rounds, each of them is then committed by itself, so that one which cannot be written keeps back none before it. The other partitions are
 * processed meanwhile. Failures of the instance pass through. The worker's thread only.
 */
final class OwnedPartitions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OwnedPartitions.class);
    private static final Duration ANSWER = Duration.ofSeconds(15);
    /** The group waits 300 s for a poll. Short, so that a rebalance does not wait for a restore. */
    private static final Duration BEAT = Duration.ofSeconds(1);

    private final Consumer<byte[], byte[]> consumer;
    private final Topics topics;
    private final Restoring restoring;
    private final Outboxes outboxes;
    private final Failures failures;
    private final Meters meters;
    private final LongSupplier nanos;
    private final Map<Integer, PartitionState> states = new TreeMap<>();
    /** Of a partition whose last transaction failed, how many rounds that had. A partition that fails is made anew, so it is kept here. */
    private final Map<Integer, Integer> failedTogether = new HashMap<>();

    private long lastBeat;

    /** Restores the domains of a partition. */
    @FunctionalInterface
    interface Restoring {
        /**
         * Adds the partition's domains, each with a worker.
         *
         * @param keepMembership to be called often; what it throws ends the restore
         */
        void restore(ActivePartition into, PartitionReader.Pulse keepMembership);
    }

    /** Something that belongs to one partition, and whose failure suspends it. */
    @FunctionalInterface
    interface Work {
        void in(ActivePartition partition);
    }

    /** The group took the partition away during work in it. */
    static final class LostPartitionException extends RuntimeException {
        private static final long serialVersionUID = 1;

        LostPartitionException(int partition) {
            super("partition " + partition + " was given to another member while its domains were read or written");
        }
    }

    OwnedPartitions(
            Consumer<byte[], byte[]> consumer,
            Topics topics,
            Restoring restoring,
            Outboxes.Opener opener,
            Failures failures,
            Meters meters,
            LongSupplier nanos) {
        this.consumer = consumer;
        this.topics = topics;
        this.restoring = restoring;
        this.outboxes = new Outboxes(opener);
        this.failures = failures;
        this.meters = meters;
        this.nanos = nanos;
    }

    /** Takes what the group gives. To be called in the rebalance callback; waits for nothing. */
    void take(Collection<TopicPartition> given) {
        for (TopicPartition each : given) {
            if (each.topic().equals(topics.miniBatches()) && !states.containsKey(each.partition())) {
                states.put(each.partition(), new PartitionState.Opening(each.partition()));
                outboxes.begin(each.partition());
            }
        }
        pauseInactive();
        meters.suspended(suspensions().size());
    }

    /** Gives back what the group takes. To be called in the rebalance callback. */
    void drop(Collection<TopicPartition> lost) {
        for (TopicPartition each : lost) {
            if (states.remove(each.partition()) instanceof ActivePartition active) {
                active.close();
            }
            failedTogether.remove(each.partition());
            meters.left(each.partition());
            outboxes.giveUp(each.partition());
        }
        meters.suspended(suspensions().size());
    }

    /** Does {@code work} in a partition of this instance if it is active. */
    void attempt(int partition, Work work) {
        PartitionState state = states.get(partition);
        if (state == null) {
            throw new IllegalStateException("partition " + partition + " is not this worker's");
        }
        if (state instanceof ActivePartition active) {
            try {
                work.in(active);
            } catch (LostPartitionException e) {
                LOG.info("{}", e.getMessage());
                return;
            } catch (RuntimeException e) {
                failed(active, e);
                return;
            }
            passed(active);
        }
    }

    /** Does {@code work} in each active partition that {@code needs} it when it is its turn. Work that polls may lose the partitions after it. */
    void attemptEach(Predicate<ActivePartition> needs, Work work) {
        active().stream()
                .filter(each -> states.get(each.partition()) == each)
                .filter(needs)
                .forEach(each -> attempt(each.partition(), work));
    }

    /** The partitions whose records are processed, without those whose last failure may not be over. */
    List<ActivePartition> active() {
        return states.values().stream()
                .flatMap(state -> state instanceof ActivePartition active ? Stream.of(active) : Stream.empty())
                .filter(each -> each.trial().isEmpty())
                .toList();
    }

    /** To be called often by work in a partition that takes long; what it throws ends the work. */
    PartitionReader.Pulse pulse(ActivePartition partition) {
        lastBeat = nanos.getAsLong();
        return () -> keepMembership(partition);
    }

    /** All of this instance now, whatever their state. */
    Set<Integer> owned() {
        return Set.copyOf(states.keySet());
    }

    /** True when none is opening or suspended. */
    boolean areAllActive() {
        return states.values().stream().allMatch(ActivePartition.class::isInstance);
    }

    /** Those that the group has given and whose domains are not restored yet. */
    Set<Integer> opening() {
        return states.values().stream()
                .filter(PartitionState.Opening.class::isInstance)
                .map(PartitionState::partition)
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Makes one partition active, if one is ready for it: the others are polled before the next. To be called after a poll has said
     * what is still this instance's, because to open the outbox of another's partition would fence that one.
     */
    void advance() {
        for (PartitionState state : List.copyOf(states.values())) {
            if (state instanceof ActivePartition active) {
                if (active.trial().isPresent() && hasNothingToRead(active.partition())) {
                    passed(active);
                }
            } else if (!(state instanceof Suspension suspension) || suspension.isOver(nanos.getAsLong())) {
                outboxes.begin(state.partition());
                if (outboxes.isDone(state.partition())) {
                    activate(state);
                    return;
                }
            }
        }
    }

    /** Says which partitions are suspended, why, and what to do; empty when none is. */
    Optional<String> suspended() {
        List<Suspension> all = suspensions();
        return all.isEmpty()
                ? Optional.empty()
                : Optional.of(all.stream()
                        .map(each -> "partition " + each.partition() + " of " + topics.miniBatches()
                                + ", suspended alone and tried again within "
                                + Suspension.LONGEST.toSeconds() + " s: " + each.cause())
                        .collect(Collectors.joining("; ")));
    }

    private void activate(PartitionState from) {
        int partition = from.partition();
        Optional<Suspension> before =
                from instanceof Suspension suspension ? Optional.of(suspension) : Optional.empty();
        Outbox outbox;
        try {
            outbox = outboxes.take(partition);
        } catch (RuntimeException e) {
            if (Failures.isTimeout(e) && before.isPresent()) {
                suspend(before.get().retrySoon(failures.waitingFor(e), nanos.getAsLong()), before, e);
            } else {
                suspend(partition, before, e);
            }
            return;
        }
        ActivePartition active = new ActivePartition(partition, outbox, before);
        active.singly(failedTogether.getOrDefault(partition, 0));
        try {
            // The outbox is open, so a predecessor's transaction on these offsets is decided.
            Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.copyOf(both(partition)), ANSWER);
            lastBeat = nanos.getAsLong();
            restoring.restore(active, () -> keepMembership(from));
            states.put(partition, active);
            consumed(partition).forEach(each -> goBack(each, committed.get(each)));
            consumer.resume(consumed(partition));
        } catch (LostPartitionException e) {
            LOG.info("{}", e.getMessage());
            active.close();
        } catch (RuntimeException e) {
            if (Failures.isTimeout(e) || Failures.isOfInstance(e)) {
                active.close();
                throw e;
            }
            failed(active, e);
        }
    }

    /**
     * Polls during long work in a partition, with every partition paused: the group takes a member for dead that does not poll. The poll
     * may take partitions from this instance, or give it more.
     */
    private void keepMembership(PartitionState worked) {
        if (nanos.getAsLong() - lastBeat < BEAT.toNanos()) {
            return;
        }
        lastBeat = nanos.getAsLong();
        consumer.pause(consumer.assignment());
        try {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ZERO);
            if (!records.isEmpty()) {
                throw new IllegalStateException("every partition is paused, and the poll brought " + records.count()
                        + " records of " + records.partitions());
            }
        } finally {
            states.values().stream()
                    .filter(ActivePartition.class::isInstance)
                    .forEach(each -> consumer.resume(consumed(each.partition())));
        }
        if (states.get(worked.partition()) != worked) {
            throw new LostPartitionException(worked.partition());
        }
    }

    private void goBack(TopicPartition partition, @Nullable OffsetAndMetadata committed) {
        if (committed == null) {
            consumer.seekToBeginning(List.of(partition));
        } else {
            consumer.seek(partition, committed);
        }
    }

    private void failed(ActivePartition active, RuntimeException e) {
        if (Failures.isOfInstance(e)) {
            throw e;
        }
        RuntimeException last = endTransaction(active, e);
        active.close();
        meters.aborted();
        suspend(active.partition(), active.trial(), e);
        if (Failures.isTimeout(last)) {
            // Its transaction is not aborted, and its readers would wait for that through the pause.
            outboxes.begin(active.partition());
        }
    }

    /** Commits what was done before the failure, and returns what failed last: the failure, or that commit. */
    private RuntimeException endTransaction(ActivePartition active, RuntimeException e) {
        Outbox outbox = active.outbox();
        RuntimeException last = e;
        try {
            outbox.commitBefore(e, consumer.groupMetadata());
        } catch (RuntimeException another) {
            if (Failures.isOfInstance(another)) {
                throw another;
            }
            e.addSuppressed(another);
            last = another;
        }
        failedTogether.put(
                active.partition(), Math.max(active.singly(), outbox.held().size()));
        outbox.abort(last);
        return last;
    }

    private void suspend(int partition, Optional<Suspension> before, RuntimeException e) {
        if (Failures.isOfInstance(e)) {
            throw e;
        }
        String cause = failures.waitingFor(e);
        long now = nanos.getAsLong();
        suspend(
                before.map(last -> last.backOff(cause, now)).orElseGet(() -> Suspension.first(partition, cause, now)),
                before,
                e);
    }

    private void suspend(Suspension suspension, Optional<Suspension> before, RuntimeException e) {
        states.put(suspension.partition(), suspension);
        consumer.pause(consumed(suspension.partition()));
        meters.suspended(suspensions().size());
        if (before.filter(last -> last.cause().equals(suspension.cause())).isPresent()) {
            LOG.debug("partition {} fails again, next try in {}", suspension.partition(), suspension.pause());
        } else {
            LOG.warn(
                    "partition {} of {} is suspended and will be tried again; the others are processed: {}",
                    suspension.partition(),
                    topics.miniBatches(),
                    suspension.cause(),
                    e);
        }
    }

    private void passed(ActivePartition active) {
        if (active.trial().isPresent()) {
            active.passed();
            meters.suspended(suspensions().size());
            LOG.info("partition {} of {} is processed again", active.partition(), topics.miniBatches());
        }
    }

    /** A partition on trial counts as suspended until a commit shows that the try has succeeded. */
    private List<Suspension> suspensions() {
        return states.values().stream()
                .flatMap(state -> state instanceof Suspension suspension
                        ? Stream.of(suspension)
                        : state instanceof ActivePartition active ? active.trial().stream() : Stream.empty())
                .toList();
    }

    private void pauseInactive() {
        states.values().stream()
                .filter(each -> !(each instanceof ActivePartition))
                .forEach(each -> consumer.pause(consumed(each.partition())));
    }

    private boolean hasNothingToRead(int partition) {
        return consumed(partition).stream()
                .allMatch(each -> consumer.currentLag(each).orElse(1) == 0);
    }

    private List<TopicPartition> both(int partition) {
        return List.of(
                new TopicPartition(topics.miniBatches(), partition),
                new TopicPartition(topics.modelControl(), partition));
    }

    /** Those of both that the group has given already. */
    private List<TopicPartition> consumed(int partition) {
        return both(partition).stream().filter(consumer.assignment()::contains).toList();
    }

    /** Leaves an open transaction undecided: the next owner of the partition decides it. */
    @Override
    public void close() {
        states.forEach((partition, state) -> {
            if (state instanceof ActivePartition active) {
                active.close();
            }
            meters.left(partition);
        });
        states.clear();
        outboxes.close();
        meters.suspended(0);
    }
}
