package io.acclimate.app.options;

import picocli.CommandLine.Option;

/** Which weights are trained; shared by all commands that train an existing model. */
@Heading("Training")
public final class TrainableOption {
    @Option(
            names = "--trainable",
            paramLabel = "SET",
            description =
                    "Which weights are trained: all; head, the last layer; last:N, the last N layers; norm, the normalisation"
                            + " layers; or name:REGEX, the weights of these names (default: ${DEFAULT-VALUE}).")
    String trainable;

    public TrainableOption(String initial) {
        this.trainable = initial;
    }

    public String value() {
        return trainable;
    }
}
