package io.acclimate.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

/** A domain that becomes again what the source model was trained for, of which the version that serves has forgotten a little. */
class ProofTurnTest {
    private static final int CLASSES = 10;
    private static final int BATCH = 32;

    private final SplittableRandom random = new SplittableRandom(3);
    private final Proof proof = served(GateSettings.defaults());
    private int next;

    @Test
    void theSourceModelServesAgainWithinAHundredSamplesOfTheTurn() {
        see(proof, 15, lead(0.65, 0.03));
        assertThat(proof.lost()).isEmpty();

        int samples = untilLost(proof, 100, lead(0.03, 0.14));

        assertThat(samples).isBetween(64, 128);
        assertThat(proof.lost()).get().asString().contains("the domain has changed", "behind the source model since");
    }

    @Test
    void versionsFromBeforeKeptTheirProofUntilTheirLeadOverAllSamplesWasGone() {
        Proof before = served(withdrawal(GateSettings.Withdrawal.BY_LEAD));
        see(before, 15, lead(0.65, 0.03));

        assertThat(untilLost(before, 100, lead(0.03, 0.08))).isGreaterThan(256);
    }

    @Test
    void aLongStreamWithASmallLeadHasNoTurn() {
        assertThat(untilLost(proof, 20_000 / BATCH, lead(0.12, 0.05))).isEqualTo(-1);
    }

    @Test
    void aLeadThatIsLostAndLeavesTheTwoLevelIsNoTurnAtOnce() {
        see(proof, 15, lead(0.65, 0.03));

        assertThat(untilLost(proof, 8, lead(0.05, 0.05))).isEqualTo(-1);
    }

    @Test
    void behindOnLabelsOfFewClassesIsNoTurn() {
        see(proof, 15, lead(0.65, 0.03));
        for (int i = 0; i < 3; i++) {
            List<Scored> few = new ArrayList<>();
            for (int j = 0; j < BATCH; j++) {
                few.add(sample(random.nextInt(7), random.nextInt(8) == 0 ? -1 : 0));
            }
            proof.see(few);
            assertThat(proof.lost()).isEmpty();
        }
    }

    @Test
    void whatAnOperatorChoseIsNotTakenBackByATurn() {
        proof.chosen();
        see(proof, 15, lead(0.65, 0.03));

        assertThat(untilLost(proof, 3, lead(0.03, 0.14))).isEqualTo(-1);
    }

    @Test
    void theTurnIsFoundAfterARestartToo() {
        see(proof, 15, lead(0.65, 0.03));
        see(proof, 1, lead(0.03, 0.14));
        Proof restored = new Proof(GateSettings.defaults(), CLASSES, Set.of());
        restored.restore(proof.state());

        assertThat(untilLost(restored, 4, lead(0.03, 0.14))).isBetween(BATCH, 3 * BATCH);
    }

    private static GateSettings withdrawal(GateSettings.Withdrawal withdrawal) {
        GateSettings.Proven now = GateSettings.Proven.defaults();
        return GateSettings.defaults()
                .withProven(new GateSettings.Proven(
                        now.level(), now.classShare(), now.suspicion(), now.watch(), withdrawal));
    }

    private static Proof served(GateSettings settings) {
        Proof proof = new Proof(settings, CLASSES, Set.of());
        proof.promoted();
        return proof;
    }

    /** The samples until the proof is lost; -1 when it is not in so many mini-batches. */
    private int untilLost(Proof seeing, int batches, IntUnaryOperator lead) {
        for (int i = 1; i <= batches; i++) {
            see(seeing, 1, lead);
            Optional<String> lost = seeing.lost();
            if (lost.isPresent()) {
                return i * BATCH;
            }
        }
        return -1;
    }

    private void see(Proof seeing, int batches, IntUnaryOperator lead) {
        for (int i = 0; i < batches; i++) {
            List<Scored> batch = new ArrayList<>();
            for (int j = 0; j < BATCH; j++) {
                int label = random.nextInt(CLASSES);
                batch.add(sample(label, lead.applyAsInt(next++)));
            }
            seeing.see(batch);
        }
    }

    /** Ahead with one probability and behind with the other. */
    private IntUnaryOperator lead(double won, double lost) {
        return sample -> {
            double draw = random.nextDouble();
            return draw < won ? 1 : draw < won + lost ? -1 : 0;
        };
    }

    private Scored sample(int label, int ahead) {
        int other = (label + 1 + random.nextInt(CLASSES - 1)) % CLASSES;
        int source = ahead > 0 ? other : label;
        int model = ahead < 0 ? other : label;
        return new Scored(label, source, model, model);
    }
}
