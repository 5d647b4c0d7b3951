package io.acclimate.infer;

import static io.acclimate.infer.ForeignNetworks.HEIGHT;
import static io.acclimate.infer.ForeignNetworks.WIDTH;
import static io.acclimate.infer.ForeignNetworks.integer;
import static io.acclimate.infer.ForeignNetworks.ints;
import static io.acclimate.infer.ForeignNetworks.text;
import static io.acclimate.infer.ForeignNetworks.texts;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxMap;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** Networks as twelve frameworks and exporters leave them, and what their users read from them. */
final class TwelveNetworks {
    static final Picture PICTURE = Picture.random(HEIGHT, WIDTH, 7);
    private static final DataType FLOAT = DataType.FLOAT;

    private TwelveNetworks() {}

    /**
     * A network.
     *
     * @param fed a value of the input for each pixel, and whether channels come last
     * @param scores the probabilities that its users read from the raw outputs
     * @param card keys that a user would set
     */
    record Network(
            String name,
            ForeignNetworks file,
            Fed fed,
            String output,
            Function<float[], float[]> scores,
            String card,
            List<String> classes) {
        @Override
        public String toString() {
            return name;
        }
    }

    record Fed(float mean, float std, boolean channelsLast, boolean bytes) {
        static final Fed HALF = new Fed(0.5f, 0.5f, false, false);
    }

    private static final List<String> NUMBERED = List.of("0", "1", "2");

