package io.acclimate.adapt.domain;

import io.acclimate.adapt.random.RandomMixing;
import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.adapt.translation.PictureSample;
import io.acclimate.adapt.translation.StandIns;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.gate.Paired;
import io.acclimate.infer.ModelSession;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.train.DomainStatistics;
import io.acclimate.train.LabelledBatch;
import io.acclimate.train.LossTerms;
import io.acclimate.train.Samples;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The source set in two parts: the rows that replay draws from, and every n-th row, which is never trained on and shows what the model
 * forgets. The worker's thread only.
 */
public final class SourceSet {
    private static final long KEPT_BYTES = 16L << 20;
    /** What a map and the shape of a tensor take besides. */
    private static final int ENTRY_BYTES = 160;
    /** Enough for means and variances of channels, and cheap. */
    private static final int STATISTICS_ROWS = 512;
    /** Rows for which the source model is asked at a time at most. */
    private static final int MOST_AT_ONCE = 32;

    private final Optional<Samples> samples;
    private final List<Integer> replayed = new ArrayList<>();
    private final List<Integer> checked = new ArrayList<>();
    private final List<FloatTensor> checkRows = new ArrayList<>();
    private final List<Integer> checkLabels = new ArrayList<>();
    private final Optional<StandIns> standIns;
    private final ModelSession source;
    private final boolean[] sourceHits;
    private final String name;
    private @Nullable DomainStatistics statistics;
    private boolean mixable;
    /** The classes that nobody has trained in the source model, which can therefore not tell how much of them a mixture has. */
    private Set<Integer> unknown = Set.of();
    /** Gives the source model's answers to rows; null while they are not kept. */
    private @Nullable UnaryOperator<FloatTensor> asked;
    /** The answers {@code [classes]} to the rows that were drawn before, by the row's number. */
    private final Map<Integer, FloatTensor> answers = new HashMap<>();
    /** The same to rows that were asked for a part of the set at a time. */
    private final Map<Integer, FloatTensor> answersOfParts = new HashMap<>();
    /** The rows of such a part. */
    private int part = 1;

    public SourceSet(Optional<Samples> samples, int check, ModelSession source) {
        this.samples = samples;
        this.source = source;
        // What is changed at random in a picture has no like in a tensor or a text.
        this.standIns = samples.isEmpty() && source.card().input() instanceof InputSpec pictures
                ? Optional.of(new StandIns(this::sourceModelClasses, pictures))
                : Optional.empty();
        samples.ifPresent(set -> {
            int kept = Math.min(check, set.size() / 2);
            int every = kept == 0 ? Integer.MAX_VALUE : set.size() / kept;
            for (int i = 0; i < set.size(); i++) {
                if (i % every == every - 1 && checked.size() < kept) {
                    checked.add(i);
                    checkLabels.add(set.label(i));
                } else {
                    replayed.add(i);
                }
            }
        });
        this.sourceHits = checked.isEmpty()
                ? new boolean[0]
                : BaseModel.predict(source, checked.size(), this::checkRow).hits(checkLabels);
        this.name = samples.isEmpty()
                ? "none"
                : samples.get().size() + " samples, " + Integer.toHexString(31 * rowsHash() + checkLabels.hashCode());
    }

    /** The i-th row that is kept from training. The first rows, up to {@value #KEPT_BYTES} bytes, are made once. */
    private FloatTensor checkRow(int i) {
        if (i < checkRows.size()) {
            return checkRows.get(i);
        }
        FloatTensor row = samples.orElseThrow().row(checked.get(i));
        if (i == checkRows.size() && Float.BYTES * row.shape().elements() * (i + 1) <= KEPT_BYTES) {
            checkRows.add(row);
        }
        return row;
    }

    /** The hash of the list of these rows. */
    private int rowsHash() {
        int hash = 1;
        for (int i = 0; i < checked.size(); i++) {
            hash = 31 * hash + checkRow(i).hashCode();
        }
        return hash;
    }

    /** Names the set by its size and by a hash of the rows that are kept from training. Equal sets have equal names. */
    public String name() {
        return name;
    }

    /** What takes the place of source samples; empty when there is a source set, and for models that do not take pictures. */
    Optional<StandIns> standIns() {
        return standIns;
    }

    /** Whether there are rows to train on. */
    boolean isThere() {
        return !replayed.isEmpty();
    }

    /** One of the rows that are not kept from training. */
    PictureSample drawOne(SplitMix64 random) {
        int index = replayed.get(random.below(replayed.size()));
        return new PictureSample(
                samples.orElseThrow().row(index), samples.orElseThrow().label(index));
    }

    /** The class that the source model takes each row for. */
    List<Integer> sourceModelClasses(int count, IntFunction<FloatTensor> row) {
        return BaseModel.predict(source, count, row).classes();
    }

