package io.acclimate.adapt.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.adapt.domain.Round;
import io.acclimate.adapt.random.Effort;
import io.acclimate.adapt.settings.FreshnessSettings;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.ControlCommand;
import io.acclimate.telemetry.Meter;
import io.acclimate.wire.ControlCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Records of one partition, and the transaction that each of them becomes, without a broker. */
@Tag("slow")
class IntakeTest extends IntakeFixture {
    @Test
    void aMiniBatchIsLearntFromAndCommittedWithTheOffsetAfterIt() {
        intake().miniBatch(miniBatch(0, 17), partition);

        assertThat(events()).hasAtLeastOneElementOfType(AdaptationEvent.Trained.class);
        assertThat(committedOffsets(TOPICS.miniBatches())).containsExactly(18L);
        assertThat(producer.commitCount()).isOne();
        assertThat(partition.workers()).containsOnlyKeys(DOMAIN);
        assertThat(telemetry.total(Meter.SAMPLES_READ)).isEqualTo(8);
    }

    @Test
    void whatIsToldOfADomainLeavesWithItsPartition() {
        intake().miniBatch(miniBatch(0, 17), partition);
        assertThat(telemetry.total(Meter.LOSS)).isPositive();

        meters.left(OWN);

        assertThat(telemetry.total(Meter.LOSS)).isZero();
        assertThat(telemetry.total(Meter.SAMPLES_READ))
                .as("what happened stays")
                .isEqualTo(8);
    }

