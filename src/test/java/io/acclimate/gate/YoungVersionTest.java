package io.acclimate.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What takes a version back that has served for few samples. */
class YoungVersionTest {
    private static final int CLASSES = 10;

    @Test
    void isTakenBackByLabelsThatWouldHaveKeptItFromServing() {
        Proof proof = new Proof(GateSettings.defaults(), CLASSES, Set.of());
        proof.promoted();

        for (int i = 0; i < 200; i++) {
            see(proof, i);
        }
        assertThat(proof.missing(Paired.NONE))
                .anySatisfy(each -> assertThat(each).contains("shifted by 1"));
        assertThat(proof.lost()).hasValueSatisfying(why -> assertThat(why).contains("shifted by 1"));

        for (int i = 0; i < 56; i++) {
            see(proof, i * 3);
        }
        assertThat(proof.lost()).as("after 256 samples").isEmpty();
    }

    @Test
    void wasTakenBackForMoreByWorkersThatRecordTheRuleFromBefore() {
        GateSettings now = GateSettings.defaults();
        Proof proof = new Proof(
                new GateSettings(
                        now.minimumHoldout(),
                        now.tolerance(),
                        now.z(),
                        now.maxSourceDrop(),
                        now.rule(),
                        new GateSettings.Proven(
                                now.proven().level(), now.proven().classShare(), GateSettings.Suspicion.KNOWN_CLASSES)),
                CLASSES,
                Set.of());
        proof.promoted();

        for (int i = 0; i < 200; i++) {
            see(proof, i);
        }

        assertThat(proof.lost()).isEmpty();
    }

    /** Of the first 200, 44 have the label of the class after the source model's, and 35 that of the source model's class. */
    private static void see(Proof proof, int i) {
        int source = i % CLASSES;
        int label = i < 35 ? source : i < 79 ? (source + 1) % CLASSES : (source + 2 + i % 8) % CLASSES;
        proof.see(List.of(new Scored(label, source, label, label)));
    }
}
