package io.acclimate.adapt.worker;

import io.acclimate.adapt.domain.Commands;
import io.acclimate.adapt.domain.DomainWorker;
import io.acclimate.adapt.domain.Round;
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
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Takes a record to its domain's worker, and commits what that led to. Each record is one transaction: its effects and its offset
 * are there together or not at all. What fails here belongs to the record's partition. The worker's thread only.
 */
final class Intake {
    private final RoundWriter writer;
    private final Commands commands;
    private final Function<DomainId, DomainWorker> fresh;
    private final Supplier<ConsumerGroupMetadata> group;
    private final IntSupplier partitions;
    private final Meters meters;
    private final Clock clock;
    private final RoundHooks moments;
    private final MiniBatchCodec miniBatches = new MiniBatchCodec();
    private final ControlCodec controls = new ControlCodec();

    /**
     * @param group the membership now
     * @param partitions over which domains are spread
     */
    Intake(
            RoundWriter writer,
            Commands commands,
            Function<DomainId, DomainWorker> fresh,
            Supplier<ConsumerGroupMetadata> group,
            IntSupplier partitions,
            Meters meters,
            Clock clock,
            RoundHooks moments) {
        this.writer = writer;
        this.commands = commands;
        this.fresh = fresh;
        this.group = group;
        this.partitions = partitions;
        this.meters = meters;
        this.clock = clock;
        this.moments = moments;
    }

    void miniBatch(ConsumerRecord<byte[], byte[]> record, Assignment assignment) {
        Optional<MiniBatch> read = read(record, assignment, "a mini-batch", miniBatches::decode);
        if (read.isEmpty()) {
            return;
        }
        MiniBatch batch = read.get();
        DomainWorker worker = owned(batch.domain(), record, assignment);
        if (worker == null) {
            return;
        }
        if (!worker.expects(batch)) {
            transaction(record, assignment, producer -> {});
            return;
        }
        Optional<Round> back = commands.guard(worker, batch);
        if (back.isPresent()) {
            ahead(record, assignment, back.get(), batch.domain());
            meters.committed(back.get());
        }
        Round round = worker.learn(batch, record.offset());
        moments.trained(round);
        commit(record, assignment, round, batch.domain());
        meters.committed(batch, round, clock.instant());
    }

    void control(ConsumerRecord<byte[], byte[]> record, Assignment assignment) {
        Optional<ControlCommand> read = read(record, assignment, "a command", controls::decode);
        if (read.isEmpty()) {
            return;
        }
        ControlCommand command = read.get();
        DomainWorker worker = owned(command.domain(), record, assignment);
        if (worker != null) {
            Round round = commands.apply(command, worker);
            commit(record, assignment, round, command.domain());
            meters.committed(round);
        }
    }

    /** Writes what the domains' successors would have to train again. */
    void save(Assignment assignment) {
        assignment
                .workers()
                .forEach((domain, worker) -> worker.checkpoints().stop().ifPresent(saved -> assignment
                        .outbox()
                        .transaction(
                                producer -> writer.save(producer, saved, assignment.partition(), domain),
                                Map.of(),
                                group.get())));
    }

    /** Empty after a dead letter was written of it. */
    private <T> Optional<T> read(
            ConsumerRecord<byte[], byte[]> record, Assignment assignment, String what, Function<byte[], T> decoder) {
        if (record.value() == null) {
            refuse(record, assignment, DeadLetterReason.NULL_VALUE, what + " has a value");
            return Optional.empty();
        }
        try {
            return Optional.of(decoder.apply(record.value()));
        } catch (UnreadableRecordException e) {
            refuse(record, assignment, DeadLetterReason.UNREADABLE_RECORD, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private @Nullable DomainWorker owned(
            DomainId domain, ConsumerRecord<byte[], byte[]> record, Assignment assignment) {
        int right = Partitions.ofDomain(domain, partitions.getAsInt());
        if (right != record.partition()) {
            refuse(
                    record,
                    assignment,
                    DeadLetterReason.UNREADABLE_RECORD,
                    "records of domain " + domain + " belong to partition " + right + ", this one stands on "
                            + record.partition());
            return null;
        }
        return assignment.workers().computeIfAbsent(domain, fresh);
    }

    private void refuse(
            ConsumerRecord<byte[], byte[]> record, Assignment assignment, DeadLetterReason reason, String message) {
        transaction(record, assignment, producer -> writer.deadLetter(producer, record, new Refusal(reason, message)));
        meters.deadLetter(reason.name());
    }

    private void commit(ConsumerRecord<byte[], byte[]> record, Assignment assignment, Round round, DomainId domain) {
        transaction(record, assignment, producer -> {
            writer.write(producer, round, coordinates(record), domain);
            moments.written(round);
        });
    }

    /** Commits what {@code record} led to before it is learnt from: its offset stays. */
    private void ahead(ConsumerRecord<byte[], byte[]> record, Assignment assignment, Round round, DomainId domain) {
        assignment
                .outbox()
                .transaction(
                        producer -> writer.write(producer, round, coordinates(record), domain), Map.of(), group.get());
    }

    private void transaction(
            ConsumerRecord<byte[], byte[]> record, Assignment assignment, Consumer<Producer<byte[], byte[]>> writes) {
        assignment
                .outbox()
                .transaction(
                        writes,
                        Map.of(
                                new TopicPartition(record.topic(), record.partition()),
                                new OffsetAndMetadata(record.offset() + 1)),
                        group.get());
    }

    private static Coordinates coordinates(ConsumerRecord<byte[], byte[]> record) {
        return new Coordinates(record.topic(), record.partition(), record.offset());
    }
}
