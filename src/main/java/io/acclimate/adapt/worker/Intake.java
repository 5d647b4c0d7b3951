package io.acclimate.adapt.worker;

import io.acclimate.adapt.domain.Commands;
import io.acclimate.adapt.domain.DomainWorker;
import io.acclimate.adapt.domain.Round;
import io.acclimate.adapt.random.Effort;
import io.acclimate.adapt.retire.Headstone;
import io.acclimate.adapt.retire.Removal;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.ControlCommand;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.DomainId;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.Refusal;
import io.acclimate.wire.ControlCodec;
import io.acclimate.wire.MiniBatchCodec;
import io.acclimate.wire.Partitions;
import io.acclimate.wire.UnreadableRecordException;
import io.acclimate.wire.v1.Checkpoint;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;

/**
 * Hands a record to the worker of its domain and commits the result. The effects and the offset of a record become visible together or not
 * at all. A record is a transaction, unless the next mini-batch of its partition is at hand: a commit waits for brokers several times as
 * long as a small round takes, and with a thousand domains nearly all rounds are small. So rounds are held, whatever their domains, until
 * nothing follows, or the oldest has waited as long as it may, or they are many bytes. A round that publishes a version or lets one serve
 * waits for no other. The rounds themselves do not depend on how they are committed. A failure here concerns the record's partition. The worker's thread only.
 */
final class Intake {
    /** Of rounds with snapshots, which are the large ones. They are on the heap until they are committed. */
    private static final long MOST_HELD_BYTES = 16L * 1024 * 1024;

    private final RoundWriter writer;
    private final Commands commands;
    private final Domains domains;
    private final Membership membership;
    private final Meters meters;
    private final LabelTraces traces;
    private final RoundHooks hooks;
    private final Clock clock;
    private final Freshness freshness;
    private final MiniBatchCodec miniBatches = new MiniBatchCodec();
    private final ControlCodec controls = new ControlCodec();

    Intake(
            RoundWriter writer,
            Commands commands,
            Domains domains,
            Membership membership,
            Freshness freshness,
            Instruments instruments,
            Clock clock) {
        this.writer = writer;
        this.commands = commands;
        this.domains = domains;
        this.membership = membership;
        this.meters = instruments.meters();
        this.traces = new LabelTraces(instruments.telemetry().traces());
        this.hooks = instruments.hooks();
        this.clock = clock;
        this.freshness = freshness;
    }

    void miniBatch(ConsumerRecord<byte[], byte[]> record, ActivePartition partition) {
        Instant began = clock.instant();
        Optional<MiniBatch> read = read(record, partition, "a mini-batch", miniBatches::decode);
        if (read.isEmpty()) {
            return;
        }
        MiniBatch batch = read.get();
        if (isMisplaced(batch.domain(), record, partition)) {
            return;
        }
        if (partition
                .retired()
                .of(batch.domain())
                .filter(left -> left.coversMiniBatch(record.offset()))
                .isPresent()) {
            hold(record, partition, began, producer -> {}, 0, () -> {});
            return;
        }
        DomainWorker worker = worker(batch.domain(), partition);
        if (!worker.expects(batch)) {
            hold(record, partition, began, producer -> {}, 0, () -> {});
            return;
        }
        ToDoubleFunction<Effort> steps = each -> worker.expectedSteps(batch, each);
        boolean leftOut = freshness.leavesOut(batch, began, membership::waitAtLeast, steps);
        if (!leftOut) {
            guard(batch, worker, record, partition);
        }
        Effort effort =
                leftOut ? Effort.LEFT_OUT : freshness.effort(batch, clock.instant(), membership::waiting, steps);
        Round round = worker.learn(batch, record.offset(), effort);
        hooks.trained(round);
        freshness.spent(round.stepTimes());
        freshness.took(effort, Duration.between(began, clock.instant()), round.stepTimes());
        OptionalLong lostAt = worker.checkpoints().takenUpFrom();
        hold(
                record,
                partition,
                began,
                producer -> {
                    writer.write(producer, round, coordinates(record), worker.domain(), lostAt);
                    hooks.written(round);
                },
                record.value().length + bytes(round),
                () -> {
                    meters.chose(effort);
                    meters.committed(batch, round, clock.instant());
                    traces.committed(batch, coordinates(record), round, began);
                });
        if (round.published().isPresent() || round.activation().isPresent()) {
            commit(partition);
        }
    }

