package io.acclimate.app.options;

import io.acclimate.core.Bytes;
import io.acclimate.core.ClassNames;
import io.acclimate.core.ModelInput.TextInput;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.card.CardYaml;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.onnx.node.InvalidModelException;
import io.acclimate.onnx.rewrite.FreshRows;
import io.acclimate.text.TextEncoder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Which source model a command works with. */
@Heading("Model")
public final class ModelOptions {
    private static final String BUNDLED = "/io/acclimate/model/";

    @Option(
            names = "--model",
            paramLabel = "FILE.onnx",
            description =
                    "The source model. Its card is the .yaml file of the same name (default: the bundled Fashion-MNIST model).")
    public Optional<Path> model = Optional.empty();

    @Option(
            names = "--card",
            paramLabel = "FILE.yaml",
            description =
                    "The card of the model (default: the .yaml file of the model's name; without one the card is guessed).")
    Optional<Path> card = Optional.empty();

    @Option(
            names = "--output",
            paramLabel = "NAME",
            description =
                    "The output of the model that holds the scores of the classes (default: what the card says; without that"
                            + " it is found by shape, operators and name, and a model that leaves it open is refused with a list).")
    Optional<String> output = Optional.empty();

    @Option(
            names = "--classes",
            paramLabel = "FILE|NAME,NAME",
            description =
                    "Another label set: names, a file with one name a line, or a card. Of the model's last layer the rows"
                            + " of classes that it knows are kept (default: the model's own).")
    Optional<String> classes = Optional.empty();

    /** The label set that was asked for, if any. */
    public Optional<ClassNames> classes() throws IOException, InvalidModelException {
        if (classes.isEmpty()) {
            return Optional.empty();
        }
        Path file = Path.of(classes.get());
        if (Files.isRegularFile(file)) {
            return Optional.of(
                    file.toString().endsWith(".yaml")
                            ? CardYaml.read(file).classes()
                            : names(Files.readAllLines(file).stream()));
        }
        if (!classes.get().contains(",")) {
            throw new IllegalArgumentException("--classes '" + classes.get() + "' is no file and no list NAME,NAME");
        }
        return Optional.of(names(Stream.of(classes.get().split(",", -1))));
    }

    private static ClassNames names(Stream<String> words) {
        return new ClassNames(
                words.map(String::strip).filter(word -> !word.isEmpty()).toList());
    }

    /**
     * The model that learns and serves. For another label set it has a head of that width. Each process makes it from the model file and
     * the names alone and gets the same digest, so that processes need not exchange it: a version is still the base model and changed
     * values. New classes begin with weights that win no image.
     */
    public ModelGraph graph() throws IOException, InvalidModelException {
        ModelGraph source = source();
        return source.withClasses(classes().orElse(source.card().classes()), new FreshRows.MeanOfKept());
    }

    /** The model as it is in its file. */
    public ModelGraph source() throws IOException, InvalidModelException {
        if (model.isEmpty()) {
            return bundled();
        }
        if (card.isPresent() && !Files.exists(card.get())) {
            throw new InvalidModelException(
                    card.get().toString(),
                    "the card that --card names does not exist; without --card it would be guessed");
        }
        ModelGraph graph = ModelGraph.read(model.get(), cardFile(), output);
        if (graph.card().input() instanceof TextInput text) {
            try {
                // A tokenizer that cannot be read stops the start, and not the first record.
                TextEncoder.open(text);
            } catch (IllegalArgumentException e) {
                throw new InvalidModelException(graph.file(), String.valueOf(e.getMessage()), e);
            }
        }
        return graph;
    }

    /** Where the model comes from, for its operator. */
    public String origin() {
        return model.map(Path::toString).orElse("bundled");
    }

    /** Where the card comes from, for its operator. */
    public String cardOrigin() {
        if (model.isEmpty()) {
            return "bundled";
        }
        return Files.exists(cardFile()) ? cardFile().toString() : "guessed, because there is no " + cardFile();
    }

    /** The card's file, which may not exist. */
    public Path cardFile() {
        return card.orElseGet(() -> ModelCard.beside(model.orElseThrow()));
    }

    /** A card to fill in: what the file and its card say, what was guessed, and what is missing. */
    public String cardTemplate() throws InvalidModelException {
        return ModelGraph.cardTemplate(model.orElseThrow(), cardFile(), output);
    }

    public static ModelGraph bundled() throws IOException, InvalidModelException {
        return bundled("fashion");
    }

    /** The source model of a demo. */
    public static ModelGraph bundled(String name) throws IOException, InvalidModelException {
        String file = BUNDLED + name;
        String card = new String(resource(file + ".yaml"), StandardCharsets.UTF_8);
        Bytes tokenizer = name.equals("text") ? Bytes.wrap(resource(file + "-tokenizer.json")) : Bytes.EMPTY;
        return ModelGraph.of(resource(file + ".onnx"), CardYaml.parse(file + ".yaml", card, tokenizer));
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = ModelOptions.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("the jar lacks " + name);
            }
            return in.readAllBytes();
        }
    }
}
