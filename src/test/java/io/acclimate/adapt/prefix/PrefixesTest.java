package io.acclimate.adapt.prefix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.ClassNames;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.train.TrainSettings;
import io.acclimate.train.Trainer;
import io.acclimate.train.offline.SmallCnn;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PrefixesTest {
    private static final ModelGraph GRAPH = SmallCnn.fresh("small", new ClassNames(List.of("a", "b", "c")), 1);
    private static final FloatTensor ROWS = FloatTensor.wrap(Shape.of(1, 3, 32, 32), new float[3 * 32 * 32]);

    private static Trainer open(Prefixes prefixes, String trainable) throws Exception {
        return Trainer.open(
                GRAPH, WeightDelta.EMPTY, TrainSettings.defaults().withTrainable(trainable), Optional.of(prefixes));
    }

    @Test
    void trainersOfOneFrozenPartShareItsSession() throws Exception {
        try (Prefixes prefixes = new Prefixes();
                Trainer one = open(prefixes, "head");
                Trainer other = open(prefixes, "head")) {
            assertThat(prefixes.open()).isEqualTo(1);
            assertThat(one.logits(ROWS)).isEqualTo(other.logits(ROWS));
        }
    }

    @Test
    void allTrainersHaveOneMemoryForTheirSteps() {
        try (Prefixes prefixes = new Prefixes()) {
            assertThat(prefixes.memory()).isSameAs(prefixes.memory());
        }
    }

    @Test
    void anotherFrozenPartHasASessionOfItsOwnWhileTheFirstIsInUse() throws Exception {
        try (Prefixes prefixes = new Prefixes();
                Trainer head = open(prefixes, "head");
                Trainer more = open(prefixes, "last:2")) {
            assertThat(prefixes.open()).isEqualTo(2);
            assertThat(head.logits(ROWS).shape()).isEqualTo(more.logits(ROWS).shape());
        }
    }

    @Test
    void aSessionThatNobodyUsesWaitsForTheNextTrainer() throws Exception {
        try (Prefixes prefixes = new Prefixes()) {
            open(prefixes, "head").close();
            assertThat(prefixes.open()).as("kept").isEqualTo(1);

            try (Trainer again = open(prefixes, "head")) {
                assertThat(prefixes.open()).as("used again").isEqualTo(1);
                assertThat(again.logits(ROWS).shape().extent(0)).isEqualTo(1);
            }
        }
    }

    @Test
    void aSessionThatNobodyUsesIsClosedWhenAnotherPartIsFrozen() throws Exception {
        try (Prefixes prefixes = new Prefixes()) {
            open(prefixes, "head").close();

            try (Trainer other = open(prefixes, "last:2")) {
                assertThat(prefixes.open()).isEqualTo(1);
                assertThat(other.logits(ROWS).shape().extent(0)).isEqualTo(1);
            }
        }
    }

    @Test
    void closingEndsAllSessions() throws Exception {
        Prefixes prefixes = new Prefixes();
        Trainer trainer = open(prefixes, "head");

        prefixes.close();

        assertThat(prefixes.open()).isZero();
        assertThatThrownBy(() -> trainer.logits(ROWS)).isInstanceOf(IllegalStateException.class);
        trainer.close();
    }

    @Test
    void returningTwiceDoesNotCloseWhatAnotherUses() throws Exception {
        try (Prefixes prefixes = new Prefixes();
                Trainer user = open(prefixes, "head")) {
            Trainer twice = open(prefixes, "head");
            twice.close();
            twice.close();

            Trainer other = open(prefixes, "last:2");
            other.close();

            assertThat(user.logits(ROWS).shape().extent(1)).isEqualTo(3);
        }
    }
}
