package io.acclimate.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PairedTest {
    @Test
    void countsWhatBothAndWhatOnlyOneHasRight() {
        Paired paired = Paired.of(
                new boolean[] {true, true, true, false, false, false, true},
                new boolean[] {true, true, false, true, false, false, false});

        assertThat(paired).isEqualTo(new Paired(7, 2, 2, 1));
        assertThat(paired.discordant()).isEqualTo(3);
        assertThat(paired.deficit()).isEqualTo(-1);
        assertThat(paired.candidateAccuracy()).isEqualTo(4 / 7.0);
        assertThat(paired.baselineAccuracy()).isEqualTo(3 / 7.0);
    }

    @Test
    void withoutSamplesThereIsNoAccuracy() {
        assertThat(Paired.NONE.candidateAccuracy()).isNaN();
        assertThat(Paired.NONE.baselineAccuracy()).isNaN();
        assertThat(Paired.NONE.discordant()).isZero();
    }

    @Test
    void hitsOfDifferentSamplesAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Paired.of(new boolean[2], new boolean[3]))
                .withMessage("paired hits must be as many, got 2 and 3");
    }

    @Test
    void countsThatCannotBeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Paired(4, -1, 0, 0))
                .withMessage("counts must not be negative, got -1, 0, 0");
        assertThatIllegalArgumentException().isThrownBy(() -> new Paired(4, 0, -1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Paired(4, 0, 0, -1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Paired(5, 2, 2, 2))
                .withMessage("the counts exceed 5 samples");
        assertThat(new Paired(6, 2, 2, 2).samples()).isEqualTo(6);
    }

    @Test
    void evidenceWithoutABestVersionComparesWithNone() {
        Paired active = new Paired(4, 1, 1, 1);
        Paired source = new Paired(4, 0, 2, 1);

        Evidence evidence = new Evidence(active, source, Optional.of(active), false, 2, 3);

        assertThat(evidence)
                .isEqualTo(new Evidence(active, source, Paired.NONE, Optional.of(active), false, 2, 3, List.of()));
    }
}