    private void guard(
            MiniBatch batch, DomainWorker worker, ConsumerRecord<byte[], byte[]> record, ActivePartition partition) {
        Optional<Round> back = commands.guard(worker, batch);
        if (back.isPresent()) {
            ahead(record, partition, back.get(), worker);
            meters.committed(back.get());
        }
    }

    /** Commits what is held of the partition. */
    void commit(ActivePartition partition) {
        partition.outbox().commit(membership.metadata());
    }

    /** Keeps what came of a record until others can be committed with it, if that is soon. */
    private void hold(
            ConsumerRecord<byte[], byte[]> record,
            ActivePartition partition,
            Instant began,
            Consumer<Producer<byte[], byte[]>> writes,
            long bytes,
            Runnable committed) {
        Instant now = clock.instant();
        partition.outbox().hold(new Outbox.Held(writes, upTo(record), now, bytes, committed));
        boolean singly = partition.singly() > 0;
        if (singly) {
            partition.singly(partition.singly() - 1);
        }
        // A commit, and nothing else, shows that a partition is well again.
        if (singly
                || partition.trial().isPresent()
                || !mayWait(partition.outbox().held(), now, Duration.between(began, now))
                || !membership.follows(partition.partition())) {
            commit(partition);
        }
    }

    /** @param next how long the next round may take: as long as this one */
    private boolean mayWait(List<Outbox.Held> held, Instant now, Duration next) {
        Duration waited = Duration.between(held.get(0).done(), now);
        return !waited.isNegative()
                && waited.plus(next).compareTo(freshness.patience()) < 0
                && held.stream().mapToLong(Outbox.Held::bytes).sum() < MOST_HELD_BYTES;
    }

    private static long bytes(Round round) {
        return round.saved() instanceof Round.Saved.Snapshot snapshot
                ? snapshot.whole().getSerializedSize()
                : 0;
    }

    void control(ConsumerRecord<byte[], byte[]> record, ActivePartition partition) {
        Optional<ControlCommand> read = read(record, partition, "a command", controls::decode);
        if (read.isEmpty()) {
            return;
        }
        ControlCommand command = read.get();
        if (isMisplaced(command.domain(), record, partition)) {
            return;
        }
        // A command reads the topic of versions, and must not find one that a held round removes.
        commit(partition);
        Optional<Headstone> left = partition.retired().of(command.domain());
        DomainWorker known = partition.workers().get(command.domain());
        if (left.isPresent()) {
            String why = "the domain was retired at " + left.get().at() + "; a mini-batch that comes begins it anew";
            refuse(commands.absent(command, why), record, partition);
        } else if (!(command instanceof ControlCommand.Retire retire)) {
            DomainWorker worker = worker(command.domain(), partition);
            Round round = commands.apply(command, worker);
            commit(record, partition, round, worker);
            meters.committed(round);
        } else if (known == null) {
            String why = "there is no domain " + command.domain() + ": it has had neither labels nor commands";
            refuse(commands.absent(command, why), record, partition);
        } else {
            retire(retire, known, record, partition);
        }
    }

    /** Removes all that is kept of a domain in one transaction, so a worker that is killed has done all of it or nothing. */
    private void retire(
            ControlCommand.Retire command,
            DomainWorker worker,
            ConsumerRecord<byte[], byte[]> record,
            ActivePartition partition) {
        Round round = commands.retire(command, worker, membership.end(partition.partition()));
        Checkpoint left = ((Round.Saved.Snapshot) round.saved()).whole();
        Removal removal = new Removal(writer.topics(), partition.partition(), new Headstone(command.domain(), left));
        partition.retired().sawParts(command.domain(), writer.parts(command.domain()));
        transaction(record, partition, producer -> {
            write(producer, record, round, worker);
            removal.write(producer, partition.retired(), partition.starts());
            hooks.written(round);
        });
        removal.committed(partition.retired(), partition.starts());
        partition.workers().remove(command.domain());
        worker.close();
        meters.committed(round);
        meters.retired(partition.partition(), command.domain());
    }

