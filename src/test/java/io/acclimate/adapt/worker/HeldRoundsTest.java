package io.acclimate.adapt.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.settings.FreshnessSettings;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.Bytes;
import io.acclimate.core.ControlCommand;
import io.acclimate.core.Coordinates;
import io.acclimate.core.ImageId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.Payload;
import io.acclimate.core.VersionId;
import io.acclimate.registry.NoVersions;
import io.acclimate.telemetry.Meter;
import io.acclimate.wire.ControlCodec;
import io.acclimate.wire.MiniBatchCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which rounds of one partition are committed together, without a broker. */
@Tag("slow")
class HeldRoundsTest extends IntakeFixture {
    @Test
    void roundsOfSeveralDomainsAreOneTransactionInTheirOrderWhileOthersFollow() {
        follows = true;
        Intake intake = intake();
        intake.miniBatch(miniBatch(DOMAIN, 0, 17), partition);
        intake.miniBatch(miniBatch(NEIGHBOUR, 0, 18), partition);
        intake.miniBatch(miniBatch(DOMAIN, 0, 19), partition);
        intake.miniBatch(miniBatch(DOMAIN, 1, 20), partition);
        assertThat(producer.commitCount()).isZero();
        assertThat(telemetry.total(Meter.SAMPLES_READ)).isZero();
        follows = false;

        intake.miniBatch(miniBatch(NEIGHBOUR, 1, 21), partition);

        assertThat(producer.commitCount()).isOne();
        assertThat(committedOffsets(TOPICS.miniBatches())).containsExactly(22L);
        assertThat(events())
                .filteredOn(AdaptationEvent.Trained.class::isInstance)
                .extracting(AdaptationEvent::domain)
                .containsExactly(DOMAIN, NEIGHBOUR, DOMAIN, NEIGHBOUR);
        assertThat(telemetry.total(Meter.SAMPLES_READ)).isEqualTo(32);
    }

    @Test
    void aRoundThatHasWaitedLongIsCommittedAlthoughOthersFollow() {
        follows = true;
        Intake intake = intake();
        intake.miniBatch(miniBatch(0, 17), partition);
        clock.set(clock.instant().plus(freshness.target().dividedBy(14)));

        intake.miniBatch(miniBatch(1, 18), partition);

        assertThat(committedOffsets(TOPICS.miniBatches())).containsExactly(19L);
    }

    @Test
    void aRoundOfManyBytesIsCommittedAlthoughOthersFollow() {
        follows = true;
        LabelledSample large = new LabelledSample(
                new ImageId("large"),
                0,
                "",
                new Payload(Bytes.wrap(new byte[17 << 20]), Optional.empty()),
                new Coordinates("labels", 0, 1),
                AdaptFixture.TIME);
        MiniBatch batch = new MiniBatch(
                DOMAIN, 0, MiniBatch.FlushCause.COUNT, List.of(large), AdaptFixture.TIME, AdaptFixture.TIME);

        intake().miniBatch(record(TOPICS.miniBatches(), OWN, 17, new MiniBatchCodec().encode(batch)), partition);

        assertThat(deadLetters()).hasSize(1);
        assertThat(committedOffsets(TOPICS.miniBatches())).containsExactly(18L);
    }

    @Test
    void withoutATargetOfFreshnessEachRoundIsATransaction() {
        follows = true;
        freshness = FreshnessSettings.NONE;

        intake().miniBatch(miniBatch(0, 17), partition);

        assertThat(committedOffsets(TOPICS.miniBatches())).containsExactly(18L);
    }

    @Test
    void roundsOfATransactionThatFailedAreCommittedOneByOne() {
        follows = true;
        partition.singly(2);
        Intake intake = intake();

        intake.miniBatch(miniBatch(0, 17), partition);
        intake.miniBatch(miniBatch(1, 18), partition);
        intake.miniBatch(miniBatch(2, 19), partition);

        assertThat(committedOffsets(TOPICS.miniBatches())).containsExactly(18L, 19L);
        assertThat(partition.outbox().held()).hasSize(1);
    }

    @Test
    void aCommandIsCommittedAtOnceAndLooksForItsVersionWhenTheRoundsBeforeItAreCommitted() {
        follows = true;
        List<Long> committedWhenRead = new ArrayList<>();
        versions = new NoVersions() {
            @Override
            public Optional<ModelVersion> find(VersionId id) {
                committedWhenRead.addAll(committedOffsets(TOPICS.miniBatches()));
                return super.find(id);
            }
        };
        Intake intake = intake();
        intake.miniBatch(miniBatch(0, 17), partition);
        byte[] activate = new ControlCodec().encode(new ControlCommand.Activate("c-1", DOMAIN, 4));

        intake.control(record(TOPICS.modelControl(), OWN, 8, activate), partition);

        assertThat(committedWhenRead)
                .as("a round may remove the version that the command names")
                .containsExactly(18L);
        assertThat(committedOffsets(TOPICS.modelControl())).containsExactly(9L);
        assertThat(events()).last().isInstanceOf(AdaptationEvent.Controlled.class);
    }
}
