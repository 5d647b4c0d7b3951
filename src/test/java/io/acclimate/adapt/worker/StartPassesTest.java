package io.acclimate.adapt.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.DomainId;
import io.acclimate.kafka.PartitionReader;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.telemetry.Meter;
import io.acclimate.wire.StateCodec;
import io.acclimate.wire.v1.Checkpoint;
import io.acclimate.wire.v1.SampleRef;
import io.acclimate.wire.v1.StartPart;
import io.acclimate.wire.v1.StartPass;
import io.acclimate.wire.v1.StartSample;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a pass is due, what it deletes, and what it leaves behind when it fails. */
class StartPassesTest {
    private final OneDomainPartition one = new OneDomainPartition();

    @AfterEach
    void close() {
        one.close();
    }

    @Test
    void whatCameBeforeTheLastPassIsDeletedAndNotWhatCameSince() {
        one.learn(3);
        one.run();
        assertThat(one.deleted).isEmpty();
        one.learn(2);

        one.run();

        assertThat(one.deleted).containsExactly(3L);
        assertThat(one.partition.starts().pass().map(StartPass::getPosition)).contains(5L);
    }

    @Test
    void aStartHasEverySampleThatItsCheckpointRefersToAndStandsBesideThatCheckpoint() {
        one.learn(3);

        one.run();

        assertThat(one.producer.history())
                .extracting(each -> each.topic() + " " + new String(each.key(), StandardCharsets.UTF_8))
                .containsExactly(
                        "adaptation-state camera-1/0",
                        "adaptation-starts camera-1/0/0",
                        "adaptation-starts camera-1/0/1",
                        "adaptation-starts camera-1/0/2",
                        "adaptation-starts /pass");
        assertThat(one.written().stream().flatMap(part -> part.getSamplesList().stream()))
                .extracting(StartSample::getAt)
                .containsExactlyInAnyOrderElementsOf(one.references())
                .hasSize(3)
                .contains(SampleRef.newBuilder().setOffset(2).build());
    }

    @Test
    void aDomainThatHasNotChangedKeepsItsStartAndHoldsNothingUp() {
        one.learn(3);
        one.run();
        one.written();

        one.run(9);

        assertThat(one.written()).singleElement().matches(StartPart::hasPass);
        assertThat(one.deleted).containsExactly(3L);
    }

    @Test
    void withoutNewMiniBatchesThereIsNoPass() {
        one.learn(3);
        one.run();
        one.written();

        one.run();

        assertThat(one.written()).isEmpty();
        assertThat(one.deleted).isEmpty();
    }

    @Test
    void aPassIsDueWhenTheLastOneIsAsOldAsMiniBatchesAreKeptOrComesFromAClockThatWasTurnedBack() {
        assertThat(one.passes(OneDomainPartition.KEEP).isDue(one.partition))
                .as("without domains")
                .isFalse();
        one.learn(1);
        assertThat(one.passes(OneDomainPartition.KEEP).isDue(one.partition)).isTrue();
        assertThat(one.passes(Duration.ZERO).isDue(one.partition)).isFalse();
        one.run();
        one.clock.set(OneDomainPartition.TIME.plus(OneDomainPartition.KEEP).minusMillis(1));
        assertThat(one.passes(OneDomainPartition.KEEP).isDue(one.partition)).isFalse();

        one.clock.set(OneDomainPartition.TIME.plus(OneDomainPartition.KEEP));

        assertThat(one.passes(OneDomainPartition.KEEP).isDue(one.partition)).isTrue();
        one.clock.set(OneDomainPartition.TIME.minusMillis(1));
        assertThat(one.passes(OneDomainPartition.KEEP).isDue(one.partition)).isTrue();
    }

    @Test
    void aDeletionThatIsRefusedIsCountedAndTrainingContinues() {
        one.refuses = true;
        one.learn(3);
        one.run();
        one.learn(1);

        one.run();

        assertThat(one.telemetry.total(Meter.MINI_BATCH_DELETIONS, "refused")).isEqualTo(1);
        assertThat(one.partition.starts().pass().map(StartPass::getBefore)).contains(3L);
    }

    @Test
    void aStateThatContinuesFromTheActiveVersionIsWrittenBesideItsStartAndSaysWhatWasLost() {
        one.learn(3);
        Checkpoint reached = one.worker.checkpoints().whole();
        one.worker.checkpoints().adopt(reached, 3, WeightDelta.EMPTY);
        one.worker.checkpoints().takenUpFrom(1);

        one.run();

        StateCodec.Assembly assembly = new StateCodec.Assembly();
        one.producer.history().stream()
                .filter(each -> each.topic().equals(OneDomainPartition.TOPICS.adaptationState()))
                .forEach(each -> assembly.add(each.value()));
        assertThat(assembly.complete()).singleElement().satisfies(each -> {
            assertThat(each.snapshot().map(Checkpoint::getStateLostAt)).contains(1L);
            assertThat(each.snapshotGeneration()).isEqualTo(3);
        });
        one.learn(1);
        assertThat(one.worker.checkpoints().settle().map(each -> each.whole().hasStateLostAt()))
                .as("after a round that told it")
                .contains(false);
    }

    @Test
    void aPassThatFailsIsCountedAndNotDueAgainForSomeMinutes() {
        StartPasses passes = one.passes(OneDomainPartition.KEEP);
        one.learn(1);
        assertThat(passes.isDue(one.partition)).isTrue();

        assertThatThrownBy(() -> passes.run(one.partition, one.learnt, () -> {
                    throw new KafkaException("the broker one.refuses");
                }))
                .isInstanceOf(KafkaException.class);

        assertThat(one.telemetry.total(Meter.MINI_BATCH_DELETIONS, "refused")).isEqualTo(1);
        assertThat(passes.isDue(one.partition)).isFalse();
        one.clock.set(OneDomainPartition.TIME.plus(Duration.ofMinutes(5)));
        assertThat(passes.isDue(one.partition)).isTrue();
    }

    @Test
    void aPassWritesOneDomainAtATimeAndHasThePositionAtWhichItBegan() {
        StartPasses passes = one.passes(OneDomainPartition.KEEP);
        one.learn(2);
        one.partition.workers().put(new DomainId("camera-2"), one.domain("camera-2"));

        passes.run(one.partition, 2, PartitionReader.Pulse.NONE);

        assertThat(one.partition.starts().of(OneDomainPartition.DOMAIN)).hasSize(1);
        assertThat(one.partition.starts().pass()).isEmpty();
        passes.run(one.partition, 9, PartitionReader.Pulse.NONE);
        assertThat(one.partition.starts().of(new DomainId("camera-2"))).hasSize(1);
        assertThat(one.partition.starts().pass().map(StartPass::getPosition)).contains(2L);
    }
}
