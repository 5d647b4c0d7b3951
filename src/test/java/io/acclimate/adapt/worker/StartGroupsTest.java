package io.acclimate.adapt.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.adapt.starts.KeptStart;
import io.acclimate.kafka.CommitWatch;
import io.acclimate.kafka.PartitionReader;
import io.acclimate.wire.v1.StartSample;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Starts that are written in several groups of samples. */
class StartGroupsTest {
    private final OneDomainPartition one = new OneDomainPartition();

    @AfterEach
    void close() {
        one.close();
    }

    @Test
    void samplesAreWrittenInGroupsOfFewBytesAndOnlyTheLastTransactionMakesTheStartComplete() {
        one.groupBytes = 1;
        one.learn(3);

        one.run();

        assertThat(one.producer.commitCount())
                .as("three samples, the end, the pass")
                .isEqualTo(5);
        List<ProducerRecord<byte[], byte[]>> records = one.starts();
        assertThat(one.read(records).of(OneDomainPartition.DOMAIN))
                .isEqualTo(one.partition.starts().of(OneDomainPartition.DOMAIN))
                .singleElement()
                .satisfies(start -> assertThat(start.samples()).hasSize(3));
        assertThat(one.read(records.subList(0, records.size() - 2)).of(OneDomainPartition.DOMAIN))
                .as("without its last part and the pass")
                .isEmpty();
    }

    @Test
    void aLaterStartOfManyGroupsHasAllSamplesAgain() {
        one.groupBytes = 1;
        one.learn(3);
        one.run();
        one.written();
        one.learn(1);

        one.run();

        assertThat(one.written().stream().flatMap(part -> part.getSamplesList().stream()))
                .extracting(StartSample::getAt)
                .containsExactlyInAnyOrderElementsOf(one.references())
                .hasSize(4);
    }

    @Test
    void aWorkerThatIsKilledBetweenTwoGroupsLeavesTheStartBeforeAndItsSuccessorWritesTheWholeOne() {
        one.groupBytes = 1;
        one.learn(3);
        one.run();
        List<KeptStart> before = one.partition.starts().of(OneDomainPartition.DOMAIN);
        one.learn(2);
        AtomicInteger beats = new AtomicInteger();

        assertThatThrownBy(() -> one.passes(OneDomainPartition.KEEP).run(one.partition, one.learnt, () -> {
                    if (beats.incrementAndGet() == 3) {
                        throw new OwnedPartitions.LostPartitionException(0);
                    }
                }))
                .isInstanceOf(OwnedPartitions.LostPartitionException.class);

        List<ProducerRecord<byte[], byte[]>> left = one.starts();
        assertThat(one.written()).filteredOn(part -> part.getSlot() == 1).hasSize(3);
        assertThat(one.read(left).of(OneDomainPartition.DOMAIN)).isEqualTo(before);
        ActivePartition successor = new ActivePartition(
                0, new Outbox(one.producer, () -> true, new CommitWatch(), () -> {}), Optional.empty());
        successor.workers().put(OneDomainPartition.DOMAIN, one.worker);
        for (int i = 0; i < left.size(); i++) {
            successor.starts().add(OneDomainPartition.record(left.get(i), i));
        }
        one.passes(OneDomainPartition.KEEP).run(successor, one.learnt, PartitionReader.Pulse.NONE);
        assertThat(successor.starts().of(OneDomainPartition.DOMAIN)).hasSize(2);
        assertThat(successor.starts().of(OneDomainPartition.DOMAIN).get(0).slot())
                .isEqualTo(1);
        assertThat(one.read(one.starts()).of(OneDomainPartition.DOMAIN))
                .isEqualTo(successor.starts().of(OneDomainPartition.DOMAIN));
        assertThat(one.written().stream().flatMap(part -> part.getSamplesList().stream()))
                .extracting(StartSample::getAt)
                .containsExactlyInAnyOrderElementsOf(one.references());
        assertThat(one.deleted).as("before the pass that was complete").containsExactly(3L);
    }
}
