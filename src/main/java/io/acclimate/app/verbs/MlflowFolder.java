package io.acclimate.app.verbs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.acclimate.onnx.card.ModelCard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The folder of a model as MLflow keeps it: {@code MLmodel} with the flavors {@code onnx} and {@code python_function}, what Python needs to
 * load it, and the ONNX file, with our card beside it. {@code mlflow.onnx.load_model} and {@code mlflow.pyfunc.load_model} read it.
 */
record MlflowFolder(Path folder) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DateTimeFormatter CREATED =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);
    private static final String DATA = "model.onnx";
    private static final int ANY_NUMBER = -1;

    /** Where the ONNX file must be. */
    Path model() {
        return folder.resolve(DATA);
    }

    void create() throws IOException {
        Files.createDirectories(folder);
    }

    /**
     * Writes what surrounds the ONNX file.
     *
     * @param facts where the weights come from, for MLflow's metadata
     * @param created when the version was made; empty for the source model, of which that is not known
     */
    void describe(ModelCard card, SortedMap<String, String> facts, Optional<Instant> created) throws IOException {
        Files.writeString(folder.resolve("MLmodel"), descriptor(card, facts, created));
        Files.writeString(folder.resolve("requirements.txt"), "mlflow\nonnx\nonnxruntime\n");
        Files.writeString(
                folder.resolve("python_env.yaml"),
                "build_dependencies:\n- pip\ndependencies:\n- -r requirements.txt\n");
        Files.writeString(folder.resolve("conda.yaml"), """
                channels:
                - conda-forge
                dependencies:
                - python
                - pip
                - pip:
                  - mlflow
                  - onnx
                  - onnxruntime
                name: mlflow-env
                """);
    }

    /** JSON is YAML, too, so its strings need no other quoting. */
    private static String descriptor(ModelCard card, SortedMap<String, String> facts, Optional<Instant> created) {
        StringBuilder metadata = new StringBuilder();
        SortedMap<String, String> all = new TreeMap<>(facts);
        all.put("classes", String.join(",", card.classes().names()));
        all.forEach((key, value) -> metadata.append("  ")
                .append(json("acclimate." + key))
                .append(": ")
                .append(json(value))
                .append('\n'));
        return """
                flavors:
                  onnx:
                    code: null
                    data: %1$s
                    onnx_session_options: null
                    onnx_version: ">=1.12"
                    providers:
                    - CUDAExecutionProvider
                    - CPUExecutionProvider
                  python_function:
                    data: %1$s
                    env:
                      conda: conda.yaml
                      virtualenv: python_env.yaml
                    loader_module: mlflow.onnx
                signature:
                  inputs: %2$s
                  outputs: %3$s
                %4$smetadata:
                """.formatted(
                        DATA,
                        json(tensor(card.inputName(), card.input().row().extents())),
                        json(tensor(card.outputName(), List.of(card.classes().count()))),
                        created.map(at -> "utc_time_created: " + json(CREATED.format(at)) + "\n")
                                .orElse(""))
                + metadata;
    }

    /** The JSON of one tensor in an MLflow signature: any number of rows of this shape. */
    private static String tensor(String name, List<Integer> row) {
        List<Integer> shape = new ArrayList<>();
        shape.add(ANY_NUMBER);
        shape.addAll(row);
        return json(List.of(new TreeMap<>(Map.of(
                "type",
                "tensor",
                "name",
                name,
                "tensor-spec",
                new TreeMap<>(Map.of("dtype", "float32", "shape", shape))))));
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
