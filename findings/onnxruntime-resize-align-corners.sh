#!/usr/bin/env bash
# ONNX Runtime for Java 1.29.0: Resize with align_corners and scales puts the corners elsewhere than ONNX's own operator test.
#
# Guessed: 2 x 4 values 1 to 8, linear, scales 0.6: 1.0 and 3.142857, as ONNX 1.12 and later expect in their operator test
#          resize_downsample_scales_linear_align_corners. The corners lie on the fractional size, 4 * 0.6 = 2.4.
# Seen:    1.0 and 4.0. The corners lie on the size of the output, 2, as in PyTorch. There is no error, and a network that was trained
#          with one rule gets slightly other pixels by the other. Acclimate trains by the rule of ONNX Runtime, which serves.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'X'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>com.microsoft.onnxruntime</groupId><artifactId>onnxruntime</artifactId><version>1.29.0</version></dependency>
<dependency><groupId>org.tribuo</groupId><artifactId>tribuo-util-onnx</artifactId><version>4.3.2</version></dependency>
</dependencies></project>
X
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib
cat > Main.java <<'X'
import ai.onnx.proto.OnnxMl.*;
import ai.onnxruntime.*;
import java.util.*;
public class Main {
    static ValueInfoProto info(String name, long... dims) {
        var shape = TensorShapeProto.newBuilder();
        for (long dim : dims) {
            shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(dim));
        }
        return ValueInfoProto.newBuilder().setName(name).setType(TypeProto.newBuilder().setTensorType(
            TypeProto.Tensor.newBuilder().setElemType(1).setShape(shape))).build();
    }
    static AttributeProto text(String name, String value) {
        return AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.STRING)
            .setS(com.google.protobuf.ByteString.copyFromUtf8(value)).build();
    }
    public static void main(String[] a) throws Exception {
        var resize = NodeProto.newBuilder().setOpType("Resize").addInput("x").addInput("").addInput("scales").addOutput("y")
            .addAttribute(text("mode", "linear")).addAttribute(text("coordinate_transformation_mode", "align_corners"));
        var scales = TensorProto.newBuilder().setName("scales").setDataType(1).addDims(4)
            .addFloatData(1).addFloatData(1).addFloatData(0.6f).addFloatData(0.6f);
        var graph = GraphProto.newBuilder().setName("g").addInput(info("x", 1, 1, 2, 4)).addOutput(info("y", 1, 1, 1, 2))
            .addInitializer(scales).addNode(resize);
        byte[] model = ModelProto.newBuilder().setIrVersion(8).setGraph(graph)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(18)).build().toByteArray();
        var env = OrtEnvironment.getEnvironment();
        float[][][][] x = {{{{1, 2, 3, 4}, {5, 6, 7, 8}}}};
        try (var session = env.createSession(model); var tensor = OnnxTensor.createTensor(env, x);
             var out = session.run(Map.of("x", tensor))) {
            System.out.println(Arrays.deepToString((float[][][][]) out.get(0).getValue()));
        }
    }
}
X
java -cp 'lib/*' Main.java 2>/dev/null | tee out
diff out - <<'X'
[[[[1.0, 4.0]]]]
X
echo 'as seen: the corners lie on the size of the output'
