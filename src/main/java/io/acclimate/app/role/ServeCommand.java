package io.acclimate.app.role;

import io.acclimate.app.options.ModelOptions;
import io.acclimate.app.options.SchemaRegistryOptions;
import io.acclimate.app.process.Role;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.Encoding;
import io.acclimate.wire.TopicSchema;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code serve}: images to predictions. */
@Command(
        name = "serve",
        description =
                "Predicts the images topic with the active version of each domain; follows new versions without a pause.")
public final class ServeCommand extends RoleCommand {
    @Mixin
    ModelOptions model = new ModelOptions();

    @Mixin
    ServeOptions serve = new ServeOptions();

    @Mixin
    SchemaRegistryOptions registry = new SchemaRegistryOptions();

    @Override
    List<Role> roles(Telemetry telemetry) throws Exception {
        Pipeline pipeline = new Pipeline(kafka.clientProperties(), kafka.topics(), model.graph(), telemetry);
        Encoding encoding = schemas.encoding(serve.format, registry, TopicSchema.predictions(kafka.topics()));
        return List.of(pipeline.serve(serve.settings(instanceName(), encoding)));
    }
}
