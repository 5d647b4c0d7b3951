#!/usr/bin/env bash
# ONNX's version converter (onnx 1.17.0, by JavaCPP) and ONNX Runtime 1.29.0: a model that was brought to a newer opset answers otherwise.
#
# Guessed: convert_version gives a model of the newer opset with the same answers, or refuses it for want of an adapter.
# Seen:    a linear Resize of opset 10, and an Upsample of 7 to 9, becomes a Resize without a coordinate_transformation_mode. Up to opset 10 places are
#          counted from the corner of the first pixel ("asymmetric"), and what a newer Resize takes by default are the middles
#          ("half_pixel"): the picture is shifted by half a pixel, without an error. Hardmax of opsets before 13 goes over all axes from its own on, and is
#          left as it is for 13, where that is one axis; Softmax, which has changed in the same way, gets the nodes it needs. A nearest
#          Resize by whole factors agrees. The project has it as its issue 8480, open in September 2026.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'P'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>org.bytedeco</groupId><artifactId>onnx</artifactId><version>1.17.0-1.5.11</version></dependency>
<dependency><groupId>org.bytedeco</groupId><artifactId>onnx</artifactId><version>1.17.0-1.5.11</version><classifier>linux-x86_64</classifier></dependency>
<dependency><groupId>org.bytedeco</groupId><artifactId>javacpp</artifactId><version>1.5.11</version><classifier>linux-x86_64</classifier></dependency>
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
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.bytedeco.javacpp.BytePointer;
public class Main {
    static final long[] IN = {1, 1, 2, 3};
    static final float[] PIXELS = {1, 2, 6, 5, 3, 4};
    static ValueInfoProto info(String name, long... dims) {
        var shape = TensorShapeProto.newBuilder();
        for (long dim : dims) {
            shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(dim));
        }
        return ValueInfoProto.newBuilder().setName(name).setType(TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(1).setShape(shape))).build();
    }
    static byte[] model(int opset, String operator, String mode) {
        var node = NodeProto.newBuilder().setOpType(operator).addInput("x").addOutput("y");
        var graph = GraphProto.newBuilder().setName("g").addInput(info("x", IN));
        if (mode == null) {
            graph.addOutput(info("y", IN));
        } else {
            node.addInput("scales").addAttribute(AttributeProto.newBuilder().setName("mode").setType(AttributeProto.AttributeType.STRING)
                    .setS(ByteString.copyFromUtf8(mode)));
            graph.addOutput(info("y", 1, 1, 2, 6)).addInitializer(TensorProto.newBuilder().setName("scales").setDataType(1).addDims(4)
                    .addFloatData(1).addFloatData(1).addFloatData(1).addFloatData(2));
        }
        return ModelProto.newBuilder().setIrVersion(7).setGraph(graph.addNode(node))
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset)).build().toByteArray();
    }
    static byte[] converted(byte[] model, int opset) {
        var in = new org.bytedeco.onnx.ModelProto();
        in.ParseFromString(new BytePointer(model));
        return org.bytedeco.onnx.global.onnx.ConvertVersion(in, opset).SerializeAsString().getStringBytes();
    }
    static String answer(byte[] model) throws Exception {
        var env = OrtEnvironment.getEnvironment();
        try (var session = env.createSession(model); var tensor = OnnxTensor.createTensor(env, FloatBuffer.wrap(PIXELS), IN);
                var result = session.run(Map.of("x", tensor))) {
            var values = ((OnnxTensor) result.get(0)).getFloatBuffer();
            var out = new StringJoiner(" ");
            while (values.hasRemaining()) {
                out.add(String.format(Locale.ROOT, "%.2f", values.get()));
            }
            return out.toString();
        }
    }
    static void convert(String operator, String mode, int from, int to) throws Exception {
        byte[] old = model(from, operator, mode);
        var before = answer(old);
        var after = answer(converted(old, to));
        System.out.println(operator + (mode == null ? "" : ", " + mode) + ", " + from + " to " + to + ": "
                + (before.equals(after) ? "the same" : after + " and not " + before));
    }
    public static void main(String[] a) throws Exception {
        convert("Upsample", "linear", 9, 17);
        convert("Resize", "linear", 10, 11);
        convert("Resize", "nearest", 10, 11);
        convert("Softmax", null, 12, 13);
        convert("Hardmax", null, 12, 13);
    }
}
J
java -cp 'lib/*' Main.java 2>/dev/null | tee out
diff out - <<'P'
Upsample, linear, 9 to 17: 1.00 1.25 1.75 3.00 5.00 6.00 5.00 4.50 3.50 3.25 3.75 4.00 and not 1.00 1.50 2.00 4.00 6.00 6.00 5.00 4.00 3.00 3.50 4.00 4.00
Resize, linear, 10 to 11: 1.00 1.25 1.75 3.00 5.00 6.00 5.00 4.50 3.50 3.25 3.75 4.00 and not 1.00 1.50 2.00 4.00 6.00 6.00 5.00 4.00 3.00 3.50 4.00 4.00
Resize, nearest, 10 to 11: the same
Softmax, 12 to 13: the same
Hardmax, 12 to 13: 0.00 0.00 1.00 1.00 0.00 0.00 and not 0.00 0.00 1.00 0.00 0.00 0.00
P
echo 'as seen: shifted by half a pixel'
