package io.acclimate.app.role;

import io.acclimate.app.memory.MemoryEstimate;
import io.acclimate.app.memory.MemoryOption;
import io.acclimate.app.options.ModelOptions;
import io.acclimate.app.process.Role;
import io.acclimate.kafka.Rights;
import io.acclimate.minibatch.MiniBatchSettings;
import io.acclimate.minibatch.MiniBatching;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.Topics;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code minibatch}: makes mini-batches from labels. */
@Command(name = "minibatch", description = "Collects labels into mini-batches, one for each domain at a time.")
public final class MinibatchCommand extends RoleCommand {
    @Mixin
    ModelOptions model = new ModelOptions();

    @Mixin
    MinibatchOptions minibatch;

    @Mixin
    MemoryOption memory = new MemoryOption();

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            description = "The directory of the buffers. When it is lost they are restored from Kafka"
                    + " (default: ${DEFAULT-VALUE}).")
    Path stateDir;

    public MinibatchCommand() {
        this(RoleSettings.defaults());
    }

    public MinibatchCommand(RoleSettings defaults) {
        this.minibatch = new MinibatchOptions(defaults.miniBatch());
        this.stateDir = defaults.miniBatch().streams().stateDir();
    }

    @Override
    Rights rights(Topics topics) {
        return MiniBatching.rights(topics);
    }

    @Override
    List<Role> roles(Telemetry telemetry) throws Exception {
        telemetry.watchDisk(stateDir);
        ModelGraph graph = model.graph();
        MiniBatchSettings settings = minibatch.settings(instanceName(), stateDir);
        Topics topics = kafka.topics();
        say(
                List.of(topics.labels(), topics.images()),
                List.of(topics.miniBatches(), topics.deadLetters()),
                settings.membership().group());
        start.model(model, graph);
        checkMemory(graph, settings, telemetry);
        Pipeline pipeline = new Pipeline(kafka.clientProperties(), topics, graph, telemetry);
        return List.of(pipeline.minibatch(settings));
    }

    void checkMemory(ModelGraph graph, MiniBatchSettings settings, Telemetry telemetry) {
        memory.check(MemoryEstimate.minibatch(graph, settings.streams()), telemetry);
    }
}
