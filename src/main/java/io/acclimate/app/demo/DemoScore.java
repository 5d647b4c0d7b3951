package io.acclimate.app.demo;

import io.acclimate.core.Activation;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.ImageId;
import io.acclimate.core.Prediction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Keeps the score of a demo stream: for each image its true class, the answer of the frozen source model, and the prediction.
 *
 * <p>Images are named by their place in the stream, {@code image-0} to {@code image-(n-1)}. Any thread may call; every method holds
 * the lock, since the feed's thread writes while the terminal's reads.
 */
final class DemoScore {
    private static final String PREFIX = "image-";
    private static final int WINDOW = 500;

    private final int[] truth;
    private final int[] source;
    private final int[] served;
    private final int[] times;
    private final List<Integer> order = new ArrayList<>();
    private final List<Double> latencyMillis = new ArrayList<>();
    private final Map<Long, Instant> lastLabel = new HashMap<>();
    private final Map<Long, Instant> firstServed = new HashMap<>();
    private long deadLetters;
    private long trained;
    private long learned;
    private long version;

    DemoScore(int images) {
        truth = new int[images];
        source = new int[images];
        served = new int[images];
        times = new int[images];
        Arrays.fill(served, -1);
    }

    static String id(int index) {
        return PREFIX + index;
    }

    static int index(ImageId id) {
        return Integer.parseInt(id.value().substring(PREFIX.length()));
    }

    synchronized void expect(int index, int trueClass, int sourceClass) {
        truth[index] = trueClass;
        source[index] = sourceClass;
    }

    synchronized void prediction(Prediction prediction) {
        int index = index(prediction.imageId());
        if (times[index]++ > 0) {
            return;
        }
        served[index] = prediction.best().classIndex();
        order.add(index);
        latencyMillis.add(prediction.took().toNanos() / 1e6);
        version = prediction.modelVersion();
        firstServed.putIfAbsent(version, prediction.eventTime().plus(prediction.took()));
    }

    synchronized void event(AdaptationEvent event) {
        if (event instanceof AdaptationEvent.Trained step) {
            trained += step.samples() - step.holdout();
            learned += step.samples();
        } else if (event instanceof AdaptationEvent.Activated activated) {
            Activation activation = activated.activation();
            lastLabel.putIfAbsent(activation.version().number(), activation.lastLabelTime());
        }
    }

    synchronized void deadLetter() {
        deadLetters++;
    }

    synchronized int predicted() {
        return order.size();
    }

    /** The number of labelled samples that the worker has taken, for training or for the holdout. */
    synchronized long learned() {
        return learned;
    }

    synchronized long trained() {
        return trained;
    }

    synchronized long version() {
        return version;
    }

    synchronized OptionalDouble latencyP50() {
        int from = Math.max(0, latencyMillis.size() - WINDOW);
        return latencyMillis.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(quantile(latencyMillis.subList(from, latencyMillis.size()), 0.5));
    }

    /** The accuracy of the adapted service over the last images that were predicted. */
    synchronized OptionalDouble rollingAdapted() {
        return share(recent(), served);
    }

    /** The accuracy of the frozen source model over the same images. */
    synchronized OptionalDouble rollingSource() {
        return share(recent(), source);
    }

    synchronized DemoSummary summary(String shift, long seed, long labels, Duration streamed, Duration wall) {
        List<Integer> lastHalf = new ArrayList<>();
        long missing = 0;
        long duplicates = 0;
        for (int i = 0; i < truth.length; i++) {
            missing += times[i] == 0 ? 1 : 0;
            duplicates += Math.max(0, times[i] - 1);
            if (i >= truth.length / 2) {
                lastHalf.add(i);
            }
        }
        List<Double> toServed = new ArrayList<>();
        lastLabel.forEach((number, labelled) -> {
            Instant first = firstServed.get(number);
            if (first != null) {
                toServed.add(Duration.between(labelled, first).toNanos() / 1e6);
            }
        });
        return new DemoSummary(
                shift,
                seed,
                truth.length,
                Arrays.stream(times).asLongStream().sum(),
                missing,
                duplicates,
                labels,
                trained,
                firstServed.keySet().stream().filter(number -> number > 0).count(),
                deadLetters,
                share(lastHalf, source).orElse(Double.NaN),
                share(lastHalf, served).orElse(Double.NaN),
                quantile(toServed, 0.5),
                quantile(latencyMillis, 0.5),
                quantile(latencyMillis, 0.99),
                order.size() / Math.max(1e-9, streamed.toNanos() / 1e9),
                wall.toNanos() / 1e9);
    }

    private List<Integer> recent() {
        return order.subList(Math.max(0, order.size() - WINDOW), order.size());
    }

    private OptionalDouble share(List<Integer> indexes, int[] answers) {
        return indexes.stream().mapToDouble(i -> answers[i] == truth[i] ? 1 : 0).average();
    }

    /** Returns NaN when there are no values. */
    private static double quantile(List<Double> values, double q) {
        if (values.isEmpty()) {
            return Double.NaN;
        }
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
    }
}
