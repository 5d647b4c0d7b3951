package io.acclimate.app.role;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.worker.Adapting;
import io.acclimate.app.data.SourceData;
import io.acclimate.app.memory.MemoryEstimate;
import io.acclimate.app.memory.MemoryOption;
import io.acclimate.app.options.ModelOptions;
import io.acclimate.app.options.SchemaRegistryOptions;
import io.acclimate.app.process.Role;
import io.acclimate.kafka.Rights;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.train.Samples;
import io.acclimate.wire.Encoding;
import io.acclimate.wire.TopicSchema;
import io.acclimate.wire.Topics;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code adapt}: makes model versions from mini-batches. */
@Command(
        name = "adapt",
        description = "Trains on mini-batches and publishes the candidates that pass the gate as new versions.")
public final class AdaptCommand extends RoleCommand {
    @Mixin
    ModelOptions model = new ModelOptions();

    @Mixin
    AdaptOptions adapt;

    @Mixin
    MemoryOption memory = new MemoryOption();

    @Mixin
    SchemaRegistryOptions registry = new SchemaRegistryOptions();

    public AdaptCommand() {
        this(RoleSettings.defaults());
    }

    public AdaptCommand(RoleSettings defaults) {
        this.adapt = new AdaptOptions(defaults.adapt());
    }

    @Override
    Rights rights(Topics topics) {
        return Adapting.rights(topics);
    }

    @Override
    List<Role> roles(Telemetry telemetry) throws Exception {
        ModelGraph graph = model.graph();
        Pipeline pipeline = new Pipeline(kafka.clientProperties(), kafka.topics(), graph, telemetry);
        Optional<Samples> source = SourceData.of(adapt.sourceData, model, graph);
        Encoding encoding = schemas.encoding(adapt.eventFormat, registry, TopicSchema.adaptationEvents(kafka.topics()));
        AdaptSettings settings = adapt.settings(instanceName(), encoding);
        Topics topics = kafka.topics();
        say(
                List.of(topics.miniBatches(), topics.modelControl()),
                List.of(
                        topics.modelVersions(),
                        topics.modelWeights(),
                        topics.adaptationEvents(),
                        topics.adaptationState(),
                        topics.deadLetters()),
                settings.membership().group());
        start.model(model, graph);
        checkMemory(graph, settings, telemetry);
        return List.of(pipeline.adapt(settings, source));
    }

    /** A model that cannot be trained takes no memory for training, and the worker says by itself why it does not adapt. */
    void checkMemory(ModelGraph graph, AdaptSettings settings, Telemetry telemetry) {
        if (MemoryEstimate.trains(graph, settings)) {
            memory.check(MemoryEstimate.adapt(graph, settings), telemetry);
        }
    }
}