    /**
     * Keeps the source model's answers from now on: they never change, and asking for them was a tenth of a round. Each row is asked for
     * alone, since the last bits of an answer may depend on the rows beside it, and which rows were drawn together is not in a checkpoint.
     * Nothing is kept where all answers would take more than {@value #KEPT_BYTES} bytes, or where no loss is taken of them. Those of light steps
     * may take as much again: their last bits may be others, so one kind must not stand for the other.
     *
     * @param batch the target rows of a step: its memory is bounded, and that of this many rows is less
     */
    void keepAnswers(BaseModel models, LossTerms terms, int batch) {
        part = Math.min(MOST_AT_ONCE, batch);
        mixable = terms.sourceLoss() == LossTerms.SourceLoss.ANSWERS
                && models.graph().card().input() instanceof InputSpec;
        unknown = models.graph().untrainedRows().classes();
        int classes = models.graph().card().classes().count();
        if (terms.sourceLoss() == LossTerms.SourceLoss.ANSWERS
                && (Float.BYTES * (long) classes + ENTRY_BYTES) * replayed.size() <= KEPT_BYTES) {
            asked = models::sourceLogits;
        }
    }

    Optional<LabelledBatch> draw(int count, SplitMix64 random) {
        return draw(count, RandomMixing.NONE, random);
    }

    /**
     * Rows some of which are mixed have no answers that are kept. Only pictures of classes that the source model knows are mixed, and only
     * where a loss is taken of answers.
     */
    Optional<LabelledBatch> draw(int count, RandomMixing mixing, SplitMix64 random) {
        if (samples.isEmpty() || replayed.isEmpty()) {
            return Optional.empty();
        }
        List<FloatTensor> rows = new ArrayList<>(count);
        List<Integer> labels = new ArrayList<>(count);
        List<FloatTensor> known = new ArrayList<>(count);
        UnaryOperator<FloatTensor> sourceModel = mixing.mixes() && mixable ? null : asked;
        for (int i = 0; i < count; i++) {
            int index = replayed.get(random.below(replayed.size()));
            FloatTensor row = samples.get().row(index);
            boolean mixed = mixable && !unknown.contains(samples.get().label(index));
            rows.add(mixed ? mixing.mixed(row, () -> other(row, random), random) : row);
            labels.add(samples.get().label(index));
            if (sourceModel != null) {
                known.add(answers.computeIfAbsent(index, each -> sourceModel
                        .apply(FloatTensor.stack(List.of(row)))
                        .row(0)));
            }
        }
        return Optional.of(new LabelledBatch(
                FloatTensor.stack(rows),
                labels,
                known.isEmpty() ? Optional.empty() : Optional.of(FloatTensor.stack(known))));
    }

    /**
     * Rows of which none is mixed, for steps that must be cheap. Where answers are kept, the source model is asked for a fixed part of the set at a time,
     * so that the last bits of an answer do not depend on which rows were drawn before, and a row costs a fifth of what it costs alone.
     *
     * @param answered false where the step makes nothing of answers, or has them from the features of its rows: at first, a draw of eight rows
     *     asks for up to eight parts of the set, which would cost more than the step
     */
    Optional<LabelledBatch> drawPlain(int count, boolean answered, SplitMix64 random) {
        if (samples.isEmpty() || replayed.isEmpty()) {
            return Optional.empty();
        }
        List<Integer> drawn = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            drawn.add(replayed.get(random.below(replayed.size())));
        }
        return Optional.of(new LabelledBatch(
                rows(drawn),
                drawn.stream().map(samples.get()::label).toList(),
                asked == null || !answered
                        ? Optional.empty()
                        : Optional.of(FloatTensor.stack(
                                drawn.stream().map(this::answerOfPart).toList()))));
    }

    private FloatTensor rows(List<Integer> indexes) {
        return FloatTensor.stack(
                indexes.stream().map(samples.orElseThrow()::row).toList());
    }

    private FloatTensor answerOfPart(int index) {
        UnaryOperator<FloatTensor> sourceModel = asked;
        if (sourceModel != null && !answersOfParts.containsKey(index)) {
            int from = index / part * part;
            List<Integer> some = IntStream.range(
                            from, Math.min(samples.orElseThrow().size(), from + part))
                    .boxed()
                    .toList();
            FloatTensor all = sourceModel.apply(rows(some));
            for (int i = 0; i < some.size(); i++) {
                answersOfParts.put(some.get(i), all.row(i));
            }
        }
        return Objects.requireNonNull(answersOfParts.get(index), "kept with its part");
    }

    /** What {@code row} is mixed with: any row, or itself where that is of a class that the source model does not know. */
    private FloatTensor other(FloatTensor row, SplitMix64 random) {
        int index = replayed.get(random.below(replayed.size()));
        return unknown.contains(samples.orElseThrow().label(index))
                ? row
                : samples.get().row(index);
    }

    /** What the source set shows of the model's channels, for aligning a domain to it; estimated at the first call. */
    DomainStatistics statistics(ModelGraph graph) {
        DomainStatistics known = statistics;
        if (known == null) {
            int count = Math.min(STATISTICS_ROWS, replayed.size());
            known = new DomainStatistics(graph, count, i -> samples.orElseThrow()
                    .row(replayed.get((int) ((long) i * replayed.size() / count))));
            statistics = known;
        }
        return known;
    }

    /** Compares the candidate with the source model on the rows that are kept from training. */
    Optional<Paired> judge(ModelSession candidate) {
        return checked.isEmpty()
                ? Optional.empty()
                : Optional.of(Paired.of(
                        BaseModel.predict(candidate, checked.size(), this::checkRow)
                                .hits(checkLabels),
                        sourceHits));
    }
}
