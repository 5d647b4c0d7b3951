package io.acclimate.adapt.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.acclimate.adapt.random.RandomMixing;
import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.core.ClassNames;
import io.acclimate.core.FloatTensor;
import io.acclimate.gate.Paired;
import io.acclimate.infer.BiasModel;
import io.acclimate.infer.ModelSession;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.rewrite.FreshRows;
import io.acclimate.train.LabelledBatch;
import io.acclimate.train.LossTerms;
import io.acclimate.train.Samples;
import io.acclimate.train.TrainSettings;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SourceSetTest {
    private final BaseModel model = Linear.model();

    @AfterEach
    void close() {
        model.close();
    }

    private SourceSet set(int check, int... labels) {
        return new SourceSet(Optional.of(Linear.source(labels)), check, model.source());
    }

    private static Set<Integer> drawn(SourceSet set) {
        return new TreeSet<>(set.draw(400, new SplitMix64(1)).orElseThrow().classes());
    }

    @Test
    void everyNthRowIsKeptFromTraining() {
        // Labels are the indexes: 2 of 7 are kept, so each third.
        SourceSet set = set(2, 0, 1, 2, 3, 4, 5, 6);

        assertThat(drawn(set)).containsExactly(0, 1, 3, 4, 6);
    }

    @Test
    void noMoreThanHalfIsKeptFromTraining() {
        assertThat(drawn(set(100, 0, 1, 2, 3))).containsExactly(0, 2);
        assertThat(drawn(set(0, 0, 1, 2, 3))).containsExactly(0, 1, 2, 3);
        assertThat(drawn(set(100, 4))).containsExactly(4);
    }

    @Test
    void aDrawIsSoManyRowsWithTheirLabels() {
        LabelledBatch batch = set(0, 3, 1).draw(5, new SplitMix64(1)).orElseThrow();

        assertThat(batch.classes()).hasSize(5).containsOnly(3, 1);
        for (int i = 0; i < 5; i++) {
            assertThat(batch.inputs().row(i))
                    .isEqualTo(Linear.row(batch.classes().get(i) == 3 ? 0 : 1));
        }
    }

    @Test
    void aCandidateIsComparedWithTheSourceModelOnTheRowsThatWereKept() {
        // Rows 1 and 3 are kept; the source model answers 0.
        SourceSet set = set(2, 4, 0, 4, 2);
        try (ModelSession candidate = model.session(Linear.version(4, 4, 4, 2))) {
            assertThat(set.judge(candidate)).contains(new Paired(2, 0, 1, 1));
        }
    }

    @Test
    void withoutASourceSetThereIsNothingToDrawOrToCompare() {
        SourceSet none = new SourceSet(Optional.empty(), 8, model.source());

        assertThat(none.draw(4, new SplitMix64(1))).isEmpty();
        assertThat(none.judge(model.source())).isEmpty();
        assertThat(none.name()).isEqualTo("none");
        assertThat(set(0, 1, 2).judge(model.source())).isEmpty();
    }

    @Test
    void theNameTellsSetsApartByTheirSizeAndTheRowsKept() {
        String name = set(2, 0, 1, 2, 3).name();

        assertThat(name).isEqualTo(set(2, 0, 1, 2, 3).name()).matches("4 samples, [0-9a-f]+");
        assertThat(set(2, 0, 1, 2, 4).name()).isNotEqualTo(name);
        assertThat(set(1, 0, 1, 2, 3).name()).isNotEqualTo(name);
    }

    @Test
    void anEmptySetDrawsNothing() {
        assertThat(set(4).draw(4, new SplitMix64(1))).isEmpty();
    }

    @Test
    void theNameDependsOnTheOrderOfTheRowsThatAreKept() {
        // Rows 1 and 3 are kept, with the labels 5 and 5; only their pixels tell the two sets apart.
        Samples set = Linear.source(0, 5, 0, 5);
        Samples exchanged = new Samples() {
            @Override
            public int size() {
                return 4;
            }

            @Override
            public FloatTensor row(int index) {
                return Linear.row(index == 1 ? 3 : index == 3 ? 1 : index);
            }

            @Override
            public int label(int index) {
                return set.label(index);
            }
        };

        assertThat(new SourceSet(Optional.of(exchanged), 2, model.source()).name())
                .isNotEqualTo(new SourceSet(Optional.of(set), 2, model.source()).name());
    }

    @Test
    void theNameIsTheOneThatEarlierBuildsRecorded() {
        int rows = 31 * (31 + Linear.row(1).hashCode()) + Linear.row(3).hashCode();
        int labels = 31 * (31 + 1) + 3;

        assertThat(set(2, 0, 1, 2, 3).name()).isEqualTo("4 samples, " + Integer.toHexString(31 * rows + labels));
    }

    /** A set that counts the rows which are asked of it. */
    private static final class Counted implements Samples {
        private final Samples set;
        private int made;

        Counted(Samples set) {
            this.set = set;
        }

        @Override
        public int size() {
            return set.size();
        }

        @Override
        public FloatTensor row(int index) {
            made++;
            return set.row(index);
        }

        @Override
        public int label(int index) {
            return set.label(index);
        }
    }

    @Test
    void aRowThatIsKeptFromTrainingIsMadeOnce() {
        Counted counting = new Counted(Linear.source(0, 1, 2, 3));
        SourceSet source = new SourceSet(Optional.of(counting), 2, model.source());

        Optional<Paired> judged = source.judge(model.source());

        assertThat(judged).isPresent();
        assertThat(counting.made).as("two rows are kept").isEqualTo(2);
    }

    private static final int BATCH = 32;
    private static final LossTerms BY_ANSWERS =
            TrainSettings.defaults().terms().withSourceLoss(LossTerms.SourceLoss.ANSWERS);

    @Test
    void keptAnswersAreThoseThatTheSourceModelGivesToEachRowAlone() {
        SourceSet set = set(0, 3, 1);
        set.keepAnswers(model, BY_ANSWERS, BATCH);

        LabelledBatch batch = set.draw(5, new SplitMix64(1)).orElseThrow();

        FloatTensor answers = batch.answers().orElseThrow();
        for (int i = 0; i < 5; i++) {
            FloatTensor alone =
                    model.sourceLogits(FloatTensor.stack(List.of(batch.inputs().row(i))));
            assertThat(answers.row(i)).isEqualTo(alone.row(0));
        }
        assertThat(set.draw(5, new SplitMix64(1)).orElseThrow()).isEqualTo(batch);
    }

    @Test
    void answersOfPartsDoNotDependOnWhatWasDrawnBefore() {
        SourceSet set = set(0, 3, 1);
        set.keepAnswers(model, BY_ANSWERS, BATCH);
        SourceSet other = set(0, 3, 1);
        other.keepAnswers(model, BY_ANSWERS, BATCH);

        LabelledBatch batch = set.drawPlain(5, true, new SplitMix64(1)).orElseThrow();

        assertThat(batch.answers().orElseThrow().shape().extent(0)).isEqualTo(5);
        assertThat(other.drawPlain(2, true, new SplitMix64(7))).isPresent();
        assertThat(other.drawPlain(5, true, new SplitMix64(1))).hasValue(batch);
        LabelledBatch alone = set.draw(5, new SplitMix64(1)).orElseThrow();
        assertThat(batch.inputs()).isEqualTo(alone.inputs());
        assertThat(batch.answers().orElseThrow().values())
                .containsExactly(alone.answers().orElseThrow().values(), within(1e-5f));
    }

    /** A network of which a step has four rows, because their values take so much memory, cannot answer to 32 of them at once. */
    @Test
    void theSourceModelIsAskedForNoMoreRowsAtOnceThanAStepHas() {
        Counted rows = new Counted(Linear.source(new int[64]));
        SourceSet set = new SourceSet(Optional.of(rows), 0, model.source());
        set.keepAnswers(model, BY_ANSWERS, 4);

        assertThat(set.drawPlain(1, true, new SplitMix64(1))).isPresent();

        assertThat(rows.made).as("the row that was drawn, and four to ask for").isEqualTo(1 + 4);
    }

    @Test
    void rowsForAStepThatMakesNothingOfAnswersAreNotAskedFor() {
        Counted rows = new Counted(Linear.source(new int[64]));
        SourceSet set = new SourceSet(Optional.of(rows), 0, model.source());
        set.keepAnswers(model, BY_ANSWERS, BATCH);

        LabelledBatch batch = set.drawPlain(4, false, new SplitMix64(1)).orElseThrow();

        assertThat(batch.answers()).isEmpty();
        assertThat(batch.inputs())
                .isEqualTo(
                        set.drawPlain(4, true, new SplitMix64(1)).orElseThrow().inputs());
    }

    @Test
    void answersAreKeptOnlyWhereALossIsTakenOfThem() {
        SourceSet byLabels = set(0, 3, 1);
        byLabels.keepAnswers(model, BY_ANSWERS.withSourceLoss(LossTerms.SourceLoss.LABELS), BATCH);

        assertThat(byLabels.draw(2, new SplitMix64(1)).orElseThrow().answers()).isEmpty();
        assertThat(byLabels.drawPlain(2, true, new SplitMix64(1)).orElseThrow().answers())
                .isEmpty();
    }

    private static boolean isPlain(FloatTensor row) {
        return row.equals(Linear.row(0)) || row.equals(Linear.row(1));
    }

    /** A model that was trained for its five classes. */
    private static ModelGraph trained() {
        return BiasModel.graph().with(Linear.version(3, 1));
    }

    /** So many rows of a set of row 0, of class 3, and row 1, of class {@code other}, all of which may be mixed. */
    private static LabelledBatch mixed(ModelGraph graph, int other, LossTerms terms, int count) {
        try (BaseModel known = new BaseModel(graph, Linear.settings().train())) {
            SourceSet set = new SourceSet(Optional.of(Linear.source(3, other)), 0, known.source());
            set.keepAnswers(known, terms, BATCH);
            return set.draw(count, new RandomMixing(1), new SplitMix64(1)).orElseThrow();
        }
    }

    @Test
    void rowsAreMixedWhereALossIsTakenOfAnswersWhichAreThenNotKept() {
        LabelledBatch batch = mixed(trained(), 1, BY_ANSWERS, 200);

        assertThat(batch.answers()).isEmpty();
        long plain = IntStream.range(0, 200)
                .filter(i -> isPlain(batch.inputs().row(i)))
                .count();
        assertThat(plain).as("those mixed with themselves").isBetween(60L, 140L);
        for (int i = 0; i < 200; i++) {
            int own = batch.classes().get(i) == 3 ? 0 : 1;
            assertThat(batch.inputs().row(i).values()[own])
                    .as("the row itself weighs most")
                    .isGreaterThanOrEqualTo(batch.inputs().row(i).values()[1 - own]);
        }
    }

    @Test
    void rowsWhoseLabelsTheLossIsTakenOfAreNotMixed() {
        LabelledBatch batch = mixed(trained(), 1, BY_ANSWERS.withSourceLoss(LossTerms.SourceLoss.LABELS), 20);

        assertThat(IntStream.range(0, 20)).allMatch(i -> isPlain(batch.inputs().row(i)));
    }

    /** The source model cannot tell that half of a mixture is of such a class. */
    @Test
    void rowsOfClassesThatTheSourceModelDoesNotKnowAreNotMixed() throws Exception {
        ClassNames more = new ClassNames(List.of("zero", "one", "two", "three", "four", "new"));
        LabelledBatch batch = mixed(trained().withClasses(more, new FreshRows.MeanOfKept()), 5, BY_ANSWERS, 40);

        assertThat(batch.classes()).contains(3, 5);
        for (int i = 0; i < 40; i++) {
            int other = batch.classes().get(i) == 3 ? 1 : 0;
            assertThat(batch.inputs().row(i).values()[other]).isZero();
        }
    }

    @Test
    void nothingIsMixedWhileNobodyHasTrainedTheLastLayer() {
        LabelledBatch batch = mixed(BiasModel.graph(), 1, BY_ANSWERS, 20);

        assertThat(IntStream.range(0, 20)).allMatch(i -> isPlain(batch.inputs().row(i)));
    }
}
