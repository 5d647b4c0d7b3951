package io.acclimate.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FewClassesTest {
    private static final int CLASSES = 10;

    private final Proof proof = fresh(GateSettings.defaults());

    private static Proof fresh(GateSettings settings) {
        return new Proof(settings, CLASSES, Set.of());
    }

    /** So many labels of the first classes in turn. */
    private static void see(Proof proof, int labels, int classes) {
        for (int i = 0; i < labels; i++) {
            int label = i % classes;
            proof.see(List.of(new Scored(label, label, label, label)));
        }
    }

    @Test
    void labelsOfTooFewClassesAreToldOfOnceOthersWouldHaveCome() {
        see(proof, 255, 3);
        assertThat(proof.fewClasses()).isEmpty();

        see(proof, 1, 3);

        assertThat(proof.fewClasses()).contains(new Proof.FewClasses(256, 3, CLASSES, 8));
    }

    @Test
    void withTheShareThatIsToldTheSameLabelsAreOfEnoughClasses() {
        see(proof, 256, 3);
        double share = proof.fewClasses().orElseThrow().share();

        Proof lowered = fresh(GateSettings.defaults().withProof(0.05, share));
        see(lowered, 256, 3);

        assertThat(lowered.fewClasses()).isEmpty();
        assertThat(lowered.missing(Paired.NONE))
                .noneSatisfy(each -> assertThat(each).contains("classes have labelled samples"));
    }

    @Test
    void ofEnoughClassesAndOfASingleOneNothingIsTold() {
        Proof one = fresh(GateSettings.defaults());
        see(proof, 300, 8);
        see(one, 300, 1);

        assertThat(proof.fewClasses()).isEmpty();
        assertThat(one.fewClasses()).isEmpty();
    }
}
