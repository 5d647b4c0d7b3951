package io.acclimate.app.role;

import io.acclimate.app.options.ModelOptions;
import io.acclimate.app.process.Role;
import io.acclimate.telemetry.Telemetry;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code minibatch}: labels to mini-batches. */
@Command(
        name = "minibatch",
        description = "Buffers labelled samples into mini-batches, per domain, with Kafka Streams.")
public final class MinibatchCommand extends RoleCommand {
    @Mixin
    ModelOptions model = new ModelOptions();

    @Mixin
    MinibatchOptions minibatch = new MinibatchOptions();

    @Option(
            names = "--state-dir",
            description = "Holds the buffers; restored from Kafka when lost (default: ${DEFAULT-VALUE}).",
            defaultValue = "acclimate-data/minibatch")
    Path stateDir = Path.of("acclimate-data/minibatch");

    @Override
    List<Role> roles(Telemetry telemetry) throws Exception {
        Pipeline pipeline = new Pipeline(kafka.clientProperties(), kafka.topics(), model.graph(), telemetry);
        return List.of(pipeline.minibatch(minibatch.settings(instanceName(), stateDir)));
    }
}
