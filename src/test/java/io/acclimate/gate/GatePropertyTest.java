package io.acclimate.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.GateDecision;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class GatePropertyTest {
    private static final GateSettings SETTINGS = GateSettings.defaults();

    @Provide
    Arbitrary<Paired> pairs() {
        Arbitrary<Integer> counts = Arbitraries.integers().between(0, 200);
        return Combinators.combine(counts, counts, counts, counts)
                .as((both, candidate, baseline, neither) ->
                        new Paired(both + candidate + baseline + neither, both, candidate, baseline));
    }

    @Property
    void fault13PromotesNothingThatIsNotFinite(@ForAll("pairs") Paired active) {
        Evidence evidence = new Evidence(active, active, Optional.empty(), false, 5, 5);

        assertThat(Gate.decide(evidence, SETTINGS)).isInstanceOf(GateDecision.Reject.class);
    }

    @Property
    void promotesNothingThatIsNotProven(@ForAll("pairs") Paired active) {
        Evidence evidence =
                new Evidence(active, active, Paired.NONE, Optional.empty(), true, 5, 5, List.of("no proof yet"));

        GateDecision decision = Gate.decide(evidence, SETTINGS);

        if (active.samples() >= SETTINGS.minimumHoldout()) {
            assertThat(decision).isEqualTo(new GateDecision.Defer(List.of("no proof yet")));
        } else {
            assertThat(decision).isInstanceOf(GateDecision.Defer.class);
        }
    }

    @Property
    void defersOnlyBelowTheMinimum(@ForAll("pairs") Paired active) {
        boolean deferred = decide(active) instanceof GateDecision.Defer;

        assertThat(deferred).isEqualTo(active.samples() < SETTINGS.minimumHoldout());
    }

    @Property
    void promotesWhatIsNotBehind(@ForAll("pairs") Paired active) {
        if (active.samples() >= SETTINGS.minimumHoldout() && active.deficit() <= 0) {
            assertThat(decide(active)).isInstanceOf(GateDecision.Promote.class);
        }
    }

    @Property
    void stillPromotesWhenTheCandidateGetsOneMoreRight(@ForAll("pairs") Paired worse) {
        if (worse.onlyBaselineRight() == 0 || worse.samples() < SETTINGS.minimumHoldout()) {
            return;
        }
        Paired better = new Paired(
                worse.samples(), worse.bothRight() + 1, worse.onlyCandidateRight(), worse.onlyBaselineRight() - 1);

        if (decide(worse) instanceof GateDecision.Promote) {
            assertThat(decide(better)).isInstanceOf(GateDecision.Promote.class);
        }
    }

    @Property
    void fault13NeverPromotesALossOfTwentyPointsOnALargeHoldout(
            @ForAll @IntRange(min = 256, max = 2000) int samples, @ForAll @IntRange(min = 0, max = 20) int ahead) {
        Paired active = new Paired(samples, 0, ahead, ahead + samples / 5);

        assertThat(decide(active)).isInstanceOf(GateDecision.Reject.class);
    }

    @Property
    void neverPromotesWhatForgotTheSource(@ForAll("pairs") Paired active) {
        Paired forgotten = new Paired(256, 100, 0, 100);
        Evidence evidence = new Evidence(active, active, Optional.of(forgotten), true, 5, 5);

        assertThat(Gate.decide(evidence, SETTINGS)).isNotInstanceOf(GateDecision.Promote.class);
    }

    @Property
    void fault13RejectsAConstantPrediction(@ForAll @IntRange(min = 16, max = 500) int samples) {
        Paired equal = new Paired(samples, samples / 2, 0, 0);

        assertThat(Gate.decide(new Evidence(equal, equal, Optional.empty(), true, 1, 2), SETTINGS))
                .isInstanceOf(GateDecision.Reject.class);
    }

    @Example
    void startsEarlyWithAFewHoldoutSamples() {
        assertThat(decide(new Paired(4, 1, 1, 1))).isInstanceOf(GateDecision.Promote.class);
        assertThat(decide(new Paired(4, 0, 0, 3))).isInstanceOf(GateDecision.Reject.class);
    }

    private static GateDecision decide(Paired active) {
        return Gate.decide(new Evidence(active, active, Optional.empty(), true, 5, 5), SETTINGS);
    }
}
