package io.acclimate.app.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import io.acclimate.core.ClassNames;
import io.acclimate.core.FloatTensor;
import io.acclimate.onnx.GraphBuilder;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.node.InvalidModelException;
import io.acclimate.train.offline.SmallCnn;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The networks of {@code bench train} for {@code [32, 3, 32, 32]}, each written twice: as an ONNX graph, which is what users bring, and
 * by hand with DJL's blocks. The script for PyTorch beside this class writes them a third time.
 */
enum BenchNetwork {
    LENET {
        @Override
        ModelGraph graph() {
            return SmallCnn.fresh("lenet", classes(), 1);
        }

        @Override
        Block block() {
            SequentialBlock net = new SequentialBlock();
            for (int width : new int[] {6, 16}) {
                net.add(convolution(width, 5, 1, 0, true))
                        .add(Activation::relu)
                        .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)));
            }
            net.add(Blocks.batchFlattenBlock());
            for (int width : new int[] {120, 84}) {
                net.add(linear(width)).add(Activation::relu);
            }
            return net.add(linear(CLASSES));
        }
    },
    RESIDUAL {
        @Override
        ModelGraph graph() {
            return new ResidualGraph().build();
        }

        @Override
        Block block() {
            SequentialBlock net = new SequentialBlock();
            normalised(net, WIDTHS.get(0), 3, 1, 1);
            net.add(Activation::relu);
            int from = WIDTHS.get(0);
            for (int to : WIDTHS) {
                int stride = to == from ? 1 : 2;
                SequentialBlock body = new SequentialBlock();
                normalised(body, to, 3, stride, 1);
                body.add(Activation::relu);
                normalised(body, to, 3, 1, 1);
                SequentialBlock shortcut = new SequentialBlock();
                if (stride == 1) {
                    shortcut.add(Blocks.identityBlock());
                } else {
                    normalised(shortcut, to, 1, stride, 0);
                }
                net.add(new ParallelBlock(BenchNetwork::sum, List.of(body, shortcut)))
                        .add(Activation::relu);
                from = to;
            }
            return net.add(Pool.globalAvgPool2dBlock())
                    .add(Blocks.batchFlattenBlock())
                    .add(linear(CLASSES));
        }
    };

    static final int CLASSES = 10;
    /** Channels of the residual network's three blocks. */
    static final List<Integer> WIDTHS = List.of(16, 32, 64);

    abstract ModelGraph graph();

    abstract Block block();

    private static ClassNames classes() {
        return new ClassNames(
                IntStream.range(0, CLASSES).mapToObj(i -> "class-" + i).toList());
    }

    private static NDList sum(List<NDList> branches) {
        NDArray both = branches.get(0).singletonOrThrow().add(branches.get(1).singletonOrThrow());
        return new NDList(both);
    }

    private static void normalised(SequentialBlock net, int width, int kernel, int stride, int padding) {
        net.add(convolution(width, kernel, stride, padding, false))
                .add(BatchNorm.builder().build());
    }

    private static Conv2d convolution(int width, int kernel, int stride, int padding, boolean bias) {
        return Conv2d.builder()
                .setKernelShape(new Shape(kernel, kernel))
                .optStride(new Shape(stride, stride))
                .optPadding(new Shape(padding, padding))
                .setFilters(width)
                .optBias(bias)
                .build();
    }

    private static Linear linear(int width) {
        return Linear.builder().setUnits(width).build();
    }

    /** A stem, three basic blocks, global pooling, one linear layer; batch normalisation is not folded. */
    private static final class ResidualGraph {
        private final Random random = new Random(1);
        private final GraphBuilder graph =
                new GraphBuilder("residual", 17).input("image", io.acclimate.core.Shape.of(3, 32, 32));

        ModelGraph build() {
            String at = relu(normalised("image", "stem", 3, WIDTHS.get(0), 3, 1));
            int from = WIDTHS.get(0);
            for (int to : WIDTHS) {
                String name = "block" + to;
                int stride = to == from ? 1 : 2;
                String body = relu(normalised(at, name + ".conv1", from, to, 3, stride));
                body = normalised(body, name + ".conv2", to, to, 3, 1);
                String shortcut = stride == 1 ? at : normalised(at, name + ".down", from, to, 1, stride);
                graph.node("Add", List.of(body, shortcut), List.of(name + ".sum"), Map.of());
                at = relu(name + ".sum");
                from = to;
            }
            graph.node("GlobalAveragePool", List.of(at), List.of("pooled"), Map.of());
            graph.node("Flatten", List.of("pooled"), List.of("flat"), Map.of());
            graph.weight("fc.weight", uniform(from, CLASSES, from)).weight("fc.bias", filled(0, CLASSES));
            graph.node("Gemm", List.of("flat", "fc.weight", "fc.bias"), List.of("logits"), Map.of("transB", 1L));
            graph.output("logits", io.acclimate.core.Shape.of(CLASSES));
            try {
                return ModelGraph.of(
                        graph.toOnnx(), SmallCnn.fresh("residual", classes(), 1).card());
            } catch (InvalidModelException e) {
                throw new IllegalStateException("the built network is a valid model", e);
            }
        }

        private String relu(String from) {
            graph.node("Relu", List.of(from), List.of(from + ".relu"), Map.of());
            return from + ".relu";
        }

        private String normalised(String input, String name, int from, int to, int kernel, int stride) {
            long pad = kernel / 2;
            graph.weight(name + ".weight", uniform(from * kernel * kernel, to, from, kernel, kernel));
            graph.node(
                    "Conv",
                    List.of(input, name + ".weight"),
                    List.of(name),
                    Map.of(
                            "kernel_shape",
                            new long[] {kernel, kernel},
                            "strides",
                            new long[] {stride, stride},
                            "pads",
                            new long[] {pad, pad, pad, pad}));
            String norm = name + ".bn";
            graph.weight(norm + ".weight", filled(1, to)).weight(norm + ".bias", filled(0, to));
            graph.weight(norm + ".mean", filled(0, to)).weight(norm + ".var", filled(1, to));
            graph.node(
                    "BatchNormalization",
                    List.of(name, norm + ".weight", norm + ".bias", norm + ".mean", norm + ".var"),
                    List.of(norm),
                    Map.of());
            return norm;
        }

        private FloatTensor uniform(int fanIn, int... extents) {
            float[] values = filled(0, extents).values();
            double bound = 1 / Math.sqrt(fanIn);
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) ((random.nextDouble() * 2 - 1) * bound);
            }
            return FloatTensor.wrap(io.acclimate.core.Shape.of(extents), values);
        }

        private static FloatTensor filled(float value, int... extents) {
            io.acclimate.core.Shape shape = io.acclimate.core.Shape.of(extents);
            float[] values = new float[Math.toIntExact(shape.elements())];
            Arrays.fill(values, value);
            return FloatTensor.wrap(shape, values);
        }
    }
}
