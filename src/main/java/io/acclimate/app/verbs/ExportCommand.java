package io.acclimate.app.verbs;

import io.acclimate.app.options.DomainText;
import io.acclimate.app.options.KafkaOptions;
import io.acclimate.app.options.ModelOptions;
import io.acclimate.app.terminal.JsonOption;
import io.acclimate.core.Activation;
import io.acclimate.core.DomainId;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import io.acclimate.onnx.Lineage;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.registry.Fetched;
import io.acclimate.registry.WeightReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code export}: writes a version as a plain ONNX file with its card. */
@Command(
        name = "export",
        description =
                "Writes a version as a plain ONNX file, with its card beside it, or as a folder that MLflow loads.")
public final class ExportCommand implements Callable<Integer> {
    @Mixin
    KafkaOptions kafka = new KafkaOptions();

    @Mixin
    ModelOptions model = new ModelOptions();

    @Option(
            names = "--domain",
            description = "The domain of the version (default: ${DEFAULT-VALUE}).",
            converter = DomainText.class)
    DomainId domain = DomainId.DEFAULT;

    @Option(
            names = "--version-number",
            paramLabel = "N",
            description = "The number of the version (default: the active one).")
    Optional<Long> number = Optional.empty();

    @Option(
            names = "--mlflow",
            description =
                    "Write a folder of this name instead, as MLflow keeps models (flavors onnx and python_function).")
    boolean mlflow;

    @Parameters(paramLabel = "FILE.onnx", description = "The file to write.")
    Path file = Path.of("");

    @Mixin
    JsonOption json = new JsonOption();

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        ModelGraph graph = model.graph();
        try (WeightReader reader = WeightReader.open(Control.client(kafka), kafka.topics())) {
            WeightReader.Catalogue catalogue = reader.catalogue();
            long wanted = number.isPresent()
                    ? number.get()
                    : Optional.ofNullable(catalogue.active().get(domain))
                            .map(Activation::version)
                            .map(VersionId::number)
                            .orElse(VersionId.SOURCE);
            VersionId id = new VersionId(domain, wanted);
            Optional<ModelVersion> version =
                    Optional.ofNullable(catalogue.versions().get(id));
            WeightDelta weights = WeightDelta.EMPTY;
            if (version.isPresent()) {
                graph = graph.basedOn(version.get().base(), version.get().classes());
                weights = weights(reader.fetch(version.get()), id);
            } else if (wanted != VersionId.SOURCE) {
                throw new IllegalArgumentException(catalogue.absence(id));
            }
            Path written = write(graph, weights, version);
            PrintWriter out = spec.commandLine().getOut();
            if (json.asked()) {
                JsonOption.print(
                        Map.of(
                                "domain",
                                domain.value(),
                                "version",
                                wanted,
                                "file",
                                written.toString(),
                                "card",
                                ModelCard.beside(written).toString()),
                        out);
            } else {
                out.println("Wrote version " + id + " to " + file);
            }
        }
        return 0;
    }

    private Path write(ModelGraph graph, WeightDelta weights, Optional<ModelVersion> version) throws IOException {
        Lineage lineage = version.map(Lineage::of).orElse(Lineage.NONE);
        if (!mlflow) {
            graph.write(file, weights, lineage);
            return file;
        }
        MlflowFolder folder = new MlflowFolder(file);
        folder.create();
        graph.write(folder.model(), weights, lineage);
        folder.describe(graph.card(), lineage.facts(), version.map(ModelVersion::createdAt));
        return folder.model();
    }

    private static WeightDelta weights(Fetched fetched, VersionId id) {
        if (fetched instanceof Fetched.Weights good) {
            return good.delta();
        }
        throw new IllegalStateException(id + " cannot be exported: " + ((Fetched.Refused) fetched).message());
    }
}
