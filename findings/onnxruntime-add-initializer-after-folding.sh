#!/usr/bin/env bash
# ONNX Runtime for Java 1.29.0: SessionOptions.addInitializer does not change a weight that another constant is computed from.
#
# Guessed: a session whose options replace the initializer "w" by 5 computes with 5 wherever the graph uses "w".
# Seen:    y = x + w uses 5, while z = x + w*w uses 4 = 2*2, the value in the file: w*w was folded before the replacement.
#          There is no error and no warning. Acclimate hands weights over with addExternalInitializers instead, which is applied
#          before constants are folded.
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
    static ValueInfoProto info(String name) {
        var shape = TensorShapeProto.newBuilder().addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(1));
        return ValueInfoProto.newBuilder().setName(name).setType(TypeProto.newBuilder().setTensorType(
            TypeProto.Tensor.newBuilder().setElemType(1).setShape(shape))).build();
    }
    static NodeProto node(String type, String a, String b, String out) {
        return NodeProto.newBuilder().setOpType(type).addInput(a).addInput(b).addOutput(out).build();
    }
    public static void main(String[] a) throws Exception {
        var graph = GraphProto.newBuilder().setName("g").addInput(info("x")).addOutput(info("y")).addOutput(info("z"))
            .addInitializer(TensorProto.newBuilder().setName("w").setDataType(1).addDims(1).addFloatData(2f))
            .addNode(node("Add", "x", "w", "y")).addNode(node("Mul", "w", "w", "ww")).addNode(node("Add", "x", "ww", "z"));
        byte[] model = ModelProto.newBuilder().setIrVersion(8).setGraph(graph)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17)).build().toByteArray();
        var env = OrtEnvironment.getEnvironment();
        try (var options = new OrtSession.SessionOptions();
             var w = OnnxTensor.createTensor(env, new float[] {5f}); var x = OnnxTensor.createTensor(env, new float[] {0f})) {
            options.addInitializer("w", w);
            try (var session = env.createSession(model, options); var out = session.run(Map.of("x", x))) {
                System.out.println("y=" + ((float[]) out.get("y").get().getValue())[0] + " z=" + ((float[]) out.get("z").get().getValue())[0]);
            }
        }
    }
}
X
out=$(java -cp 'lib/*' Main.java)
echo "onnxruntime 1.29.0: $out (guessed: y=5.0 z=25.0)"
[ "$out" = "y=5.0 z=4.0" ]
