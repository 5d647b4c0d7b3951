package io.acclimate.app.bench.adapt;

import io.acclimate.core.Bytes;
import io.acclimate.core.Coordinates;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.ImageId;
import io.acclimate.core.InputSpec;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.MiniBatch.UnlabelledImage;
import io.acclimate.core.Payload;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.dataset.Shift;
import io.acclimate.image.Preprocessor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The images of one cell: those that are served, those that are labelled, and those that only test. Served and labelled images are
 * the same where labels come in the order of serving. Where they come in another order, what is served is drawn from the images that
 * only test, so that nothing is served after it was trained on. One thread.
 */
final class CellStream {
    private final Cell cell;
    private final LabelledImages images;
    private final Preprocessor preprocessor;
    private final List<Integer> labelled;
    private final List<Integer> tests;
    private final List<Integer> unlabelled;
    private final List<Shift> domains = new ArrayList<>();
    private final List<Integer> labels = new ArrayList<>();
    /** The places of labelled pictures, in the order in which they come and, where labels repeat, come again. */
    private final List<Integer> turns = new ArrayList<>();

    CellStream(Cell cell, LabelledImages images, InputSpec input, int testSize) {
        if (cell.labels() + cell.unlabelled() + testSize > images.size()) {
            throw new IllegalArgumentException("the data set has " + images.size() + " images; " + cell.labels()
                    + " labels, " + cell.unlabelled() + " images without labels and " + testSize
                    + " test images need more");
        }
        this.cell = cell;
        this.images = images;
        this.preprocessor = new Preprocessor(input);
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, images.size()).boxed().toList());
        Collections.shuffle(order, new Random(cell.seed()));
        this.tests = order.subList(0, testSize);
        int last = order.size() - cell.unlabelled();
        this.unlabelled = order.subList(last, order.size());
        this.labelled = inLabelOrder(order.subList(testSize, last));
        SplittableRandom random = new SplittableRandom(cell.seed());
        int pictures = cell.quality().pictures(cell.labels());
        int classes = images.classNames().count();
        for (int i = 0; i < cell.labels(); i++) {
            domains.add(cell.stream().at(i, cell.labels(), random));
            if (i < pictures) {
                labels.add(cell.quality().of(images.label(labelled.get(i)), classes, random));
            }
        }
        for (int i = 0; i < pictures; i++) {
            turns.add(i);
        }
        if (cell.quality().order() == LabelQuality.Order.REPEATED_BY_LABEL) {
            turns.sort(Comparator.comparing(labels::get));
        }
    }

    /** The place in {@code labelled} and {@code labels} of what label {@code i} is of. */
    private int turn(int i) {
        return turns.get(i % turns.size());
    }

    private List<Integer> inLabelOrder(List<Integer> pool) {
        List<Integer> first = pool.subList(0, cell.labels());
        return switch (cell.quality().order()) {
            case AS_SERVED, REPEATED, REPEATED_BY_LABEL -> first;
            case BY_CLASS ->
                first.stream().sorted(Comparator.comparing(images::label)).toList();
            case ONE_CLASS -> ofOneClass(pool, cell.labels());
            case ONE_CLASS_FIRST ->
                Stream.concat(
                                ofOneClass(pool, cell.labels() / 2).stream(),
                                first.subList(cell.labels() / 2, cell.labels()).stream())
                        .toList();
        };
    }

    private List<Integer> ofOneClass(List<Integer> pool, int count) {
        int wanted = images.label(pool.get(0));
        List<Integer> ofClass =
                pool.stream().filter(image -> images.label(image) == wanted).toList();
        return IntStream.range(0, count)
                .mapToObj(i -> ofClass.get(i % ofClass.size()))
                .toList();
    }

    /** Rows of images with their right classes. */
    record Rows(FloatTensor values, List<Integer> truth) {
        Rows {
            truth = List.copyOf(truth);
        }

        int hits(List<Integer> classes) {
            return (int) IntStream.range(0, truth.size())
                    .filter(i -> truth.get(i).equals(classes.get(i)))
                    .count();
        }
    }

    /** What is served while the labels {@code from} to {@code to} come. */
    Rows served(int from, int to) {
        boolean same = cell.quality().order() == LabelQuality.Order.AS_SERVED;
        List<Integer> chosen = IntStream.range(from, to)
                .mapToObj(i -> same ? labelled.get(i) : tests.get(i % tests.size()))
                .toList();
        return rows(chosen, domains.subList(from, to), from);
    }

    /** The test images in one domain. */
    Rows test(Shift domain) {
        return rows(tests, Collections.nCopies(tests.size(), domain), images.size());
    }

    private Rows rows(List<Integer> chosen, List<Shift> shifts, int firstIndex) {
        List<FloatTensor> rows = new ArrayList<>();
        for (int i = 0; i < chosen.size(); i++) {
            rows.add(row(chosen.get(i), shifts.get(i), firstIndex + i));
        }
        return new Rows(
                FloatTensor.stack(rows), chosen.stream().map(images::label).toList());
    }

    private FloatTensor row(int image, Shift shift, int index) {
        return preprocessor.toRow(shift.apply(images.pixels(image), cell.seed(), index));
    }

    /** The images {@code from} to {@code to} of those without labels, all of the domain in which the stream begins. */
    List<UnlabelledImage> unlabelled(int from, int to) {
        List<UnlabelledImage> chosen = new ArrayList<>();
        for (int i = from; i < to; i++) {
            byte[] row = row(unlabelled.get(i), cell.stream().first(), 2 * images.size() + i)
                    .toLittleEndian();
            chosen.add(new UnlabelledImage(
                    new ImageId("unlabelled-" + i),
                    new Payload(Bytes.wrap(row), Optional.of(Payload.TENSOR_F32)),
                    new Coordinates("images", 0, i)));
        }
        return chosen;
    }

    /** The labelled samples {@code from} to {@code to}, as the mini-batches topic would have them. */
    List<LabelledSample> samples(int from, int to, Instant time) {
        List<LabelledSample> samples = new ArrayList<>();
        for (int i = from; i < to; i++) {
            int turn = turn(i);
            byte[] row = row(labelled.get(turn), domains.get(i), turn).toLittleEndian();
            samples.add(new LabelledSample(
                    new ImageId("image-" + i),
                    labels.get(turn),
                    images.classNames().name(labels.get(turn)),
                    new Payload(Bytes.wrap(row), Optional.of(Payload.TENSOR_F32)),
                    new Coordinates("labels", 0, i),
                    time));
        }
        return samples;
    }
}
