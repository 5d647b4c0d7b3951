package io.acclimate.app.offline;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.acclimate.app.Main;
import io.acclimate.core.FloatTensor;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.card.CardYaml;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.train.TrainSettings;
import io.acclimate.train.Trainer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Pretrain on CIFAR-10's files, fine-tune on CIFAR-100's, as the commands of the documentation say it. */
@Tag("slow")
class SeedRecipeTest {
    @TempDir
    Path folder;

    private record Ran(int exitCode, String out) {}

    private static Ran run(String... arguments) {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        CommandLine line = Main.line().setOut(out).setErr(out);
        return new Ran(Main.run(line, arguments, Map.of()), text.toString());
    }

    /** The last label byte is the class, which is also the brightness. */
    private static void write(Path file, int labelBytes, int classes, int images) throws Exception {
        Random random = new Random(file.hashCode());
        int record = labelBytes + 3072;
        byte[] bytes = new byte[images * record];
        for (int i = 0; i < images; i++) {
            int label = i * 7 % classes;
            bytes[i * record + labelBytes - 1] = (byte) label;
            for (int p = labelBytes; p < record; p++) {
                bytes[i * record + p] = (byte) (label * 240 / classes + random.nextInt(10));
            }
        }
        Files.write(file, bytes);
    }

    @BeforeEach
    void writeDataSets() throws Exception {
        Path ten = Files.createDirectory(folder.resolve("cifar10"));
        for (int i = 1; i <= 5; i++) {
            write(ten.resolve("data_batch_" + i + ".bin"), 1, 10, 60);
        }
        write(ten.resolve("test_batch.bin"), 1, 10, 40);
        Files.writeString(
                ten.resolve("batches.meta.txt"),
                "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n");
        Path hundred = Files.createDirectory(folder.resolve("cifar100"));
        write(hundred.resolve("train.bin"), 2, 100, 300);
        write(hundred.resolve("test.bin"), 2, 100, 100);
        List<String> names = IntStream.range(0, 100)
                .mapToObj(i -> i == 42 ? "cat" : "fine" + i)
                .toList();
        Files.write(hundred.resolve("fine_label_names.txt"), names);
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    private void pretrain() {
        Ran ran = run(("pretrain --data cifar10:" + path("cifar10") + " --optimizer sgd --lr 0.001 --momentum 0.9"
                        + " --batch-size 100 --augment flip,crop:4 --epochs 2 --out " + path("source.onnx"))
                .split(" "));
        assertThat(ran.exitCode()).as(ran.out()).isZero();
        assertThat(ran.out()).contains("epoch 2").contains("test accuracy");
    }

    @Test
    void aModelOfTenClassesIsFineTunedToAHundred() throws Exception {
        pretrain();

        Ran ran = run(("fine-tune --model " + path("source.onnx") + " --data cifar100:" + path("cifar100")
                        + " --test-split test --lr 0.001 --momentum 0.9 --batch-size 100 --augment flip,crop:4"
                        + " --epochs 2 --out " + path("tuned.onnx"))
                .split(" "));

        assertThat(ran.exitCode()).as(ran.out()).isZero();
        assertThat(ran.out())
                .contains("100 classes (1 kept)")
                .contains("epoch 2")
                .contains("target")
                .contains("test accuracy");
        ModelCard card = CardYaml.read(folder.resolve("tuned.yaml"));
        assertThat(card.classes().count()).isEqualTo(100);
        assertThat(card.classes().name(42)).isEqualTo("cat");
        assertThat(card.provenance())
                .containsKeys("command", "seed", "testAccuracy", "base.digest", "base.command")
                .containsEntry("base.classes", "10");
        ModelGraph tuned = ModelGraph.read(folder.resolve("tuned.onnx"));
        assertThat(tuned.weights().keySet())
                .isEqualTo(
                        ModelGraph.read(folder.resolve("source.onnx")).weights().keySet());
        logitsInPlainOnnxRuntimeAreThoseOfTheTrainableGraph(tuned);
        Ran inspected = run("inspect", "--model", path("tuned.onnx"), "--json");
        assertThat(inspected.exitCode()).isZero();
        JsonNode facts = new ObjectMapper().readTree(inspected.out());
        assertThat(facts.get("classes")).hasSize(100);
        assertThat(facts.get("otherClasses").asText()).contains("fc3.weight").contains("fc3.bias");
    }

    /** The file is read by ONNX Runtime itself, without a card. */
    private void logitsInPlainOnnxRuntimeAreThoseOfTheTrainableGraph(ModelGraph tuned) throws Exception {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (Trainer trainer = Trainer.open(tuned, WeightDelta.EMPTY, TrainSettings.defaults());
                OrtSession session = environment.createSession(path("tuned.onnx"))) {
            FloatTensor probe = trainer.probe();
            long[] shape = probe.shape().extents().stream()
                    .mapToLong(Integer::longValue)
                    .toArray();
            FloatTensor ours = trainer.outputs(probe);
            try (OnnxTensor input = OnnxTensor.createTensor(environment, FloatBuffer.wrap(probe.values()), shape);
                    OrtSession.Result result = session.run(Map.of("image", input))) {
                float[][] theirs = (float[][]) result.get(0).getValue();
                for (int row = 0; row < theirs.length; row++) {
                    float[] mine = ours.row(row).values();
                    assertThat(theirs[row]).hasSize(100);
                    for (int i = 0; i < 100; i++) {
                        assertThat(theirs[row][i]).isCloseTo(mine[i], org.assertj.core.data.Offset.offset(1e-4f));
                    }
                }
            }
        }
    }

    @Test
    void classesChooseTheHeadAndSourceImagesOfClassesThatGoAreLeftOut() throws Exception {
        pretrain();
        Path classes = Files.writeString(folder.resolve("classes.txt"), "ship\ncat\nfrog\n");
        Path images = folder.resolve("images");
        for (String name : List.of("cat", "frog")) {
            Files.createDirectories(images.resolve("train/" + name));
            for (int i = 0; i < 4; i++) {
                Files.write(
                        images.resolve("train/" + name + "/" + i + ".png"),
                        io.acclimate.dataset.Png.encode(io.acclimate.image.RgbImage.wrap(32, 32, new byte[3 * 1024])));
            }
        }

        Ran ran = run(("fine-tune --model " + path("source.onnx") + " --card " + path("source.yaml") + " --data folder:"
                        + images + " --source-data cifar10:" + path("cifar10") + " --classes " + classes
                        + " --mu 0.5 --align mmd --layer " + layer() + " --optimizer adamw --weight-decay 0.01"
                        + " --schedule step --clip 1 --trainable last:2 --augment none --no-shuffle --epochs 1 --seed 3"
                        + " --out " + path("three.onnx"))
                .split(" "));

        assertThat(ran.exitCode()).as(ran.out()).isZero();
        assertThat(ran.out()).contains("3 classes (3 kept)").contains("align").contains("source");
        ModelGraph three = ModelGraph.read(folder.resolve("three.onnx"));
        assertThat(three.card().classes().names()).containsExactly("ship", "cat", "frog");
    }

    private String layer() throws Exception {
        return ModelGraph.read(folder.resolve("source.onnx")).nodes().stream()
                .filter(node -> node.type().equals("Flatten"))
                .findFirst()
                .orElseThrow()
                .outputs()
                .get(0);
    }

    @Test
    void dataWithAClassOutsideTheChosenOnesIsRefusedByItsName() {
        pretrain();

        Ran ran = run(
                "fine-tune",
                "--model",
                path("source.onnx"),
                "--data",
                "cifar100:" + path("cifar100"),
                "--classes",
                "cat,dog",
                "--out",
                path("x.onnx"));

        assertThat(ran.exitCode()).isNotZero();
        assertThat(ran.out()).contains("fine0").contains("cat");
    }
}
