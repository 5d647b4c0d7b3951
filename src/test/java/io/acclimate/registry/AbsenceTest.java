package io.acclimate.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.DomainId;
import io.acclimate.core.VersionId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AbsenceTest {
    private static final DomainId CAMERA = new DomainId("camera-1");

    @Test
    void removedVersionIsSaidToBeRemovedWithWhatIsKept() {
        TreeSet<Long> kept = new TreeSet<>(List.of(12L, 30L, 31L, 32L));

        String said =
                Absence.of(new VersionId(CAMERA, 17), 32, kept, Optional.of(Instant.parse("2026-11-29T11:00:00.5Z")));

        assertThat(said)
                .isEqualTo(
                        "version camera-1/17 was removed by retention on 2026-11-29T11:00:00Z; kept are 0, the source model, and"
                                + " 12 and 30 to 32");
    }

    @Test
    void dateIsLeftOutOnceTheTombstoneIsGone() {
        assertThat(Absence.of(new VersionId(CAMERA, 1), 2, new TreeSet<>(), Optional.empty()))
                .isEqualTo("version camera-1/1 was removed by retention; kept are 0, the source model");
    }

    @ParameterizedTest
    @CsvSource({"33", "99"})
    void versionThatNeverWasIsNoRemovedOne(long number) {
        assertThat(Absence.of(new VersionId(CAMERA, number), 32, new TreeSet<>(), Optional.empty()))
                .isEqualTo("there is no version camera-1/" + number);
    }

    @Test
    void twoInARowAreNoRange() {
        assertThat(Absence.ranges(new TreeSet<>(List.of(1L, 2L, 5L)))).isEqualTo("1, 2 and 5");
    }
}
