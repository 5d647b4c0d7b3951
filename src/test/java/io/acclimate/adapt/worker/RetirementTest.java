package io.acclimate.adapt.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.starts.KeptStart;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.ControlCommand;
import io.acclimate.core.DomainId;
import io.acclimate.telemetry.Meter;
import io.acclimate.wire.ControlCodec;
import io.acclimate.wire.Partitions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** A domain is retired: what comes before and after, and what is written. */
class RetirementTest extends IntakeFixture {
    private final Intake intake = intake();

    private void retire(long offset) {
        send(new ControlCommand.Retire("c-" + offset, DOMAIN, ""), offset);
    }

    private void send(ControlCommand command, long offset) {
        intake.control(record(TOPICS.modelControl(), OWN, offset, new ControlCodec().encode(command)), partition);
    }

    private List<AdaptationEvent.Controlled> answers() {
        return events().stream()
                .filter(AdaptationEvent.Controlled.class::isInstance)
                .map(AdaptationEvent.Controlled.class::cast)
                .toList();
    }

    private long trained(DomainId domain) {
        return events().stream()
                .filter(each -> each.domain().equals(domain))
                .filter(AdaptationEvent.Trained.class::isInstance)
                .count();
    }

    @Test
    void aMiniBatchThatWasThereBeforeGoesWithTheDomainAndALaterOneBeginsItAnew() {
        intake.miniBatch(miniBatch(0, 17), partition);
        end = 20;
        retire(3);
        assertThat(partition.workers()).isEmpty();

        intake.miniBatch(miniBatch(1, 18), partition);
        intake.miniBatch(miniBatch(2, 19), partition);
        assertThat(partition.workers()).isEmpty();
        assertThat(trained(DOMAIN)).isOne();
        assertThat(committedOffsets(TOPICS.miniBatches())).containsExactly(18L, 19L, 20L);

        intake.miniBatch(miniBatch(3, 20), partition);
        assertThat(partition.workers()).containsOnlyKeys(DOMAIN);
        assertThat(trained(DOMAIN)).isEqualTo(2);
    }

    @Test
    void aDomainThatNobodyKnowsIsNotBegunByTheCommandThatWouldRetireIt() {
        retire(3);
        retire(4);

        assertThat(partition.workers()).isEmpty();
        assertThat(answers())
                .extracting(AdaptationEvent.Controlled::message)
                .containsOnly("there is no domain camera-1: it has had neither labels nor commands");
        assertThat(answers()).noneMatch(AdaptationEvent.Controlled::applied).hasSize(2);
        assertThat(ids()).doesNotHaveDuplicates();
        assertThat(committedOffsets(TOPICS.modelControl())).containsExactly(4L, 5L);
        assertThat(written(TOPICS.adaptationState())).isEmpty();
    }

    @Test
    void noCommandBeginsARetiredDomainAnew() {
        intake.miniBatch(miniBatch(0, 17), partition);
        retire(3);

        send(new ControlCommand.Pause("c-4", DOMAIN), 4);
        retire(5);

        assertThat(partition.workers()).isEmpty();
        assertThat(answers()).extracting(AdaptationEvent.Controlled::applied).containsExactly(true, false, false);
        assertThat(answers().get(2).message())
                .isEqualTo("the domain was retired at 2026-01-01T00:00:00Z; a mini-batch that comes begins it anew");
        assertThat(ids()).doesNotHaveDuplicates();
    }

    @Test
    void everyRecordOfStateAndStartsIsRemovedOneOfASnapshotThatHadMorePartsIncluded() {
        intake.miniBatch(miniBatch(0, 17), partition);
        partition.retired().sawParts(DOMAIN, 3);
        partition.starts().put(new KeptStart(DOMAIN, 1, 0, List.of(1L), List.of(2L, 3L)));
        partition.starts().put(new KeptStart(DOMAIN, 1, 1, List.of(4L), List.of()));

        retire(3);

        Map<String, Boolean> last = new java.util.TreeMap<>();
        List.of(TOPICS.adaptationState(), TOPICS.adaptationStarts()).forEach(topic -> written(topic)
                .forEach(each ->
                        last.put(topic + " " + new String(each.key(), StandardCharsets.UTF_8), each.value() != null)));
        assertThat(last)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "adaptation-state camera-1/0", true,
                        "adaptation-state camera-1/1", false,
                        "adaptation-state camera-1/2", false,
                        "adaptation-state camera-1/progress", false,
                        "adaptation-starts camera-1/0/0", true,
                        "adaptation-starts camera-1/0/1", true,
                        "adaptation-starts camera-1/0/2", false,
                        "adaptation-starts camera-1/1/0", false));
        assertThat(producer.commitCount()).isEqualTo(2);
        assertThat(partition.starts().of(DOMAIN)).singleElement().satisfies(start -> assertThat(start.samples())
                .isEmpty());
    }

    @Test
    void nothingIsToldOfItAnyMoreAndTheNeighbourIsStillToldOf() {
        intake.miniBatch(miniBatch(0, 17), partition);
        intake.miniBatch(miniBatch(NEIGHBOUR, 0, 18), partition);
        double both = telemetry.total(Meter.LOSS, DOMAIN.value());
        assertThat(both).isPositive();

        retire(3);

        assertThat(telemetry.total(Meter.LOSS, DOMAIN.value())).isZero();
        assertThat(telemetry.total(Meter.LOSS, NEIGHBOUR.value())).isPositive();
        assertThat(partition.workers()).containsOnlyKeys(NEIGHBOUR);
    }

    @Test
    void aFailureBeforeTheCommitLeavesTheDomainAsItIs() {
        intake.miniBatch(miniBatch(0, 17), partition);
        producer.commitTransactionException = new org.apache.kafka.common.KafkaException("the test fails it");

        org.assertj.core.api.Assertions.assertThatThrownBy(() -> retire(3)).hasMessageContaining("the test fails it");

        assertThat(partition.workers()).containsOnlyKeys(DOMAIN);
        assertThat(partition.retired().of(DOMAIN)).isEmpty();
    }

    @Test
    void aCommandOnAnotherDomainsPartitionIsRefused() {
        DomainId other = IntStream.range(0, 100)
                .mapToObj(each -> new DomainId("other-" + each))
                .filter(each -> Partitions.ofDomain(each, PARTITIONS) != OWN)
                .findFirst()
                .orElseThrow();

        send(new ControlCommand.Retire("c-1", other, ""), 3);

        assertThat(deadLetters()).hasSize(1);
    }

    private List<ProducerRecord<byte[], byte[]>> written(String topic) {
        return producer.history().stream()
                .filter(each -> each.topic().equals(topic))
                .toList();
    }

    private List<String> ids() {
        return written(TOPICS.adaptationEvents()).stream()
                .map(each -> new String(each.headers().lastHeader("ce_id").value(), StandardCharsets.UTF_8))
                .toList();
    }
}