    private static float[] softmax(float[] logits) {
        float[] out = new float[logits.length];
        double sum = 0;
        for (float each : logits) {
            sum += Math.exp(each);
        }
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) (Math.exp(logits[i]) / sum);
        }
        return out;
    }

    private static float[] same(float[] probabilities) {
        return probabilities;
    }

    private static ForeignNetworks softmaxed(ForeignNetworks file) {
        return file.node("Softmax", List.of("y"), List.of("p"), integer("axis", 1))
                .output("p", FLOAT, "N", 3);
    }

    static Network channelsLast() {
        ForeignNetworks file = new ForeignNetworks().input("x", FLOAT, "N", HEIGHT, WIDTH, 3);
        file.node("Transpose", List.of("x"), List.of("t"), ints("perm", 0, 3, 1, 2))
                .body("t", "y", FLOAT, 3);
        return new Network(
                "channels last",
                softmaxed(file),
                new Fed(0.5f, 0.5f, true, false),
                "p",
                TwelveNetworks::same,
                "layout: NHWC",
                NUMBERED);
    }

    static Network bytes() {
        ForeignNetworks file = new ForeignNetworks().input("x", DataType.UINT8, "N", HEIGHT, WIDTH, 3);
        file.node("Cast", List.of("x"), List.of("f"), integer("to", 1))
                .node("Mul", List.of("f", file.scalar("by", FLOAT, 1 / 255.0)), List.of("s"))
                .node("Transpose", List.of("s"), List.of("t"), ints("perm", 0, 3, 1, 2))
                .body("t", "y", FLOAT, 3);
        return new Network(
                "uint8",
                softmaxed(file),
                new Fed(0, 1 / 255f, true, true),
                "p",
                TwelveNetworks::same,
                "mean: [0, 0, 0]\nstd: [0.003921569, 0.003921569, 0.003921569]",
                NUMBERED);
    }

    static Network rescaling() {
        ForeignNetworks file = new ForeignNetworks().input("x", FLOAT, "N", 3, HEIGHT, WIDTH);
        file.node("Sub", List.of("x", file.constant("m", FLOAT, 127.5)), List.of("a"))
                .node("Div", List.of("a", file.constant("d", FLOAT, 127.5)), List.of("b"))
                .body("b", "y", FLOAT, 3)
                .output("y", FLOAT, "N", 3);
        return new Network(
                "rescaling",
                file,
                new Fed(0, 1 / 255f, false, false),
                "y",
                TwelveNetworks::softmax,
                "mean: [0, 0, 0]\nstd: [0.003921569, 0.003921569, 0.003921569]",
                NUMBERED);
    }

    static Network twoOutputs() {
        ForeignNetworks file = new ForeignNetworks().input("x", FLOAT, "N", 3, HEIGHT, WIDTH);
        file.body("x", "logits", FLOAT, 3).output("features", FLOAT, "N", 4).output("logits", FLOAT, "N", 3);
        return new Network(
                "two outputs", file, Fed.HALF, "logits", TwelveNetworks::softmax, "output: logits", NUMBERED);
    }

    static Network rankFour() {
        ForeignNetworks file = new ForeignNetworks().input("x", FLOAT, "N", 3, HEIGHT, WIDTH);
        file.node(
                        "Conv",
                        List.of("x", file.weights("w", FLOAT, 1, 3, 3, 1, 1)),
                        List.of("c"),
                        ints("kernel_shape", 1, 1))
                .node("GlobalAveragePool", List.of("c"), List.of("g"))
                .node("Softmax", List.of("g"), List.of("p"), integer("axis", 1))
                .output("p", FLOAT, "N", 3, 1, 1);
        return new Network("rank 4", file, Fed.HALF, "p", TwelveNetworks::same, "kind: PROBABILITIES", NUMBERED);
    }

    static Network sigmoid() {
        ForeignNetworks file = new ForeignNetworks().input("x", FLOAT, "N", 3, HEIGHT, WIDTH);
        file.body("x", "y", FLOAT, 1)
                .node("Sigmoid", List.of("y"), List.of("p"))
                .output("p", FLOAT, "N", 1);
        return new Network(
                "sigmoid",
                file,
                Fed.HALF,
                "p",
                p -> new float[] {1 - p[0], p[0]},
                "classes: [bad, good]",
                List.of("0", "1"));
    }

    static Network halfPrecision() {
        ForeignNetworks file = new ForeignNetworks().input("x", FLOAT, "N", 3, HEIGHT, WIDTH);
        file.node("Cast", List.of("x"), List.of("h"), integer("to", 10))
                .body("h", "y", DataType.FLOAT16, 3)
                .node("Softmax", List.of("y"), List.of("q"), integer("axis", 1))
                .node("Cast", List.of("q"), List.of("p"), integer("to", 1))
                .output("p", FLOAT, "N", 3);
        return new Network("fp16", file, Fed.HALF, "p", TwelveNetworks::same, "resize: CROP", NUMBERED);
    }

    static Network quantised() {
        ForeignNetworks file = new ForeignNetworks().input("x", FLOAT, "N", 3, HEIGHT, WIDTH);
        String step = file.scalar("step", FLOAT, 2 / 255.0);
        String zero = file.scalar("zero", DataType.UINT8, 127);
        String weightStep = file.scalar("wstep", FLOAT, 0.02);
        String weightZero = file.scalar("wzero", DataType.INT8, 0);
        String outStep = file.scalar("ostep", FLOAT, 1 / 255.0);
        String outZero = file.scalar("ozero", DataType.UINT8, 0);
        file.node("QuantizeLinear", List.of("x", step, zero), List.of("xq"))
                .node("DequantizeLinear", List.of("xq", step, zero), List.of("xd"))
                .node(
                        "DequantizeLinear",
                        List.of(file.weights("w", DataType.INT8, 40, 3, 3, 3, 3), weightStep, weightZero),
                        List.of("wd"))
                .node("Conv", List.of("xd", "wd"), List.of("c"), ints("kernel_shape", 3, 3))
                .node("GlobalAveragePool", List.of("c"), List.of("g"))
                .node("Flatten", List.of("g"), List.of("y"))
                .node("Softmax", List.of("y"), List.of("q"), integer("axis", 1))
                .node("QuantizeLinear", List.of("q", outStep, outZero), List.of("pq"))
                .node("DequantizeLinear", List.of("pq", outStep, outZero), List.of("p"))
                .output("p", FLOAT, "N", 3);
        return new Network("QDQ", file, Fed.HALF, "p", TwelveNetworks::same, "colour: RGB", NUMBERED);
    }

    static Network zipMap() {
        int width = 3 * HEIGHT * WIDTH;
        ForeignNetworks file = new ForeignNetworks().input("x", FLOAT, "N", 3, HEIGHT, WIDTH);
        file.node("Flatten", List.of("x"), List.of("f"))
                .classical(
                        "LinearClassifier",
                        List.of("f"),
                        List.of("output_label", "s"),
                        file.normals("coefficients", 0.1, 3 * width),
                        file.normals("intercepts", 0.1, 3),
                        text("post_transform", "SOFTMAX"),
                        texts("classlabels_strings", "cat", "dog", "fox"))
                .classical(
                        "ZipMap",
                        List.of("s"),
                        List.of("output_probability"),
                        texts("classlabels_strings", "cat", "dog", "fox"))
                .output("output_label", DataType.STRING, "N")
                .mapOutput("output_probability");
        return new Network(
                "ZipMap",
                file,
                Fed.HALF,
                "output_probability",
                TwelveNetworks::same,
                "output: output_probability",
                List.of("cat", "dog", "fox"));
    }

    static Network paddle() {
        ForeignNetworks file = new ForeignNetworks().input("x", FLOAT, -1, 3, HEIGHT, WIDTH);
        file.node(
                        "Conv",
                        List.of("x", file.constantNode("conv2d_0.w_0", 1, 4, 3, 3, 3)),
                        List.of("c"),
                        ints("kernel_shape", 3, 3))
                .node("Relu", List.of("c"), List.of("r"))
                .node("GlobalAveragePool", List.of("r"), List.of("g"))
                .node("Shape", List.of("g"), List.of("shape"))
                .node(
                        "Slice",
                        List.of(
                                "shape",
                                file.constant("from", DataType.INT64, 0),
                                file.constant("to", DataType.INT64, 1)),
                        List.of("batch"))
                .node(
                        "Concat",
                        List.of("batch", file.constant("rest", DataType.INT64, -1)),
                        List.of("target"),
                        integer("axis", 0))
                .node("Reshape", List.of("g", "target"), List.of("f"))
                .node("MatMul", List.of("f", file.constantNode("linear_0.w_0", 1, 4, 3)), List.of("m"))
                .node("Add", List.of("m", file.constantNode("linear_0.b_0", 1, 3)), List.of("a"))
                .node("Softmax", List.of("a"), List.of("s"), integer("axis", -1))
                .node("Identity", List.of("s"), List.of("save_infer_model/scale_0.tmp_0"))
                .output("save_infer_model/scale_0.tmp_0", FLOAT, -1, 3);
        return new Network(
                "Paddle",
                file,
                Fed.HALF,
                "save_infer_model/scale_0.tmp_0",
                TwelveNetworks::same,
                "name: paddle",
                NUMBERED);
    }

    static Network dynamicSize() {
        ForeignNetworks file = new ForeignNetworks().input("x", FLOAT, "N", 3, "height", "width");
        return new Network(
                "dynamic size",
                softmaxed(file.body("x", "y", FLOAT, 3)),
                Fed.HALF,
                "p",
                TwelveNetworks::same,
                "shape: [3, " + HEIGHT + ", " + WIDTH + "]",
                NUMBERED);
    }

    static Network named() {
        ForeignNetworks file = new ForeignNetworks()
                .input("images", FLOAT, 1, 3, HEIGHT, WIDTH)
                .metadata("author", "Ultralytics")
                .metadata("task", "classify")
                .metadata("names", "{0: 'cat', 1: \"dog's\", 2: 'fox'}");
        return new Network(
                "metadata names",
                file.body("images", "y", FLOAT, 3)
                        .node("Softmax", List.of("y"), List.of("output0"), integer("axis", 1))
                        .output("output0", FLOAT, 1, 3),
                new Fed(0, 1, false, false),
                "output0",
                TwelveNetworks::same,
                "resize: CROP",
                List.of("cat", "dog's", "fox"));
    }

    /** What ONNX Runtime gives for the file as it is. */
    static float[] expected(Network network) throws Exception {
        OrtEnvironment environment = NativeRuntime.environment();
        try (OrtSession session = environment.createSession(network.file.toOnnx());
                OnnxTensor input = fed(environment, network.fed);
                OrtSession.Result result =
                        session.run(Map.of(session.getInputNames().iterator().next(), input))) {
            OnnxValue value = result.get(network.output).orElseThrow();
            if (value instanceof OnnxTensor tensor) {
                float[] raw = new float[(int) tensor.getInfo().getNumElements()];
                tensor.getFloatBuffer().get(raw);
                return network.scores.apply(raw);
            }
            OnnxMap map = (OnnxMap) ((List<?>) value.getValue()).get(0);
            float[] scores = new float[network.classes.size()];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = (Float) Objects.requireNonNull(map.getValue().get(network.classes.get(i)));
            }
            return scores;
        }
    }

    private static OnnxTensor fed(OrtEnvironment environment, Fed fed) throws Exception {
        long[] shape = fed.channelsLast ? new long[] {1, HEIGHT, WIDTH, 3} : new long[] {1, 3, HEIGHT, WIDTH};
        if (fed.bytes) {
            return OnnxTensor.createTensor(
                    environment, ByteBuffer.wrap(PICTURE.pixels().array()), shape, OnnxJavaType.UINT8);
        }
        int plane = HEIGHT * WIDTH;
        float[] values = new float[3 * plane];
        for (int i = 0; i < values.length; i++) {
            int pixel = PICTURE.pixels().array()[i] & 0xff;
            int at = fed.channelsLast ? i : i % 3 * plane + i / 3;
            values[at] = fed.std == 1 / 255f ? pixel : (pixel / 255f - fed.mean) / fed.std;
        }
        return OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape);
    }
}
