package io.acclimate.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.PrefixGraph;
import io.acclimate.onnx.WeightDelta;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StepMemoryTest {
    private static final int LARGE = StepMemory.LARGE_BYTES / Float.BYTES;

    private final StepMemory memory = new StepMemory();

    private static FloatTensor ramp(int size, float first) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = first + i;
        }
        return FloatTensor.wrap(Shape.of(size), values);
    }

    @Test
    void laterStepsUseTheMemoryOfTheFirst() {
        for (int step = 0; step < 5; step++) {
            try (NDManager all = TorchEngine.newManager();
                    NDManager manager = memory.begin(all)) {
                NDArray one = memory.array(manager, ramp(LARGE, step));
                NDArray other = memory.array(manager, ramp(LARGE, step + 7));
                assertThat(one.toFloatArray()).isEqualTo(ramp(LARGE, step).values());
                assertThat(other.toFloatArray()).isEqualTo(ramp(LARGE, step + 7).values());
            }
        }

        assertThat(memory.bytes()).isEqualTo(2L * StepMemory.LARGE_BYTES);
    }

    @Test
    void smallTensorsAreLeftToTheEngine() {
        try (NDManager all = TorchEngine.newManager();
                NDManager manager = memory.begin(all)) {
            assertThat(memory.array(manager, ramp(LARGE - 1, 3)).toFloatArray())
                    .isEqualTo(ramp(LARGE - 1, 3).values());
        }

        assertThat(memory.bytes()).isZero();
    }

    @Test
    void noStepBeginsWhileAnotherHasTheMemory() {
        try (NDManager all = TorchEngine.newManager();
                NDManager first = memory.begin(all)) {
            assertThat(first.isOpen()).isTrue();
            assertThatThrownBy(() -> memory.begin(all)).hasMessage("a step begins before the last one has ended");
        }
    }

    @Test
    void whatAQuestionTookIsFreeForItsStepAndTheAnswerIsTheSteps() {
        try (NDManager all = TorchEngine.newManager();
                NDManager step = memory.begin(all)) {
            NDArray mine = memory.array(step, ramp(LARGE, 3));
            List<NDArray> asked = new ArrayList<>();

            NDArray answer = memory.answer(step, of -> {
                NDArray taken = memory.array(of, ramp(LARGE, 5));
                asked.add(taken);
                return taken;
            });
            NDArray later = memory.array(step, ramp(LARGE, 7));

            assertThat(asked).allMatch(NDArray::isReleased);
            assertThat(mine.toFloatArray()).isEqualTo(ramp(LARGE, 3).values());
            assertThat(answer.toFloatArray()).isEqualTo(ramp(LARGE, 5).values());
            assertThat(later.toFloatArray()).isEqualTo(ramp(LARGE, 7).values());
            assertThat(memory.bytes()).isEqualTo(2L * StepMemory.LARGE_BYTES);
        }
    }

    /** Domains that rest in turn close their trainers, each of which would leave the memory of all weights behind. */
    @Test
    void trainersOfOneRuntimeUseTheSameMemory() throws Exception {
        ModelGraph large = Networks.large();
        PrefixRuntime runtime = flattening();
        long before = Networks.directBytes();
        for (int i = 0; i < 5; i++) {
            try (Trainer trainer =
                    Trainer.open(large, WeightDelta.EMPTY, TrainSettings.defaults(), Optional.of(runtime))) {
                assertThat(trainer.step(Networks.batch(large, 2, i), Optional.empty())
                                .skipped())
                        .isFalse();
            }
        }

        assertThat(Networks.directBytes() - before).isLessThan(2L * Float.BYTES * Networks.LARGE);
    }

    /** It is asked first, and its weights are gone when those in training come. */
    @Test
    void aStepThatAsksTheSourceModelTakesNoMoreMemoryThanOneThatDoesNot() throws Exception {
        // One weight is far larger than the others, as in a layer that was trained: else the source model has no
        // answers.
        FloatTensor head = Objects.requireNonNull(Networks.large().weights().get("c"));
        float[] trained = head.values().clone();
        trained[0] = 1;
        ModelGraph large = Networks.large().with(WeightDelta.of(Map.of("c", FloatTensor.wrap(head.shape(), trained))));
        LossTerms terms = LossTerms.defaults();
        LabelledBatch rows = Networks.batch(large, 2, 1);
        LabelledBatch answered = new LabelledBatch(
                rows.inputs(), rows.classes(), Optional.of(FloatTensor.wrap(Shape.of(2, 4), new float[8])));

        assertThat(copiesOfAStep(large, terms, Optional.empty())).isEqualTo(1);
        assertThat(copiesOfAStep(large, terms, Optional.of(answered))).isEqualTo(1);
        assertThat(copiesOfAStep(large, terms, Optional.of(rows))).isEqualTo(1);
        assertThat(copiesOfAStep(large, terms.withSourceLoss(LossTerms.SourceLoss.LABELS), Optional.of(rows)))
                .isEqualTo(1);
        assertThat(copiesOfAStep(large, terms.withAnchors(0, 1), Optional.of(rows)))
                .isEqualTo(1);
    }

    /** How often the memory of a step would hold all weights. */
    private static long copiesOfAStep(ModelGraph large, LossTerms terms, Optional<LabelledBatch> source)
            throws Exception {
        StepMemoryTest own = new StepMemoryTest();
        TrainSettings settings = TrainSettings.defaults().withTerms(terms);
        try (Trainer trainer = Trainer.open(large, WeightDelta.EMPTY, settings, Optional.of(own.flattening()))) {
            assertThat(trainer.step(Networks.batch(large, 2, 0), source).skipped())
                    .isFalse();
        }
        return own.memory.bytes() / (Float.BYTES * (long) Networks.LARGE);
    }

    /** Before its first layer with weights, the network only flattens its rows. */
    private PrefixRuntime flattening() {
        return new PrefixRuntime() {
            @Override
            public Features open(PrefixGraph prefix) {
                return new Features() {
                    @Override
                    public FloatTensor of(FloatTensor batch) {
                        int rows = batch.shape().extent(0);
                        return FloatTensor.wrap(Shape.of(rows, batch.values().length / rows), batch.values());
                    }

                    @Override
                    public void close() {}
                };
            }

            @Override
            public StepMemory memory() {
                return memory;
            }
        };
    }
}
