package io.acclimate.adapt.worker;

import io.acclimate.adapt.domain.Round;
import io.acclimate.core.Coordinates;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.MiniBatch;
import io.acclimate.telemetry.Traces;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Says in the trace of each label of a mini-batch that it was learnt from, and to which version that led. The worker's thread only. */
final class LabelTraces {
    private final Traces traces;

    LabelTraces(Traces traces) {
        this.traces = traces;
    }

    /**
     * The round on a mini-batch is committed.
     *
     * @param at the mini-batch's record
     * @param began when the worker took it
     */
    void committed(MiniBatch batch, Coordinates at, Round round, Instant began) {
        Map<Coordinates, String> dropped = new HashMap<>();
        round.dropped()
                .forEach(each -> dropped.put(
                        each.sample().label(), each.refusal().reason().name()));
        for (LabelledSample sample : batch.samples()) {
            traces.step("learn label", sample.traceparent(), began).ifPresent(step -> {
                step.with("acclimate.domain", batch.domain().value())
                        .with("acclimate.image.id", sample.imageId().value())
                        .with("acclimate.label", sample.className())
                        .with("acclimate.mini_batch", at.toString());
                round.published()
                        .ifPresent(version -> step.with(
                                "acclimate.model.version", version.id().number()));
                if (dropped.containsKey(sample.label())) {
                    step.failed(dropped.getOrDefault(sample.label(), ""));
                }
                step.end();
            });
        }
    }
}
