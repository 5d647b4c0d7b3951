package io.acclimate.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Names of Java constants that stand in answers, tags or files outside of this process. */
class ContractNamesTest {
    @Test
    void causesAndDecisionsKeepTheirNames() {
        assertThat(names(Activation.Cause.values()))
                .as("`cause` in the HTTP API's answer about a domain")
                .containsExactly("PROMOTE", "ACTIVATE", "ROLLBACK");
        assertThat(names(MiniBatch.FlushCause.values()))
                .as("the tag `cause` of acclimate_mini_batch_size")
                .containsExactly("COUNT", "BYTES", "TIME");
        assertThat(List.of(
                        new GateDecision.Promote().kind(),
                        new GateDecision.Reject(List.of()).kind(),
                        new GateDecision.Defer(List.of()).kind()))
                .as("the tag `kind` of acclimate_decisions_total")
                .containsExactly("promote", "reject", "defer");
    }

    /** Progress in adaptation-state holds a fingerprint of the weights, which is made of these. */
    @Test
    void tensorsHaveTheHashThatCheckpointsRecorded() {
        assertThat(FloatTensor.wrap(Shape.of(2, 2), new float[] {1, -0.0f, 0.5f, 3})
                        .hashCode())
                .as("a restart compares fingerprints: with another hash it takes its own state for damaged")
                .isEqualTo(-238120032);
    }

    private static List<String> names(Enum<?>[] constants) {
        return Arrays.stream(constants).map(Enum::name).toList();
    }
}
