package io.acclimate.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class StepReportTest {
    @Test
    void lossTermsKeepTheirNames() {
        assertThat(new StepReport(1, 2, 3, 4, 5, 6, 7, false).losses())
                .as("`losses` of trained events and the tag `term` of acclimate_loss")
                .isEqualTo(
                        Map.of("total", 1.0, "target", 2.0, "source", 3.0, "align", 4.0, "l2sp", 5.0, "distill", 6.0));
    }

    @Test
    void termsThatWereNotComputedAreLeftOut() {
        assertThat(new StepReport(Double.NaN, 2, Double.NaN, Double.NaN, Double.NaN, Double.NaN, 7, true).losses())
                .containsOnlyKeys("total", "target");
    }
}
