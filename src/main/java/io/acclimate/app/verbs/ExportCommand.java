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
@Command(name = "export", description = "Writes a version as a plain ONNX file, with its card beside it.")
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
            if (wanted != VersionId.SOURCE) {
                ModelVersion version = catalogue.versions().get(id);
                if (version == null) {
                    throw new IllegalArgumentException(catalogue.absence(id));
                }
                graph = graph.basedOn(version.base(), version.classes());
                WeightDelta weights = weights(reader.fetch(version), id);
                graph.write(file, weights, Lineage.of(version));
            } else {
                graph.write(file, WeightDelta.EMPTY);
            }
            PrintWriter out = spec.commandLine().getOut();
            if (json.asked()) {
                JsonOption.print(
                        Map.of(
                                "domain",
                                domain.value(),
                                "version",
                                wanted,
                                "file",
                                file.toString(),
                                "card",
                                ModelCard.beside(file).toString()),
                        out);
            } else {
                out.println("Wrote version " + id + " to " + file);
            }
        }
        return 0;
    }

    private static WeightDelta weights(Fetched fetched, VersionId id) {
        if (fetched instanceof Fetched.Weights good) {
            return good.delta();
        }
        throw new IllegalStateException(id + " cannot be exported: " + ((Fetched.Refused) fetched).message());
    }
}
