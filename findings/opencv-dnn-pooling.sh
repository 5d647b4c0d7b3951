#!/usr/bin/env bash
# OpenCV 4.9.0 (its dnn module, in Java) and ONNX Runtime 1.29.0: the same ONNX file gives other numbers, without an error.
#
# Guessed: readNetFromONNX runs what it takes as ONNX says, and refuses what it does not know.
# Seen:    it takes four settings and leaves them out of account. AveragePool ignores count_include_pad=1, and MaxPool its dilations; the
#          latter's output has another size than the file says. Pooling with SAME_LOWER is done as SAME_UPPER. Softmax of opsets before 13
#          without an axis goes over one axis, where that standard takes all behind the first together. Pooling without these agrees.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'P'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>org.openpnp</groupId><artifactId>opencv</artifactId><version>4.9.0-0</version></dependency>
<dependency><groupId>com.microsoft.onnxruntime</groupId><artifactId>onnxruntime</artifactId><version>1.29.0</version></dependency>
<dependency><groupId>org.tribuo</groupId><artifactId>tribuo-util-onnx</artifactId><version>4.3.2</version></dependency>
</dependencies></project>
P
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib
cat > Main.java <<'J'
import ai.onnx.proto.OnnxMl.*;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import com.google.protobuf.ByteString;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.dnn.Dnn;
public class Main {
    static AttributeProto numbers(String name, long... values) {
        var out = AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
        for (long value : values) {
            out.addInts(value);
        }
        return out.build();
    }
    static AttributeProto number(String name, long value) {
        return AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INT).setI(value).build();
    }
    static AttributeProto text(String name, String value) {
        return AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.STRING)
                .setS(ByteString.copyFromUtf8(value)).build();
    }
    static ValueInfoProto image(String name, int size) {
        var shape = TensorShapeProto.newBuilder();
        for (long dim : new long[] {1, 1, size, size}) {
            shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(dim));
        }
        return ValueInfoProto.newBuilder().setName(name).setType(TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(1).setShape(shape))).build();
    }
    static String shown(int size, float[] values) {
        var out = new StringBuilder(size + "x" + size);
        for (float value : values) {
            out.append(String.format(Locale.ROOT, " %.2f", value));
        }
        return out.toString();
    }
    /** One node over the pixels 1, 2, 3 and so on, in opset 11. */
    static void compare(String what, String operator, int in, int out, AttributeProto... attributes) throws Exception {
        var node = NodeProto.newBuilder().setOpType(operator).addInput("x").addOutput("y").addAllAttribute(Arrays.asList(attributes));
        var graph = GraphProto.newBuilder().setName("g").addInput(image("x", in)).addOutput(image("y", out)).addNode(node);
        byte[] model = ModelProto.newBuilder().setIrVersion(7).setGraph(graph)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(11)).build().toByteArray();
        float[] pixels = new float[in * in];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = i + 1;
        }
        var env = OrtEnvironment.getEnvironment();
        try (var session = env.createSession(model);
                var tensor = OnnxTensor.createTensor(env, FloatBuffer.wrap(pixels), new long[] {1, 1, in, in});
                var result = session.run(Map.of("x", tensor))) {
            var values = ((OnnxTensor) result.get(0)).getFloatBuffer();
            float[] flat = new float[values.remaining()];
            values.get(flat);
            System.out.println(what + ", ONNX Runtime: " + shown(out, flat));
        }
        var file = Files.write(Path.of("model.onnx"), model);
        var mat = new Mat(new int[] {1, 1, in, in}, CvType.CV_32F);
        mat.put(new int[4], pixels);
        var net = Dnn.readNetFromONNX(file.toString());
        net.setInput(mat);
        Mat answer = net.forward();
        float[] flat = new float[(int) answer.total()];
        answer.get(new int[4], flat);
        System.out.println(what + ", OpenCV: " + shown(answer.size(2), flat));
    }
    public static void main(String[] a) throws Exception {
        nu.pattern.OpenCV.loadLocally();
        var kernel2 = numbers("kernel_shape", 2, 2);
        var kernel3 = numbers("kernel_shape", 3, 3);
        var around = numbers("pads", 1, 1, 1, 1);
        compare("average without padding counted", "AveragePool", 3, 3, kernel3, around);
        compare("average with padding counted", "AveragePool", 3, 3, kernel3, around, number("count_include_pad", 1));
        compare("SAME_UPPER", "MaxPool", 3, 3, kernel2, text("auto_pad", "SAME_UPPER"));
        compare("SAME_LOWER", "MaxPool", 3, 3, kernel2, text("auto_pad", "SAME_LOWER"));
        compare("dilations", "MaxPool", 4, 2, kernel2, numbers("dilations", 2, 2));
        compare("Softmax", "Softmax", 2, 2);
    }
}
J
java -cp 'lib/*' Main.java 2>/dev/null | tee out
diff out - <<'P'
average without padding counted, ONNX Runtime: 3x3 3.00 3.50 4.00 4.50 5.00 5.50 6.00 6.50 7.00
average without padding counted, OpenCV: 3x3 3.00 3.50 4.00 4.50 5.00 5.50 6.00 6.50 7.00
average with padding counted, ONNX Runtime: 3x3 1.33 2.33 1.78 3.00 5.00 3.67 2.67 4.33 3.11
average with padding counted, OpenCV: 3x3 3.00 3.50 4.00 4.50 5.00 5.50 6.00 6.50 7.00
SAME_UPPER, ONNX Runtime: 3x3 5.00 6.00 6.00 8.00 9.00 9.00 8.00 9.00 9.00
SAME_UPPER, OpenCV: 3x3 5.00 6.00 6.00 8.00 9.00 9.00 8.00 9.00 9.00
SAME_LOWER, ONNX Runtime: 3x3 1.00 2.00 3.00 4.00 5.00 6.00 7.00 8.00 9.00
SAME_LOWER, OpenCV: 3x3 5.00 6.00 6.00 8.00 9.00 9.00 8.00 9.00 9.00
dilations, ONNX Runtime: 2x2 11.00 12.00 15.00 16.00
dilations, OpenCV: 3x3 6.00 7.00 8.00 10.00 11.00 12.00 14.00 15.00 16.00
Softmax, ONNX Runtime: 2x2 0.03 0.09 0.24 0.64
Softmax, OpenCV: 2x2 1.00 1.00 1.00 1.00
P
echo 'as seen: four settings are taken and left out of account'
