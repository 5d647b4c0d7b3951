package io.acclimate.app.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.app.options.ModelOptions;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.dataset.DataSetException;
import io.acclimate.onnx.GraphBuilder;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.train.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceDataTest {
    @TempDir
    Path folder;

    private final ModelOptions options = new ModelOptions();

    /** Takes two numbers, and tells a from b. */
    private ModelGraph numbers() throws Exception {
        byte[] onnx = new GraphBuilder("g", 17)
                .input("x", Shape.of(2))
                .weight("w", FloatTensor.wrap(Shape.of(2, 2), new float[] {1, 0, 0, 1}))
                .node("MatMul", List.of("x", "w"), List.of("y"), Map.of())
                .output("y", Shape.of(2))
                .toOnnx();
        Path file = Files.write(folder.resolve("numbers.onnx"), onnx);
        Files.writeString(folder.resolve("numbers.yaml"), "content: TENSOR\nclasses: [a, b]\n");
        options.model = java.util.Optional.of(file);
        return ModelGraph.read(file);
    }

    private void record(String path, float... values) throws IOException {
        Path file = folder.resolve("set").resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, FloatTensor.wrap(Shape.of(values.length), values).toLittleEndian());
    }

    @Test
    void aFolderOfTensorsIsASourceSetWithItsClassesMatchedByName() throws Exception {
        ModelGraph model = numbers();
        record("train/b/1.f32", 3, 4);
        record("train/a/2.f32", 1, 2);
        record("train/a/note.txt", 9);

        Samples source =
                SourceData.of("folder:" + folder.resolve("set"), options, model).orElseThrow();

        assertThat(source.size()).isEqualTo(2);
        assertThat(source.row(0)).isEqualTo(FloatTensor.wrap(Shape.of(2), new float[] {1, 2}));
        assertThat(List.of(source.label(0), source.label(1))).containsExactly(0, 1);
    }

    @Test
    void aRecordThatTheModelDoesNotTakeStopsTheStartAndIsNamed() throws Exception {
        ModelGraph model = numbers();
        record("a/long.f32", 1, 2, 3);

        assertThatThrownBy(() -> SourceData.of("folder:" + folder.resolve("set"), options, model))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("long.f32: ");
    }

    @Test
    void setsOfPicturesAreNoneOfAModelOfNumbers() throws Exception {
        ModelGraph model = numbers();

        assertThat(SourceData.of("", options, model)).isEmpty();
        assertThatThrownBy(() -> SourceData.of("cifar10:x", options, model))
                .isInstanceOf(DataSetException.class)
                .hasMessageContaining("content is TENSOR is folder:DIR, got 'cifar10:x'");
    }

    @Test
    void aFolderWithoutSuchRecordsSaysWhatTheyAre() throws Exception {
        ModelGraph model = numbers();
        record("a/1.png", 1, 2);

        assertThatThrownBy(() -> SourceData.of("folder:" + folder.resolve("set"), options, model))
                .hasMessageContaining("no folder per class with files .f32");
    }
}
