package io.acclimate.app.role;

import io.acclimate.app.memory.MemoryEstimate;
import io.acclimate.app.memory.MemoryOption;
import io.acclimate.app.options.ModelOptions;
import io.acclimate.app.options.SchemaRegistryOptions;
import io.acclimate.app.process.Role;
import io.acclimate.kafka.Rights;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.serve.ServeSettings;
import io.acclimate.serve.Serving;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.Encoding;
import io.acclimate.wire.TopicSchema;
import io.acclimate.wire.Topics;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code serve}: makes predictions from images. */
@Command(
        name = "serve",
        description = "Predicts the images of the topic images with the active version of each domain.")
public final class ServeCommand extends RoleCommand {
    @Mixin
    ModelOptions model = new ModelOptions();

    @Mixin
    ServeOptions serve;

    @Mixin
    MemoryOption memory = new MemoryOption();

    @Mixin
    SchemaRegistryOptions registry = new SchemaRegistryOptions();

    public ServeCommand() {
        this(RoleSettings.defaults());
    }

    public ServeCommand(RoleSettings defaults) {
        this.serve = new ServeOptions(defaults.serve());
    }

    @Override
    Rights rights(Topics topics) {
        return Serving.rights(topics);
    }

    @Override
    List<Role> roles(Telemetry telemetry) throws Exception {
        ModelGraph graph = model.graph();
        Encoding encoding = schemas.encoding(serve.format, registry, TopicSchema.predictions(kafka.topics()));
        ServeSettings settings = serve.settings(instanceName(), encoding);
        Topics topics = kafka.topics();
        say(
                List.of(topics.images(), topics.modelVersions(), topics.modelWeights()),
                List.of(topics.predictions(), topics.deadLetters()),
                settings.membership().group());
        start.model(model, graph);
        memory.check(MemoryEstimate.serve(graph, settings), telemetry);
        Pipeline pipeline = new Pipeline(kafka.clientProperties(), kafka.topics(), graph, telemetry);
        return List.of(pipeline.serve(settings));
    }
}
