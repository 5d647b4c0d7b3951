package io.acclimate.app.role;

import io.acclimate.adapt.SourceSamples;
import io.acclimate.app.options.ModelOptions;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.telemetry.Telemetry;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code adapt}: mini-batches to model versions. */
@Command(
        name = "adapt",
        description =
                "Scores, trains and judges on mini-batches, and publishes what the gate lets through as new versions.")
public final class AdaptCommand extends RoleCommand {
    @Mixin
    ModelOptions model = new ModelOptions();

    @Mixin
    AdaptOptions adapt = new AdaptOptions();

    @Override
    List<Role> roles(Telemetry telemetry) throws Exception {
        ModelGraph graph = model.graph();
        Pipeline pipeline = new Pipeline(kafka.clientProperties(), kafka.topics(), graph, telemetry);
        Optional<SourceSamples> source = SourceRows.named(adapt.sourceData, model, graph);
        return List.of(pipeline.adapt(adapt.settings(instanceName()), source));
    }
}
