#!/usr/bin/env bash
# Deeplearning4j's SameDiff 1.0.0-M2.1 (its newest) and ONNX Runtime 1.29.0: the same ONNX file gives other numbers, without an error.
#
# Guessed: OnnxFrameworkImporter runs what it takes as ONNX says, and refuses what it does not know.
# Seen:    settings that a file leaves out are 0 and not what ONNX says of them: LeakyRelu and Elu answer 0 for all below 0, and a Gemm without
#          settings answers 0 for all, as does a MatMul of two matrices. What a Gemm adds, the bias of a layer, is left out in any case.
#          HardSigmoid passes over its settings, and Clip of opset 9 over its limits: it cuts off below 0 and nothing above. Softmax of
#          this opset goes over one axis, where that standard takes all behind the first together. Relu, Sigmoid, and LeakyRelu and a
#          Gemm without a sum whose settings stand in the file agree.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'P'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>org.nd4j</groupId><artifactId>samediff-import-onnx</artifactId><version>1.0.0-M2.1</version><exclusions>
<exclusion><groupId>org.bytedeco</groupId><artifactId>*</artifactId></exclusion>
<exclusion><groupId>org.nd4j</groupId><artifactId>nd4j-tensorflow</artifactId></exclusion>
<exclusion><groupId>org.nd4j</groupId><artifactId>nd4j-onnxruntime</artifactId></exclusion></exclusions></dependency>
<dependency><groupId>org.nd4j</groupId><artifactId>nd4j-native</artifactId><version>1.0.0-M2.1</version></dependency>
<dependency><groupId>org.nd4j</groupId><artifactId>nd4j-native</artifactId><version>1.0.0-M2.1</version><classifier>linux-x86_64</classifier></dependency>
<dependency><groupId>org.bytedeco</groupId><artifactId>openblas</artifactId><version>0.3.19-1.5.7</version><classifier>linux-x86_64</classifier></dependency>
<dependency><groupId>org.bytedeco</groupId><artifactId>javacpp</artifactId><version>1.5.7</version></dependency>
<dependency><groupId>org.bytedeco</groupId><artifactId>javacpp</artifactId><version>1.5.7</version><classifier>linux-x86_64</classifier></dependency>
<dependency><groupId>com.microsoft.onnxruntime</groupId><artifactId>onnxruntime</artifactId><version>1.29.0</version></dependency>
</dependencies></project>
P
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib
cat > Main.java <<'J'
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import onnx.Onnx.*;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.samediff.frameworkimport.onnx.importer.OnnxFrameworkImporter;
public class Main {
    static final float[] VALUES = {-2, -1, -0.5f, 0.5f, 1, 3};
    static final OnnxFrameworkImporter IMPORTER = new OnnxFrameworkImporter();
    static AttributeProto number(String name, float value) {
        return AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.FLOAT).setF(value).build();
    }
    static ValueInfoProto info(String name, long... dims) {
        var shape = TensorShapeProto.newBuilder();
        for (long dim : dims) {
            shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(dim));
        }
        return ValueInfoProto.newBuilder().setName(name).setType(TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(1).setShape(shape))).build();
    }
    static String shown(float[] values) {
        var out = new StringBuilder();
        for (float value : values) {
            out.append(String.format(Locale.ROOT, " %.2f", value + 0.0f));
        }
        return out.toString().replace("-0.00", "0.00");
    }
    /** One node, over six values as 1 x 2 x 3, or as 2 x 3 where it multiplies by a matrix of ones, and adds ones. */
    static void compare(String what, String operator, AttributeProto... settings) throws Exception {
        boolean product = operator.equals("Gemm") || operator.equals("MatMul");
        long[] in = product ? new long[] {2, 3} : new long[] {1, 2, 3};
        long[] out = product ? new long[] {2, 2} : in;
        var node = NodeProto.newBuilder().setName("n").setOpType(operator).addInput("x").addOutput("y").addAllAttribute(Arrays.asList(settings));
        var graph = GraphProto.newBuilder().setName("g").addInput(info("x", in)).addOutput(info("y", out));
        for (int[] ones : product ? operator.equals("Gemm") ? new int[][] {{3, 2}, {2}} : new int[][] {{3, 2}} : new int[0][]) {
            var tensor = TensorProto.newBuilder().setName("ones" + ones.length).setDataType(1);
            int count = 1;
            for (int dim : ones) {
                tensor.addDims(dim);
                count *= dim;
            }
            for (int i = 0; i < count; i++) {
                tensor.addFloatData(1);
            }
            graph.addInitializer(tensor);
            node.addInput(tensor.getName());
        }
        byte[] model = ModelProto.newBuilder().setIrVersion(7).setGraph(graph.addNode(node))
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(9)).build().toByteArray();
        var env = OrtEnvironment.getEnvironment();
        float[] wanted;
        try (var session = env.createSession(model); var x = OnnxTensor.createTensor(env, FloatBuffer.wrap(VALUES), in);
                var result = session.run(Map.of("x", x))) {
            var buffer = ((OnnxTensor) result.get(0)).getFloatBuffer();
            wanted = new float[buffer.remaining()];
            buffer.get(wanted);
        }
        var file = Files.write(Path.of("model.onnx"), model);
        var x = Nd4j.createFromArray(VALUES).reshape(in);
        var got = IMPORTER.runImport(file.toString(), Map.of("x", x), true).output(Map.of("x", x), "y").get("y").dup('c').data().asFloat();
        System.out.println("> " + what + ":" + shown(wanted) + (shown(wanted).equals(shown(got)) ? "" : "; SameDiff:" + shown(got)));
    }
    public static void main(String[] a) throws Exception {
        compare("Relu", "Relu");
        compare("Sigmoid", "Sigmoid");
        compare("MatMul", "MatMul");
        compare("LeakyRelu, alpha 0.1", "LeakyRelu", number("alpha", 0.1f));
        compare("LeakyRelu", "LeakyRelu");
        compare("Elu", "Elu");
        compare("HardSigmoid, alpha 0.5, beta 0.1", "HardSigmoid", number("alpha", 0.5f), number("beta", 0.1f));
        compare("Clip, -1 to 2", "Clip", number("min", -1), number("max", 2));
        compare("Gemm, alpha 1, beta 0", "Gemm", number("alpha", 1), number("beta", 0));
        compare("Gemm, alpha 1, beta 1", "Gemm", number("alpha", 1), number("beta", 1));
        compare("Gemm", "Gemm");
        compare("Softmax", "Softmax");
        System.exit(0);
    }
}
J
java -cp 'lib/*' Main.java 2>/dev/null | sed -n 's/^> //p' | tee out
diff out - <<'P'
Relu: 0.00 0.00 0.00 0.50 1.00 3.00
Sigmoid: 0.12 0.27 0.38 0.62 0.73 0.95
MatMul: -3.50 -3.50 4.50 4.50; SameDiff: 0.00 0.00 0.00 0.00
LeakyRelu, alpha 0.1: -0.20 -0.10 -0.05 0.50 1.00 3.00
LeakyRelu: -0.02 -0.01 0.00 0.50 1.00 3.00; SameDiff: 0.00 0.00 0.00 0.50 1.00 3.00
Elu: -0.86 -0.63 -0.39 0.50 1.00 3.00; SameDiff: 0.00 0.00 0.00 0.50 1.00 3.00
HardSigmoid, alpha 0.5, beta 0.1: 0.00 0.00 0.00 0.35 0.60 1.00; SameDiff: 0.10 0.30 0.40 0.60 0.70 1.00
Clip, -1 to 2: -1.00 -1.00 -0.50 0.50 1.00 2.00; SameDiff: 0.00 0.00 0.00 0.50 1.00 3.00
Gemm, alpha 1, beta 0: -3.50 -3.50 4.50 4.50
Gemm, alpha 1, beta 1: -2.50 -2.50 5.50 5.50; SameDiff: -3.50 -3.50 4.50 4.50
Gemm: -2.50 -2.50 5.50 5.50; SameDiff: 0.00 0.00 0.00 0.00
Softmax: 0.01 0.01 0.02 0.06 0.11 0.79; SameDiff: 1.00 1.00 1.00 1.00 1.00 1.00
P
echo 'as seen: settings are passed over'
