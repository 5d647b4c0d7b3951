package io.acclimate.train.kernels;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.GradientCollector;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Compares convolutions of 32-bit numbers, and their gradients, with the same in 64 bits, which another implementation computes. A model
 * that is trained with wrong gradients becomes worse without any error, and a comparison of outputs alone does not notice it.
 */
public final class ConvolutionCheck {
    /** The largest difference, as a share of the largest value. Rounding is some 1e-6. */
    private static final double BOUND = 1e-3;

    /**
     * A convolution of square pictures and windows.
     *
     * @param channels of the picture
     * @param size of the picture, in pixels
     * @param filters how many channels the result has
     * @param window of a filter, in pixels
     */
    private record Case(
            int rows, int channels, int size, int filters, int window, int stride, int padding, int groups) {}

    private static final List<Case> CASES = List.of(
            new Case(2, 4, 5, 4, 3, 1, 1, 1),
            new Case(2, 4, 5, 3, 3, 1, 0, 1),
            new Case(2, 2, 5, 3, 2, 1, 0, 1),
            new Case(2, 16, 12, 16, 3, 1, 1, 1),
            new Case(2, 3, 32, 16, 5, 1, 2, 1),
            new Case(2, 16, 14, 32, 3, 2, 1, 1),
            new Case(2, 16, 14, 32, 1, 1, 0, 1),
            new Case(2, 32, 14, 32, 3, 1, 1, 32),
            new Case(2, 64, 7, 64, 3, 1, 1, 1));

    private ConvolutionCheck() {}

    /** What is wrong, with the way out; empty when all is right. The caller holds the engine's only gradient collector. */
    public static Optional<String> fault(Engine engine, NDManager manager) {
        for (Case each : CASES) {
            double difference = difference(engine, manager, each);
            if (!(difference <= BOUND)) {
                return Optional.of(
                        "PyTorch's convolutions are wrong on this machine: " + each + " differs by " + difference
                                + " of its largest value from the same in 64 bits, and the bound is " + BOUND
                                + "; set the environment variable " + KernelChoice.VARIABLE + "=SSE41 and start again");
            }
        }
        return Optional.empty();
    }

    private static double difference(Engine engine, NDManager manager, Case each) {
        Random random = new Random(1);
        Shape input = new Shape(each.rows(), each.channels(), each.size(), each.size());
        Shape weight = new Shape(each.filters(), each.channels() / each.groups(), each.window(), each.window());
        float[] x = normal(random, input);
        float[] w = normal(random, weight);
        List<double[]> single = results(engine, manager, each, DataType.FLOAT32, input, x, weight, w);
        List<double[]> wide = results(engine, manager, each, DataType.FLOAT64, input, x, weight, w);
        double largest = 0;
        for (int i = 0; i < wide.size(); i++) {
            largest = Math.max(largest, share(single.get(i), wide.get(i)));
        }
        return largest;
    }

    /** The output, and the gradients of the sum of its squares by input and weights. */
    private static List<double[]> results(
            Engine engine,
            NDManager manager,
            Case each,
            DataType type,
            Shape input,
            float[] x,
            Shape weight,
            float[] w) {
        try (NDManager step = manager.newSubManager();
                GradientCollector collector = engine.newGradientCollector()) {
            NDArray picture = step.create(x, input).toType(type, true);
            NDArray filters = step.create(w, weight).toType(type, true);
            picture.setRequiresGradient(true);
            filters.setRequiresGradient(true);
            NDList out = Conv2d.conv2d(
                    picture,
                    filters,
                    null,
                    new Shape(each.stride(), each.stride()),
                    new Shape(each.padding(), each.padding()),
                    new Shape(1, 1),
                    each.groups());
            NDArray result = out.singletonOrThrow();
            collector.backward(result.mul(result).sum());
            return List.of(numbers(result), numbers(picture.getGradient()), numbers(filters.getGradient()));
        }
    }

    private static double[] numbers(NDArray array) {
        return array.toType(DataType.FLOAT64, true).toDoubleArray();
    }

    private static float[] normal(Random random, Shape shape) {
        float[] values = new float[Math.toIntExact(shape.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** The largest difference as a share of the largest of {@code right}; not a number where a value is none. */
    static double share(double[] seen, double[] right) {
        double scale = Double.MIN_NORMAL;
        double difference = 0;
        for (int i = 0; i < right.length; i++) {
            scale = Math.max(scale, Math.abs(right[i]));
            difference = Math.max(difference, Math.abs(seen[i] - right[i]));
        }
        return difference / scale;
    }
}
