package io.acclimate.app.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import io.acclimate.adapt.states.ListedDomain;
import io.acclimate.app.terminal.Paint;
import io.acclimate.core.DomainId;
import io.acclimate.wire.StateCodec;
import io.acclimate.wire.v1.Checkpoint;
import io.acclimate.wire.v1.Progress;
import io.acclimate.wire.v1.Retirement;
import io.acclimate.wire.v1.Shadow;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DomainRowTest {
    private static final Checkpoint LEARNT = Checkpoint.newBuilder()
            .setBaseDigest("abc")
            .setActiveVersion(7)
            .setSamplesSeen(640)
            .setLastLabelTime(Timestamp.newBuilder().setSeconds(1_767_225_600))
            .build();

    private static DomainRow row(Checkpoint snapshot, Optional<Progress> since) {
        return new DomainRow(ListedDomain.of(new StateCodec.Restored(
                new DomainId("camera-1"), Optional.of(snapshot), 3, since, since.isEmpty() ? 3 : 4)));
    }

    @Test
    void theRoundsSinceTheSnapshotCountMoreThanTheSnapshot() {
        Checkpoint reached =
                LEARNT.toBuilder().setActiveVersion(9).setPaused(true).build();

        assertThat(row(
                                LEARNT,
                                Optional.of(Progress.newBuilder()
                                        .setReached(reached)
                                        .build()))
                        .cells())
                .containsExactly("camera-1", "9", "640", "2026-01-01T00:00:00Z", "paused");
    }

    @Test
    void inShadowModeTheVersionThatServesIsShown() {
        Checkpoint shadowed = LEARNT.toBuilder()
                .setShadow(Shadow.newBuilder().addServed(0).addServed(5))
                .build();

        assertThat(row(shadowed, Optional.empty()).cells()[1]).isEqualTo("5");
    }

    @Test
    void aRetiredDomainIsListedAsThatUntilItBeginsAnew() {
        Retirement retirement = Retirement.newBuilder()
                .setGeneration(3)
                .setAt(Timestamp.newBuilder().setSeconds(1_767_225_600))
                .build();
        Checkpoint left = Checkpoint.newBuilder().setRetirement(retirement).build();
        Checkpoint anew = LEARNT.toBuilder().setRetirement(retirement).build();

        DomainRow retired = row(left, Optional.empty());

        assertThat(retired.cells()).containsExactly("camera-1", "0", "0", "-", "retired at 2026-01-01T00:00:00Z");
        assertThat(retired.json())
                .containsEntry("version", 0L)
                .containsEntry("lastLabel", null)
                .containsEntry("paused", false)
                .containsEntry("retiredAt", "2026-01-01T00:00:00Z");
        assertThat(row(anew, Optional.empty()).cells()[4]).isEqualTo("on");
        assertThat(row(left, Optional.of(Progress.newBuilder().setReached(anew).build()))
                        .cells()[4])
                .isEqualTo("on");
    }

    @Test
    void noDomainIsSaidInAWord() {
        StringWriter out = new StringWriter();

        DomainsCommand.print(List.of(), new PrintWriter(out), Paint.of(Map.of()));

        assertThat(out).hasToString("No domains: no label was learnt from so far." + System.lineSeparator());
    }
}
