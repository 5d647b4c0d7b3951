package io.acclimate.gate;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * The last labels beside the classes by source model and candidate, and whether the labels themselves look wrong.
 *
 * <ul>
 *   <li>One class: all of at least {@value #ENOUGH} labels name it. They may be right and sorted, and are learnt from.
 *   <li>Random: by {@link LabelTie}, neither the source model's nor the candidate's classes have a tie with the labels that
 *       chance does not explain in {@value #TIE_CHANCE} of all cases. One model with a tie is enough, also with one under wrong names.
 *   <li>Permuted: the {@link Assignment} of labels to the source model's classes that fits one half of the samples best explains the
 *       other half better than the labels as they are, by {@value #PERMUTED_Z} standard errors of the difference.
 * </ul>
 *
 * Of a domain that the source model knows little of, it confuses classes with each other, and then a permutation may explain right labels,
 * too. So below {@value #KNOWN} of agreement as they are, labels are called permuted only when that agreement is within {@value
 * #ABOVE_CHANCE} standard errors of chance, and never when the other order explains less than {@value #EXPLAINED} of them: strong shifts
 * mislead a model in the same way for a whole class. A source model that takes two classes for each other looks as if labels had
 * exchanged them, so two classes alone must explain {@value #OF_TWO_CLASSES} of the labels more. Labels of classes that nobody has trained
 * in the source model are left out, and {@value #ENOUGH} others are waited for: it takes each of these classes for another one, and that
 * looks like another order, too. An order by which classes are unlike that are alike to the source model is not believed ({@link
 * ClassLikeness}), unless the source model agrees with these labels less than with those before them: what it is not believed by is of
 * those, too. Fails to see: permutations where the source model knows that little of the domain, permutations of new classes, and two
 * exchanged classes that are rare. One thread. Measured in {@code findings/decisions/label-shift.md}.
 */
final class LabelWindow {
    private static final int CAPACITY = 512;
    private static final int ENOUGH = 256;
    private static final double TIE_CHANCE = 0.05;
    private static final double PERMUTED_Z = 3;
    private static final double KNOWN = 0.3;
    private static final double ABOVE_CHANCE = 2;
    private static final double EXPLAINED = 0.35;
    /** Standard errors by which the last labels agree less with the source model than all so far, when they have changed. */
    private static final double FEWER = 3;

    private static final double OF_TWO_CLASSES = 0.125;
    /** With more classes among the labels, permutations are not looked for: it would take too long. */
    private static final int CLASSES_AT_MOST = 128;

    private static final int NAMED_AT_MOST = 10;

    private final int classes;
    private final Set<Integer> unknown;
    private final LabelShift all;
    private final Deque<Sample> samples = new ArrayDeque<>();

    /**
     * @param unknown the classes that nobody has trained in the source model
     * @param all what is known of these labels and of those before them
     */
    LabelWindow(int classes, Set<Integer> unknown, LabelShift all) {
        this.classes = classes;
        this.all = all;
        this.unknown = Set.copyOf(unknown);
    }

    private record Sample(int label, int source, int candidate) {}

    void add(Scored scored) {
        samples.addLast(new Sample(scored.label(), scored.source(), scored.candidate()));
        if (samples.size() > CAPACITY) {
            samples.removeFirst();
        }
    }

    void clear() {
        samples.clear();
    }

    int size() {
        return samples.size();
    }

    /** How likely the candidate's agreement with the labels would be if the labels said nothing; 1 without samples. */
    double chanceOfCandidate() {
        return LabelTie.chanceOfHits(column(Sample::label), column(Sample::candidate));
    }

    Optional<LabelSuspicion> suspicion(boolean sorted) {
        if (samples.size() < ENOUGH) {
            return Optional.empty();
        }
        int[] labels = column(Sample::label);
        int[] source = column(Sample::source);
        if (Arrays.stream(labels).distinct().count() == 1) {
            return suspicion(
                    LabelSuspicion.Kind.ONE_CLASS,
                    "all of the last %d labels name class %d: either they come sorted by class, or one class is named for all images",
                    labels.length,
                    labels[0]);
        }
        if (sorted) {
            return Optional.empty();
        }
        Optional<LabelSuspicion> permuted = permuted();
        if (permuted.isPresent()) {
            return permuted;
        }
        double sourceChance = LabelTie.chanceOfTie(labels, source);
        double candidateChance = LabelTie.chanceOfTie(labels, column(Sample::candidate));
        return Math.min(sourceChance, candidateChance) <= TIE_CHANCE
                ? Optional.empty()
                : suspicion(
                        LabelSuspicion.Kind.RANDOM,
                        "nothing ties the last %d labels to their images: of labels dealt out at random %.0f %% would have as strong a tie to"
                                + " the source model's classes and %.0f %% to the candidate's; %d agree with the source model, %d with the"
                                + " candidate, and the most frequent class has %d",
                        labels.length,
                        100 * sourceChance,
                        100 * candidateChance,
                        hits(Sample::source),
                        hits(Sample::candidate),
                        Arrays.stream(counts(labels)).max().orElse(0));
    }

    private Optional<LabelSuspicion> permuted() {
        List<Sample> known = samples.stream()
                .filter(sample -> !unknown.contains(sample.label()))
                .toList();
        int[] labels = known.stream().mapToInt(Sample::label).toArray();
        int[] source = known.stream().mapToInt(Sample::source).toArray();
        int[] names = Arrays.stream(labels).distinct().sorted().toArray();
        if (labels.length < ENOUGH || names.length > CLASSES_AT_MOST) {
            return Optional.empty();
        }
        int asTheyAre = (int) known.stream()
                .filter(sample -> sample.source() == sample.label())
                .count();
        double chance = chanceAgreement(labels, source);
        if (asTheyAre < KNOWN * labels.length
                && asTheyAre > chance + ABOVE_CHANCE * Math.sqrt(chance * (1 - chance / labels.length))) {
            return Optional.empty();
        }
        int[][] fitted = new int[names.length][names.length];
        boolean[] fits = everySecondOfEachClass(labels);
        for (int i = 0; i < labels.length; i++) {
            int column = Arrays.binarySearch(names, source[i]);
            if (fits[i] && column >= 0) {
                fitted[Arrays.binarySearch(names, labels[i])][column]++;
            }
        }
        int[] meant = Assignment.largest(fitted);
        int explained = 0;
        int unexplained = 0;
        int agreed = 0;
        int tested = 0;
        for (int i = 0; i < labels.length; i++) {
            int other = names[meant[Arrays.binarySearch(names, labels[i])]];
            explained += !fits[i] && source[i] == other && source[i] != labels[i] ? 1 : 0;
            unexplained += !fits[i] && source[i] != other && source[i] == labels[i] ? 1 : 0;
            agreed += !fits[i] && source[i] == other ? 1 : 0;
            tested += fits[i] ? 0 : 1;
        }
        if (agreed < EXPLAINED * tested) {
            return Optional.empty();
        }
        if (!(explained - unexplained > PERMUTED_Z * Math.sqrt(explained + unexplained))) {
            return Optional.empty();
        }
        long moved = IntStream.range(0, meant.length).filter(i -> meant[i] != i).count();
        if (moved <= 2 && explained - unexplained < OF_TWO_CLASSES * tested) {
            return Optional.empty();
        }
        if (areAsBefore(asTheyAre, labels.length)
                && all.likeness().better(labelsOfClasses(names, meant)).isUnlike()) {
            return Optional.empty();
        }
        return suspicion(
                LabelSuspicion.Kind.PERMUTED,
                "another order of the classes explains the last %d labels better: the source model agrees with %d of them as they are,"
                        + " and on one half of them %d more agree and %d fewer when %s, as the other half suggests",
                labels.length,
                asTheyAre,
                explained,
                unexplained,
                named(names, meant));
    }

    /**
     * True unless the source model has fewer of the last labels right than it had before. {@link ClassLikeness} is of four times as many labels as these, and when
     * their order changes, what it says is of the old one for long.
     */
    private boolean areAsBefore(int right, int of) {
        double expected = all.expectedRight(of);
        return right >= expected - FEWER * Math.sqrt(expected * (1 - expected / of));
    }

    /** For each class the label that is meant for it; −1 for classes without labels. */
    private int[] labelsOfClasses(int[] names, int[] meant) {
        int[] labels = new int[classes];
        Arrays.fill(labels, -1);
        for (int i = 0; i < names.length; i++) {
            labels[names[meant[i]]] = names[i];
        }
        return labels;
    }

    private boolean[] everySecondOfEachClass(int[] labels) {
        boolean[] second = new boolean[labels.length];
        boolean[] next = new boolean[classes];
        for (int i = 0; i < labels.length; i++) {
            second[i] = next[labels[i]];
            next[labels[i]] ^= true;
        }
        return second;
    }

    private String named(int[] names, int[] meant) {
        int[] other = Arrays.stream(meant).map(index -> names[index]).toArray();
        int shift = Math.floorMod(names[0] - other[0], classes);
        boolean shifted = true;
        boolean reversed = true;
        for (int i = 0; i < names.length; i++) {
            shifted &= Math.floorMod(names[i] - other[i], classes) == shift;
            reversed &= names[i] + other[i] == classes - 1;
        }
        if (shifted) {
            return "the list of classes is taken as shifted by " + shift;
        }
        if (reversed) {
            return "the list of classes is taken as reversed";
        }
        StringJoiner pairs = new StringJoiner(", ", "labels are taken for others (", ")");
        int count = 0;
        for (int i = 0; i < names.length; i++) {
            if (names[i] != other[i] && ++count <= NAMED_AT_MOST) {
                pairs.add(names[i] + " for " + other[i]);
            }
        }
        return pairs.toString();
    }

    private double chanceAgreement(int[] labels, int[] source) {
        int[] ofLabels = counts(labels);
        int[] ofSource = counts(source);
        double expected = 0;
        for (int i = 0; i < classes; i++) {
            expected += ofLabels[i] * (double) ofSource[i] / labels.length;
        }
        return expected;
    }

    private int[] counts(int[] values) {
        int[] counts = new int[classes];
        for (int value : values) {
            counts[value]++;
        }
        return counts;
    }

    private int hits(ToIntFunction<Sample> model) {
        return (int) samples.stream()
                .filter(sample -> model.applyAsInt(sample) == sample.label())
                .count();
    }

    private int[] column(ToIntFunction<Sample> part) {
        return samples.stream().mapToInt(part).toArray();
    }

    private static Optional<LabelSuspicion> suspicion(LabelSuspicion.Kind kind, String evidence, Object... numbers) {
        return Optional.of(new LabelSuspicion(kind, String.format(Locale.ROOT, evidence, numbers)));
    }

    List<Long> state() {
        return samples.stream()
                .map(each -> ((long) each.label() * classes + each.source()) * classes + each.candidate())
                .toList();
    }

    /** Begins with nothing when the state has classes that the model does not have. */
    void restore(List<Long> state) {
        samples.clear();
        for (long each : state) {
            long label = each / classes / classes;
            if (label < 0 || label >= classes) {
                samples.clear();
                return;
            }
            samples.addLast(new Sample((int) label, (int) (each / classes % classes), (int) (each % classes)));
        }
    }
}
