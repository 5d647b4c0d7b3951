package io.acclimate.app.options;

import io.acclimate.onnx.InvalidModelException;
import io.acclimate.onnx.ModelCard;
import io.acclimate.onnx.ModelGraph;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which source model a command works with. */
public final class ModelOptions {
    private static final String BUNDLED = "/io/acclimate/model/fashion";

    @Option(
            names = "--model",
            paramLabel = "FILE.onnx",
            description =
                    "The source model; its card is the .yaml of the same name (default: the bundled Fashion-MNIST model).")
    public Optional<Path> model = Optional.empty();

    public ModelGraph graph() throws IOException, InvalidModelException {
        return model.isPresent() ? ModelGraph.read(model.get()) : bundled();
    }

    public static ModelGraph bundled() throws IOException, InvalidModelException {
        String card = new String(resource(BUNDLED + ".yaml"), StandardCharsets.UTF_8);
        return ModelGraph.of(resource(BUNDLED + ".onnx"), ModelCard.parse(BUNDLED + ".yaml", card));
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