    private void refuse(
            AdaptationEvent.Controlled answer, ConsumerRecord<byte[], byte[]> record, ActivePartition partition) {
        transaction(record, partition, producer -> writer.answer(producer, answer, coordinates(record)));
    }

    /** Commits what is held, and saves what a successor would have to train again. */
    void save(ActivePartition partition) {
        commit(partition);
        partition
                .workers()
                .forEach((domain, worker) -> worker.checkpoints().stop().ifPresent(saved -> partition
                        .outbox()
                        .transaction(
                                producer -> writer.save(producer, saved, partition.partition(), domain),
                                Map.of(),
                                membership.metadata())));
    }

    /** Decodes the record, or writes it to the dead letters and returns nothing. */
    private <T> Optional<T> read(
            ConsumerRecord<byte[], byte[]> record,
            ActivePartition partition,
            String what,
            Function<byte[], T> decoder) {
        if (record.value() == null) {
            refuse(record, partition, DeadLetterReason.NULL_VALUE, what + " has a value");
            return Optional.empty();
        }
        try {
            return Optional.of(decoder.apply(record.value()));
        } catch (UnreadableRecordException e) {
            refuse(record, partition, DeadLetterReason.UNREADABLE_RECORD, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** True for a record of a domain of another partition, which is written to the dead letters. */
    private boolean isMisplaced(DomainId domain, ConsumerRecord<byte[], byte[]> record, ActivePartition partition) {
        int right = Partitions.ofDomain(domain, membership.partitions());
        if (right != record.partition()) {
            refuse(
                    record,
                    partition,
                    DeadLetterReason.UNREADABLE_RECORD,
                    "records of domain " + domain + " belong to partition " + right + ", this one stands on "
                            + record.partition());
        }
        return right != record.partition();
    }

    /** The worker of a domain, which may begin with this record, for the first time or anew. */
    private DomainWorker worker(DomainId domain, ActivePartition partition) {
        meters.owns(partition.partition(), domain);
        return partition.workers().computeIfAbsent(domain, absent -> {
            DomainWorker begun = domains.open(absent);
            partition.retired().take(absent).ifPresent(left -> begun.checkpoints()
                    .begin(left.left()));
            return begun;
        });
    }

    private void refuse(
            ConsumerRecord<byte[], byte[]> record, ActivePartition partition, DeadLetterReason reason, String message) {
        transaction(record, partition, producer -> writer.deadLetter(producer, record, new Refusal(reason, message)));
        meters.deadLetter(reason.name());
    }

    private void commit(
            ConsumerRecord<byte[], byte[]> record, ActivePartition partition, Round round, DomainWorker worker) {
        transaction(record, partition, producer -> {
            write(producer, record, round, worker);
            hooks.written(round);
        });
    }

    /** Commits a round that {@code record} led to before it is trained on, without the record's offset. */
    private void ahead(
            ConsumerRecord<byte[], byte[]> record, ActivePartition partition, Round round, DomainWorker worker) {
        partition
                .outbox()
                .transaction(producer -> write(producer, record, round, worker), Map.of(), membership.metadata());
    }

    private void write(
            Producer<byte[], byte[]> producer,
            ConsumerRecord<byte[], byte[]> record,
            Round round,
            DomainWorker worker) {
        writer.write(
                producer,
                round,
                coordinates(record),
                worker.domain(),
                worker.checkpoints().takenUpFrom());
    }

    private void transaction(
            ConsumerRecord<byte[], byte[]> record,
            ActivePartition partition,
            Consumer<Producer<byte[], byte[]>> writes) {
        partition.outbox().transaction(writes, upTo(record), membership.metadata());
    }

    private static Map<TopicPartition, OffsetAndMetadata> upTo(ConsumerRecord<byte[], byte[]> record) {
        return Map.of(
                new TopicPartition(record.topic(), record.partition()), new OffsetAndMetadata(record.offset() + 1));
    }

    private static Coordinates coordinates(ConsumerRecord<byte[], byte[]> record) {
        return new Coordinates(record.topic(), record.partition(), record.offset());
    }
}
