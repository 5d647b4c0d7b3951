package io.acclimate.app.bench.adapt;

import io.acclimate.app.data.ImageRows;
import io.acclimate.app.options.ModelOptions;
import io.acclimate.dataset.DataSets;
import io.acclimate.dataset.LabelSets;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.onnx.node.InvalidModelException;
import io.acclimate.train.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The networks of a suite by name, each opened once. One thread. */
final class SuiteNetworks implements AutoCloseable {
    static final String FORMS = "bundled, a model file, or a folder of model files";

    private final String data;
    private String opened = "";
    private Optional<ModelGraph> graph = Optional.empty();
    private Optional<Samples> source = Optional.empty();

    SuiteNetworks(String data) {
        this.data = data;
    }

    /**
     * The networks that {@code names} name, with each folder replaced by the model files in it, in the order of their names.
     *
     * @throws IllegalArgumentException for a folder without model files: a suite of no cells would hold every bar
     */
    static List<String> listed(List<String> names) throws IOException {
        List<String> all = new ArrayList<>();
        for (String name : names) {
            if (!Files.isDirectory(Path.of(name))) {
                all.add(name);
                continue;
            }
            try (Stream<Path> files = Files.list(Path.of(name))) {
                List<String> models = files.map(Path::toString)
                        .filter(file -> file.endsWith(".onnx"))
                        .sorted()
                        .toList();
                if (models.isEmpty()) {
                    throw new IllegalArgumentException(
                            "folder '" + name + "' of networks has no file that ends in .onnx");
                }
                all.addAll(models);
            }
        }
        return all;
    }

    ModelGraph graph(String name) throws IOException, InvalidModelException {
        if (graph.isEmpty() || !opened.equals(name)) {
            opened = name;
            source = Optional.empty();
            graph = Optional.of(
                    name.equals("bundled")
                            ? ModelOptions.bundled()
                            : ModelGraph.read(Path.of(name), ModelCard.beside(Path.of(name))));
        }
        return graph.get();
    }

    /**
     * The images that are streamed, with their labels in the label set of the network.
     *
     * @throws IOException when the network lacks one of their classes, too
     */
    LabelledImages images(String name) throws IOException, InvalidModelException {
        return LabelSets.target(DataSets.open(data, "test"), graph(name).card().classes());
    }

    /** @param set names the source set; empty for the one of the suite's data, {@code none} for none */
    Optional<Samples> source(String name, String set) throws IOException, InvalidModelException {
        if (set.equals("none")) {
            return Optional.empty();
        }
        ModelGraph of = graph(name);
        if (source.isEmpty()) {
            LabelledImages images = DataSets.open(set.isEmpty() ? data : set, "train");
            source = Optional.of(new ImageRows(
                    LabelSets.target(images, of.card().classes()), of.card().input()));
        }
        return source;
    }

    @Override
    public void close() {
        graph = Optional.empty();
        source = Optional.empty();
    }
}
