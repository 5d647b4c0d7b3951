package io.acclimate.adapt.worker;

import io.acclimate.adapt.domain.DomainWorker;
import io.acclimate.core.DomainId;
import io.acclimate.wire.Topics;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions that this instance owns. What fails in one of them suspends that one: its transaction is aborted, its workers are
 * thrown away, the consumer pauses it; at its next try it goes back to its last commit and its domains to their checkpoints, as after
 * a restart. The others go on. Failures of the instance pass through. The worker's thread only.
 */
final class Shares implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Shares.class);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Topics topics;
    private final Restorer restorer;
    private final IntFunction<Outbox> open;
    private final Function<DomainId, DomainWorker> fresh;
    private final Failures failures;
    private final Meters meters;
    private final Map<Integer, Share> shares = new TreeMap<>();

    /** @param open a partition's outbox; called on other threads */
    Shares(
            KafkaConsumer<byte[], byte[]> consumer,
            Topics topics,
            Restorer restorer,
            IntFunction<Outbox> open,
            Function<DomainId, DomainWorker> fresh,
            Failures failures,
            Meters meters) {
        this.consumer = consumer;
        this.topics = topics;
        this.restorer = restorer;
        this.open = open;
        this.fresh = fresh;
        this.failures = failures;
        this.meters = meters;
    }

    void take(Collection<TopicPartition> given) {
        List<Integer> added = given.stream()
                .filter(each -> each.topic().equals(topics.miniBatches()) && !shares.containsKey(each.partition()))
                .map(TopicPartition::partition)
                .sorted()
                .toList();
        try (Outboxes outboxes = new Outboxes(added, open)) {
            added.forEach(partition -> begin(partition, () -> outboxes.take(partition), Optional.empty()));
        }
        shares.values().stream()
                .filter(Suspension.class::isInstance)
                .forEach(each -> consumer.pause(consumed(each.partition())));
        meters.suspended(suspensions().size());
    }

    void drop(Collection<TopicPartition> lost) {
        for (TopicPartition each : lost) {
            Share share = shares.remove(each.partition());
            if (share != null) {
                share.close();
            }
        }
        meters.suspended(suspensions().size());
    }

    /** Does {@code work} in a partition of this instance, unless that is suspended. */
    void attempt(int partition, Consumer<Assignment> work) {
        Share share = shares.get(partition);
        if (share == null) {
            throw new IllegalStateException("partition " + partition + " is not this worker's");
        }
        if (share instanceof Assignment assignment) {
            try {
                work.accept(assignment);
            } catch (RuntimeException e) {
                failed(assignment, e);
                return;
            }
            passed(assignment);
        }
    }

    /** Those of this instance now, suspended or not. */
    Set<Integer> owned() {
        return Set.copyOf(shares.keySet());
    }

    /** Tries again what was suspended long enough. */
    void retry() {
        for (Share share : List.copyOf(shares.values())) {
            if (share instanceof Suspension suspension && suspension.isOver(System.nanoTime(), this::opening)) {
                try (suspension) {
                    begin(suspension.partition(), suspension::take, Optional.of(suspension));
                }
            } else if (share instanceof Assignment assignment
                    && assignment.trial().isPresent()
                    && hasNothingToRead(assignment.partition())) {
                passed(assignment);
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

    private interface Opening {
        Outbox outbox();
    }

    private void begin(int partition, Opening opening, Optional<Suspension> before) {
        Outbox outbox;
        try {
            outbox = opening.outbox();
        } catch (RuntimeException e) {
            if (Failures.isTimeout(e) && before.isPresent()) {
                suspend(before.get().again(failures.waitingFor(e), System.nanoTime()), before, e);
            } else {
                suspend(partition, before, e);
            }
            return;
        }
        Assignment assignment = new Assignment(partition, outbox, before);
        shares.put(partition, assignment);
        try {
            // Answers only when a predecessor's transaction on these offsets is decided.
            Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.copyOf(both(partition)));
            restorer.restore(partition, fresh, assignment);
            if (before.isPresent()) {
                consumed(partition).forEach(each -> goBack(each, committed.get(each)));
                consumer.resume(consumed(partition));
            }
        } catch (RuntimeException e) {
            if (Failures.isTimeout(e)) {
                throw e;
            }
            failed(assignment, e);
        }
    }

    private void goBack(TopicPartition partition, @Nullable OffsetAndMetadata committed) {
        if (committed == null) {
            consumer.seekToBeginning(List.of(partition));
        } else {
            consumer.seek(partition, committed);
        }
    }

    private void failed(Assignment assignment, RuntimeException e) {
        if (Failures.isOfInstance(e)) {
            throw e;
        }
        assignment.outbox().abort(e);
        assignment.close();
        meters.aborted();
        suspend(assignment.partition(), assignment.trial(), e);
        if (Failures.isTimeout(e) && shares.get(assignment.partition()) instanceof Suspension suspension) {
            // Its transaction is not aborted, and its readers would wait for that through the pause.
            suspension.open(this::opening);
        }
    }

    private Outboxes opening(List<Integer> partitions) {
        return new Outboxes(partitions, open);
    }

    private void suspend(int partition, Optional<Suspension> before, RuntimeException e) {
        if (Failures.isOfInstance(e)) {
            throw e;
        }
        String cause = failures.waitingFor(e);
        long now = System.nanoTime();
        suspend(
                before.map(last -> last.longer(cause, now)).orElseGet(() -> Suspension.first(partition, cause, now)),
                before,
                e);
    }

    private void suspend(Suspension suspension, Optional<Suspension> before, RuntimeException e) {
        shares.put(suspension.partition(), suspension);
        consumer.pause(consumed(suspension.partition()));
        meters.suspended(suspensions().size());
        if (before.filter(last -> last.cause().equals(suspension.cause())).isPresent()) {
            LOG.debug("partition {} fails again, next try in {}", suspension.partition(), suspension.pause());
        } else {
            LOG.warn(
                    "partition {} of {} is suspended, the others go on; it is tried again by itself: {}",
                    suspension.partition(),
                    topics.miniBatches(),
                    suspension.cause(),
                    e);
        }
    }

    private void passed(Assignment assignment) {
        if (assignment.trial().isPresent()) {
            assignment.passed();
            meters.suspended(suspensions().size());
            LOG.info("partition {} of {} goes on", assignment.partition(), topics.miniBatches());
        }
    }

    /** On trial counts as suspended: whether a try succeeds is known after it. */
    private List<Suspension> suspensions() {
        return shares.values().stream()
                .flatMap(share -> share instanceof Suspension suspension
                        ? Stream.of(suspension)
                        : ((Assignment) share).trial().stream())
                .toList();
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

    /** Of both, what the group has given already. */
    private List<TopicPartition> consumed(int partition) {
        return both(partition).stream().filter(consumer.assignment()::contains).toList();
    }

    /** Leaves an open transaction undecided: the next owner of the partition decides it. */
    @Override
    public void close() {
        shares.values().forEach(Share::close);
        shares.clear();
        meters.suspended(0);
    }
}