    @Test
    void aMiniBatchIsLearntFromWithLessEffortWhenItIsLateAndAnotherOneWaits() {
        waiting = true;
        clock.set(clock.instant().plus(Duration.ofMillis(1_500)));

        intake().miniBatch(miniBatch(0, 17), partition);

        assertThat(events())
                .filteredOn(AdaptationEvent.Trained.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(AdaptationEvent.Trained.class, trained -> {
                    assertThat(trained.halvings()).isEqualTo(4);
                    assertThat(trained.steps()).isEqualTo(2);
                });
        assertThat(telemetry.total(Meter.EFFORT)).isEqualTo(1 / 16.0);
    }

    @Test
    void aMiniBatchIsLearntFromWithLessEffortWhenAStepTakesTooLong() {
        freshness = new FreshnessSettings(Duration.ofNanos(2));
        Intake intake = intake();

        intake.miniBatch(miniBatch(0, 17), partition);
        intake.miniBatch(miniBatch(1, 18), partition);

        assertThat(events())
                .filteredOn(AdaptationEvent.Trained.class::isInstance)
                .map(each -> ((AdaptationEvent.Trained) each).halvings())
                .containsExactly(Effort.MOST_HALVINGS, Effort.MOST_HALVINGS);
    }

    @Test
    void aMiniBatchThatTheCheckpointHasLearntFromIsSkippedAndCommitted() {
        Intake intake = intake();
        intake.miniBatch(miniBatch(0, 17), partition);
        int before = events().size();

        intake.miniBatch(miniBatch(0, 18), partition);

        assertThat(events()).hasSize(before);
        assertThat(committedOffsets(TOPICS.miniBatches())).containsExactly(18L, 19L);
    }

    @Test
    void anUnreadableRecordBecomesADeadLetterInTheTransactionOfItsOffset() {
        intake().miniBatch(record(TOPICS.miniBatches(), OWN, 5, new byte[] {(byte) 0xff}), partition);

        assertThat(deadLetters()).hasSize(1);
        assertThat(committedOffsets(TOPICS.miniBatches())).containsExactly(6L);
        assertThat(partition.workers()).isEmpty();
        assertThat(telemetry.total(Meter.DEAD_LETTERS)).isOne();
    }

    @Test
    void aRecordWithoutAValueBecomesADeadLetter() {
        ConsumerRecord<byte[], byte[]> empty = new ConsumerRecord<>(TOPICS.modelControl(), OWN, 3, new byte[0], null);

        intake().control(empty, partition);

        assertThat(deadLetters()).hasSize(1);
        assertThat(committedOffsets(TOPICS.modelControl())).containsExactly(4L);
    }

    @Test
    void aRecordOnAnotherDomainsPartitionIsRefusedSoThatNoDomainHasTwoWorkers() {
        int wrong = (OWN + 1) % PARTITIONS;
        ConsumerRecord<byte[], byte[]> misplaced =
                record(TOPICS.miniBatches(), wrong, 5, miniBatch(0, 5).value());

        intake().miniBatch(misplaced, partition);

        assertThat(partition.workers()).isEmpty();
        assertThat(deadLetters()).singleElement().satisfies(letter -> assertThat(new String(
                        letter.headers()
                                .lastHeader(io.acclimate.wire.DeadLetters.MESSAGE)
                                .value(),
                        StandardCharsets.UTF_8))
                .contains("belong to partition " + OWN)
                .contains("on " + wrong));
    }

    @Test
    void aCommandIsAnsweredInTheTransactionOfItsOffset() {
        byte[] pause = new ControlCodec().encode(new ControlCommand.Pause("c-1", DOMAIN));

        intake().control(record(TOPICS.modelControl(), OWN, 8, pause), partition);

        assertThat(events()).singleElement().isInstanceOfSatisfying(AdaptationEvent.Controlled.class, answer -> {
            assertThat(answer.commandId()).isEqualTo("c-1");
            assertThat(answer.applied()).isTrue();
        });
        assertThat(committedOffsets(TOPICS.modelControl())).containsExactly(9L);
    }

    @Test
    void aPausedDomainIsScoredAndNotTrained() {
        Intake intake = intake();
        byte[] pause = new ControlCodec().encode(new ControlCommand.Pause("c-1", DOMAIN));
        intake.control(record(TOPICS.modelControl(), OWN, 8, pause), partition);

        intake.miniBatch(miniBatch(0, 17), partition);

        assertThat(events())
                .filteredOn(AdaptationEvent.Trained.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(AdaptationEvent.Trained.class, trained -> assertThat(trained.steps())
                        .isZero());
    }

    @Test
    void whatFailsBeforeTheCommitLeavesNothing() {
        hooks = new RoundHooks() {
            @Override
            public void written(Round round) {
                throw new IllegalStateException("killed");
            }
        };

        assertThatThrownBy(() -> intake().miniBatch(miniBatch(0, 17), partition))
                .hasMessage("killed");

        assertThat(producer.commitCount()).isZero();
        assertThat(producer.history()).isEmpty();
        assertThat(telemetry.total(Meter.SAMPLES_READ)).isZero();
    }

    @Test
    void savingWritesWhatASuccessorWouldTrainAgainAndNoOffset() {
        Intake intake = intake();
        intake.miniBatch(miniBatch(0, 17), partition);
        intake.miniBatch(miniBatch(1, 18), partition);
        long before = producer.commitCount();

        intake.save(partition);

        assertThat(producer.commitCount()).isEqualTo(before + 1);
        assertThat(committedOffsets(TOPICS.miniBatches())).containsExactly(18L, 19L);
    }

    /** The clock says that each round takes a second. */
    @Test
    void aMiniBatchIsLeftOutWhenThoseThatWaitWouldTakeTooLong() {
        freshness = new FreshnessSettings(Duration.ofMillis(100));
        waiting = true;
        waits = 60;
        hooks = new RoundHooks() {
            @Override
            public void trained(Round round) {
                clock.set(clock.instant().plusSeconds(1));
            }
        };
        clock.set(clock.instant().plus(Duration.ofMillis(1_500)));
        Intake intake = intake();
        for (int sequence = 0; sequence < 24; sequence++) {
            intake.miniBatch(miniBatch(sequence, sequence), partition);
        }

        List<AdaptationEvent> leftOut = events().stream()
                .filter(AdaptationEvent.LeftOut.class::isInstance)
                .toList();
        assertThat(leftOut)
                .as("nine of ten after 16 rounds")
                .hasSizeBetween(4, 8)
                .allSatisfy(each ->
                        assertThat(((AdaptationEvent.LeftOut) each).miniBatch()).isGreaterThanOrEqualTo(16));
        assertThat(committedOffsets(TOPICS.miniBatches())).endsWith(24L);
        assertThat(telemetry.total(Meter.SAMPLES_LEFT_OUT)).isEqualTo(8 * leftOut.size());
        assertThat(telemetry.total(Meter.SAMPLES_READ))
                .isEqualTo(telemetry.total(Meter.SAMPLES_TRAINED)
                        + telemetry.total(Meter.SAMPLES_HELD_OUT)
                        + telemetry.total(Meter.SAMPLES_LEFT_OUT))
                .isEqualTo(24 * 8);
    }
}
