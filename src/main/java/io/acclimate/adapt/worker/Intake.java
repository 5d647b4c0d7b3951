package io.acclimate.adapt.worker;

import io.acclimate.adapt.domain.Commands;
import io.acclimate.adapt.domain.DomainWorker;
import io.acclimate.adapt.domain.Round;
import io.acclimate.adapt.random.Effort;
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
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Hands a record to the worker of its domain and commits the result. Each record is one transaction: its effects and its offset
 * become visible together or not at all. A failure here concerns the record's partition. The worker's thread only.
 */
final class Intake {
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
        DomainWorker worker = owned(batch.domain(), record, partition);
        if (worker == null) {
            return;
        }
        if (!worker.expects(batch)) {
            transaction(record, partition, producer -> {});
            return;
        }
        Optional<Round> back = commands.guard(worker, batch);
        if (back.isPresent()) {
            ahead(record, partition, back.get(), worker);
            meters.committed(back.get());
        }
        Effort effort = freshness.effort(
                batch, clock.instant(), membership::waiting, each -> worker.expectedSteps(batch, each));
        Round round = worker.learn(batch, record.offset(), effort);
        freshness.spent(round.stepTimes());
        hooks.trained(round);
        commit(record, partition, round, worker);
        meters.chose(effort);
        meters.committed(batch, round, clock.instant());
        traces.committed(batch, coordinates(record), round, began);
    }

    void control(ConsumerRecord<byte[], byte[]> record, ActivePartition partition) {
        Optional<ControlCommand> read = read(record, partition, "a command", controls::decode);
        if (read.isEmpty()) {
            return;
        }
        ControlCommand command = read.get();
        DomainWorker worker = owned(command.domain(), record, partition);
        if (worker != null) {
            Round round = commands.apply(command, worker);
            commit(record, partition, round, worker);
            meters.committed(round);
        }
    }

    /** Saves what a successor would have to train again. */
    void save(ActivePartition partition) {
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

    private @Nullable DomainWorker owned(
            DomainId domain, ConsumerRecord<byte[], byte[]> record, ActivePartition partition) {
        int right = Partitions.ofDomain(domain, membership.partitions());
        if (right != record.partition()) {
            refuse(
                    record,
                    partition,
                    DeadLetterReason.UNREADABLE_RECORD,
                    "records of domain " + domain + " belong to partition " + right + ", this one stands on "
                            + record.partition());
            return null;
        }
        return partition.workers().computeIfAbsent(domain, domains::open);
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
        partition
                .outbox()
                .transaction(
                        writes,
                        Map.of(
                                new TopicPartition(record.topic(), record.partition()),
                                new OffsetAndMetadata(record.offset() + 1)),
                        membership.metadata());
    }

    private static Coordinates coordinates(ConsumerRecord<byte[], byte[]> record) {
        return new Coordinates(record.topic(), record.partition(), record.offset());
    }
}
