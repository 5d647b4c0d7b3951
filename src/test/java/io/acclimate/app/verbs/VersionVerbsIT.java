package io.acclimate.app.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.app.data.ImageRows;
import io.acclimate.app.verbs.VerbsFixture.Said;
import io.acclimate.core.FloatTensor;
import io.acclimate.infer.ModelSession;
import io.acclimate.infer.SessionSettings;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.registry.WeightReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** What an operator does with the versions of a service that has adapted. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
class VersionVerbsIT {
    private final VerbsFixture service = new VerbsFixture();

    @BeforeAll
    void adaptOnce(@TempDir Path state) throws Exception {
        service.adapt(state);
    }

    @AfterAll
    void stop() {
        service.close();
    }

    @Test
    void versionsListsEachWithTheActiveOneMarked() throws Exception {
        WeightReader.Catalogue catalogue = service.catalogue();
        service.given(2);

        Said said = service.run("versions");
        assertThat(said.code()).isZero();
        List<String> lines = said.out().lines().toList();
        assertThat(lines).hasSize(catalogue.versions().size() + 2);
        assertThat(lines.get(0)).contains("DOMAIN", "VERSION", "ACCURACY", "SHA-256");
        assertThat(lines.get(1)).matches("default +0 +- +source model");
        assertThat(lines.get(2)).matches("default +1 +0 .*[0-9a-f]{12}");
        assertThat(lines.get(3)).matches("default +\\*2 +1 .*");
        assertThat(service.run("versions", "list")).isEqualTo(service.run("versions"));
        assertThat(service.run("versions", "list", "--domain", "nowhere").out()).contains("No versions");
    }

    @Test
    void activateAndRollbackChangeWhatIsServed() throws Exception {
        service.given(2);
        assertThat(service.run("activate", "1")).isEqualTo(new Said(0, "default: activate to version 1\n", ""));
        service.awaitServed(1);
        assertThat(service.run("rollback")).isEqualTo(new Said(0, "default: rollback to version 2\n", ""));
        service.awaitServed(2);
        assertThat(service.run("activate", "0").code()).isZero();
        service.awaitServed(0);
        assertThat(service.run("tail", "events", "--from-beginning", "--exit").out())
                .contains(
                        "rollback applied: rollback to version 2",
                        "version 2 is active instead of 1: rollback to version 2");
        service.given(1);
    }

    @Test
    void aVersionThatIsNotThereIsRefused(@TempDir Path folder) {
        Said activate = service.run("activate", "999");
        assertThat(activate.code()).isEqualTo(1);
        assertThat(activate.err()).contains("default: there is no version default/999");

        Path file = folder.resolve("none.onnx");
        Said export = service.run("export", "--version-number", "999", file.toString());
        assertThat(export.code()).isEqualTo(1);
        assertThat(export.err()).contains("export: there is no version default/999");
        assertThat(file).doesNotExist();

        Said rollback = service.run("rollback", "--domain", "fresh");
        assertThat(rollback.code()).isEqualTo(1);
        assertThat(rollback.err()).contains("fresh: no version was active before the current one");
    }

    @Test
    void anExportScoresAsTheVersionDoes(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("one.onnx");
        Said said = service.run("export", "--version-number", "1", file.toString());
        assertThat(said).isEqualTo(new Said(0, "Wrote version default/1 to " + file + "\n", ""));

        ImageRows data =
                new ImageRows(VerbsFixture.INVERTED, service.model.card().input());
        FloatTensor rows =
                FloatTensor.stack(IntStream.range(0, 20).mapToObj(data::row).toList());
        ModelGraph exported = ModelGraph.read(file);
        assertThat(exported.card().classes()).isEqualTo(service.model.card().classes());
        assertThat(exported.card().provenance())
                .containsEntry("acclimate.domain", "default")
                .containsEntry("acclimate.version", "1")
                .containsKeys("acclimate.samplesSeen", "acclimate.candidateAccuracy");
        FloatTensor scores = scores(exported, WeightDelta.EMPTY, rows);
        assertThat(scores).isEqualTo(scores(service.model, service.weights(1), rows));
        assertThat(scores).isNotEqualTo(scores(service.model, WeightDelta.EMPTY, rows));

        service.given(2);
        assertThat(service.run("export", folder.resolve("active.onnx").toString())
                        .out())
                .contains("Wrote version default/2");
    }

    @Test
    void anExportForMlflowHasItsFlavorsAndIsAModelToServe(@TempDir Path folder) throws Exception {
        Path plain = folder.resolve("one.onnx");
        Path mlflow = folder.resolve("mlflow");
        service.run("export", "--version-number", "1", plain.toString());

        Said said = service.run("export", "--version-number", "1", "--mlflow", mlflow.toString());

        assertThat(said).isEqualTo(new Said(0, "Wrote version default/1 to " + mlflow + "\n", ""));
        assertThat(mlflow.resolve("model.onnx")).hasSameBinaryContentAs(plain);
        assertThat(ModelGraph.read(mlflow.resolve("model.onnx")).card().classes())
                .as("--model mlflow/model.onnx, with the card beside it")
                .isEqualTo(service.model.card().classes());
        Map<String, Object> descriptor = new Yaml().load(Files.readString(mlflow.resolve("MLmodel")));
        assertThat(descriptor)
                .hasEntrySatisfying("flavors", flavors -> assertThat(flavors.toString())
                        .contains("loader_module=mlflow.onnx", "data=model.onnx", "CPUExecutionProvider"))
                .hasEntrySatisfying("metadata", facts -> assertThat(facts.toString())
                        .contains("acclimate.version=1", "acclimate.samplesSeen=", "acclimate.classes=T-shirt/top,"))
                .hasEntrySatisfying(
                        "utc_time_created", at -> assertThat(at.toString()).startsWith("20"));
        assertThat(String.valueOf(descriptor.get("signature")))
                .contains("\"name\":\"" + service.model.card().inputName() + "\"", "\"shape\":[-1,3,32,32]")
                .contains("\"name\":\"" + service.model.card().outputName() + "\"", "\"shape\":[-1,10]");
        assertThat(List.of("requirements.txt", "python_env.yaml", "conda.yaml"))
                .allSatisfy(name -> assertThat(mlflow.resolve(name)).isNotEmptyFile());
    }

    private static FloatTensor scores(ModelGraph graph, WeightDelta delta, FloatTensor rows) throws Exception {
        try (ModelSession session = ModelSession.open(graph, delta, SessionSettings.defaults())) {
            return session.run(rows);
        }
    }
}
