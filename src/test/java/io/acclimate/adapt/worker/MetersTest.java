package io.acclimate.adapt.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.domain.Round;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.DomainId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.MiniBatch;
import io.acclimate.dataset.Bundled;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.v1.Checkpoint;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MetersTest {
    @Test
    void aDomainThatBeginsAfreshIsCounted() {
        Round round = new Round(
                List.of(new AdaptationEvent.Reset(DomainId.DEFAULT, AdaptFixture.TIME, 7, 3, "no proof")),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                new Round.Saved.Snapshot(Checkpoint.getDefaultInstance(), 1),
                List.of());
        try (Telemetry telemetry = Telemetry.inMemory()) {
            new Meters(telemetry).committed(round);
            assertThat(telemetry.total(Meter.RESETS, "default")).isEqualTo(1);
        }
    }

    @Test
    void fault24LabelsFromBeforeTheClockWentBackAreCountedWithoutADelay() {
        List<LabelledSample> samples =
                List.of(AdaptFixture.sample(Bundled.targetTest(), 0), AdaptFixture.sample(Bundled.targetTest(), 1));
        MiniBatch batch = new MiniBatch(
                DomainId.DEFAULT, 0, MiniBatch.FlushCause.TIME, samples, AdaptFixture.TIME, AdaptFixture.TIME);
        Round nothing = new Round(
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                new Round.Saved.Snapshot(Checkpoint.getDefaultInstance(), 1),
                List.of());
        try (Telemetry telemetry = Telemetry.inMemory()) {
            new Meters(telemetry).committed(batch, nothing, AdaptFixture.TIME.minus(Duration.ofDays(1)));
            assertThat(telemetry.total(Meter.LABEL_DELAY)).isEqualTo(2);
        }
    }
}
