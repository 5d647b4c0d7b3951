package io.acclimate.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.Activation;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.AdaptationEvent.Activated;
import io.acclimate.core.AdaptationEvent.Reset;
import io.acclimate.core.AdaptationEvent.Restarted;
import io.acclimate.core.AdaptationEvent.Trained;
import io.acclimate.core.VersionId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LossCurveTest {
    private final LossCurve curve = new LossCurve();
    private long seq;

    private void happened(AdaptationEvent event) {
        curve.event(++seq, event);
    }

    private void trained(int steps, Map<String, Double> losses) {
        happened(new Trained(Fed.DOMAIN, Fed.START.plusSeconds(seq), seq, 32, 4, 0, 8, 8, steps, 1, losses, 2));
    }

    private List<?> list(String key) {
        return (List<?>) Objects.requireNonNull(curve.view().get(key));
    }

    private List<Map<?, ?>> rounds() {
        return list("rounds").stream()
                .<Map<?, ?>>map(round -> (Map<?, ?>) round)
                .toList();
    }

    private List<Object> losses() {
        return rounds().stream().<Object>map(round -> round.get("losses")).toList();
    }

    @Test
    void aTermThatARoundDidNotComputeIsMissingAndNever0() {
        trained(8, Map.of("total", 1.5, "target", 1.0));
        trained(8, Map.of("total", 1.25, "align", 0.0));
        trained(0, Map.of());
        trained(8, Map.of("total", Double.NaN, "target", 0.5));

        assertThat(losses())
                .isEqualTo(List.of(
                        Map.of("total", 1.5, "target", 1.0),
                        Map.of("total", 1.25, "align", 0.0),
                        Map.of(),
                        Map.of("target", 0.5)));
    }

    @Test
    void aRoundHasItsTimeItsStepsAndItsEffort() {
        trained(8, Map.of());

        assertThat(rounds())
                .singleElement()
                .isEqualTo(Map.of(
                        "at",
                        Fed.START.toEpochMilli(),
                        "steps",
                        8,
                        "skippedSteps",
                        1,
                        "halvings",
                        2,
                        "losses",
                        Map.of()));
    }

    @Test
    void aLongPastKeepsItsEndsAndSaysHowManyRoundsThereWere() {
        for (int round = 0; round < 10_000; round++) {
            trained(1, Map.of("total", (double) round));
        }

        assertThat(losses())
                .hasSizeBetween(LossCurve.ROUNDS / 2, LossCurve.ROUNDS)
                .startsWith(Map.of("total", 0.0))
                .endsWith(Map.of("total", 9_999.0));
        assertThat(curve.view()).containsEntry("seen", 10_000L).containsEntry("since", Fed.START.toEpochMilli());
    }

    @Test
    void termsFromRecordsAreBoundedInNumberAndLength() {
        Map<String, Double> many = new TreeMap<>();
        for (int term = 0; term < 1_000; term++) {
            many.put("term " + term, 1.0);
        }
        trained(1, Map.of("x".repeat(1_000), 1.0));
        trained(1, many);

        assertThat(losses()).first().isEqualTo(Map.of());
        assertThat((Map<?, ?>) losses().get(1)).hasSize(LossCurve.TERMS);
    }

    @Test
    void marksWhatChangedTheWeights() {
        happened(new Activated(
                Fed.DOMAIN,
                Fed.START,
                new Activation(
                        new VersionId(Fed.DOMAIN, 4), 1, Activation.Cause.PROMOTE, "better", Fed.START, 10, Fed.START),
                3));
        happened(new Restarted(Fed.DOMAIN, Fed.START, 7, 4, 0.5, "diverged"));
        happened(new Reset(Fed.DOMAIN, Fed.START, 8, 4, "y".repeat(10_000)));

        assertThat(list("marks"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.list(LossCurve.Mark.class))
                .satisfiesExactly(
                        active -> assertThat(active)
                                .isEqualTo(new LossCurve.Mark(Fed.START.toEpochMilli(), "active", 4, "better")),
                        restart -> assertThat(restart)
                                .isEqualTo(new LossCurve.Mark(Fed.START.toEpochMilli(), "restart", 4, "diverged")),
                        reset -> {
                            assertThat(reset.kind()).isEqualTo("reset");
                            assertThat(reset.version()).isEqualTo(VersionId.SOURCE);
                            assertThat(reset.reason()).hasSizeLessThan(2_000);
                        });
    }

    @Test
    void marksAreBoundedToTheNewest() {
        for (int restart = 0; restart < 1_000; restart++) {
            happened(new Restarted(Fed.DOMAIN, Fed.START, 7, restart, 0.5, "diverged"));
        }

        assertThat(list("marks")).hasSize(LossCurve.MARKS);
        assertThat(((LossCurve.Mark) list("marks").get(LossCurve.MARKS - 1)).version())
                .isEqualTo(999);
        assertThat(curve.view().keySet()).as("no round was seen").isEqualTo(Set.of("seen", "rounds", "marks"));
    }
}
