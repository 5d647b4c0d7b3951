package io.acclimate.app.offline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.acclimate.onnx.ModelGraph;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TrainingCommandsTest {
    @TempDir
    Path folder;

    private record Ran(int exitCode, String out) {}

    private static Ran run(Object command, String... arguments) {
        StringWriter out = new StringWriter();
        int code = new CommandLine(command)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(out))
                .execute(arguments);
        return new Ran(code, out.toString());
    }

    /** CIFAR-10's binary layout: a label byte and 3072 pixel bytes per image, the class as brightness. */
    private void cifar10(String file, int images) throws Exception {
        Random random = new Random(file.hashCode());
        byte[] bytes = new byte[images * 3073];
        for (int i = 0; i < images; i++) {
            int label = i % 10;
            bytes[i * 3073] = (byte) label;
            for (int p = 1; p <= 3072; p++) {
                bytes[i * 3073 + p] = (byte) (label * 25 + random.nextInt(10));
            }
        }
        Files.write(folder.resolve(file), bytes);
    }

    @Test
    void theRecipeWorksAsWritten() throws Exception {
        for (int i = 1; i <= 5; i++) {
            cifar10("data_batch_" + i + ".bin", 100);
        }
        cifar10("test_batch.bin", 50);
        String data = "cifar10:" + folder;
        Path source = folder.resolve("source.onnx");
        Path tuned = folder.resolve("tuned.onnx");

        Ran pretrained = run(
                new PretrainCommand(),
                "--data",
                data,
                "--lr",
                "0.001",
                "--momentum",
                "0.9",
                "--epochs",
                "2",
                "--out",
                source.toString());
        Ran finetuned = run(
                new FineTuneCommand(),
                "--model",
                source.toString(),
                "--data",
                data,
                "--source-data",
                data,
                "--mu",
                "1",
                "--test-split",
                "test",
                "--trainable",
                "last:2",
                "--optimizer",
                "adamw",
                "--epochs",
                "1",
                "--no-shuffle",
                "--out",
                tuned.toString());
        Ran inspected = run(new InspectCommand(), "--model", tuned.toString(), "--json");

        assertThat(pretrained.exitCode()).as(pretrained.out()).isZero();
        assertThat(pretrained.out()).contains("test accuracy").contains("epoch 2");
        assertThat(finetuned.exitCode()).as(finetuned.out()).isZero();
        assertThat(finetuned.out()).contains("align").contains("source").contains("epoch 1");
        assertThat(inspected.exitCode()).as(inspected.out()).isZero();
        JsonNode facts = new ObjectMapper().readTree(inspected.out());
        assertThat(facts.get("operators").get("Conv").asInt()).isEqualTo(2);
        assertThat(facts.get("parity").asDouble()).isLessThan(1e-4);
        assertThat(facts.get("trainable").get("head")).hasSize(2);
        assertThat(facts.get("provenance").get("command").asText()).contains("fine-tune");
        ModelGraph before = ModelGraph.read(source);
        ModelGraph after = ModelGraph.read(tuned);
        assertThat(after.weights().keySet()).isEqualTo(before.weights().keySet());
        assertThat(after.weights().get("conv1.weight"))
                .isEqualTo(before.weights().get("conv1.weight"));
        assertThat(after.weights().get("fc3.weight"))
                .isNotEqualTo(before.weights().get("fc3.weight"));
    }

    @Test
    void alignmentWithoutSourceDataIsAUsageError() {
        Ran ran = run(
                new FineTuneCommand(),
                "--data",
                "bundled",
                "--mu",
                "1",
                "--out",
                folder.resolve("x.onnx").toString());

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.out()).contains("--source-data");
    }
}
