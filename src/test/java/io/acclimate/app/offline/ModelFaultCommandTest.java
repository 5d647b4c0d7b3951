package io.acclimate.app.offline;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.app.Main;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.onnx.GraphBuilder;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFaultCommandTest {
    @TempDir
    Path folder;

    @Test
    void fault10ABadModelEndsACommandWithItsFileAndTheReason() throws Exception {
        Map<String, byte[]> bad = new LinkedHashMap<>();
        bad.put("not an ONNX model", "a text".getBytes(StandardCharsets.UTF_8));
        bad.put("operator set 99", graph(99, "Flatten"));
        bad.put("Frobnicate", graph(13, "Frobnicate"));
        for (Map.Entry<String, byte[]> each : bad.entrySet()) {
            Path file = Files.write(folder.resolve("broken.onnx"), each.getValue());
            for (String command : List.of("inspect", "fine-tune")) {
                StringWriter said = new StringWriter();
                PrintWriter to = new PrintWriter(said, true);
                int code = Main.run(
                        Main.line().setOut(to).setErr(to),
                        command.equals("inspect")
                                ? new String[] {command, "--model=" + file}
                                : new String[] {
                                    command, "--model=" + file, "--data=bundled", "--out=" + folder.resolve("o")
                                },
                        Map.of());
                assertThat(code).as(said.toString()).isEqualTo(1);
                assertThat(said.toString()).contains("broken", each.getKey()).doesNotContain("\tat ");
            }
        }
    }

    private static byte[] graph(int opset, String operator) {
        return new GraphBuilder("broken", opset)
                .input("image", Shape.of(3, 8, 8))
                .weight("w", FloatTensor.wrap(Shape.of(192, 192), new float[192 * 192]))
                .node(operator, List.of("image"), List.of("flat"), Map.of())
                .node("MatMul", List.of("flat", "w"), List.of("logits"), Map.of())
                .output("logits", Shape.of(192))
                .toOnnx();
    }
}
