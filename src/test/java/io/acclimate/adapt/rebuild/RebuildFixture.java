package io.acclimate.adapt.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.FreshnessSettings;
import io.acclimate.adapt.settings.OutputSettings;
import io.acclimate.adapt.settings.PaceSettings;
import io.acclimate.adapt.settings.RetentionSettings;
import io.acclimate.adapt.worker.AdaptFixture;
import io.acclimate.adapt.worker.Adapting;
import io.acclimate.broker.TestBroker;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.ControlCommand;
import io.acclimate.core.DomainId;
import io.acclimate.core.Membership;
import io.acclimate.dataset.Bundled;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.dataset.Shift;
import io.acclimate.gate.GateSettings;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.train.Samples;
import io.acclimate.wire.Encoding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Starts of the service one after the other, and the rebuild of what they left on the topics. */
final class RebuildFixture {
    static final DomainId CAMERA = new DomainId("camera-1");
    static final Duration LIMIT = Duration.ofMinutes(15);
    static final LabelledImages INVERTED = Bundled.targetTest().shifted(Shift.INVERT, 1);
    /** Lets nearly every candidate through. */
    private static final GateSettings LENIENT =
            new GateSettings(1, 1, 10, 1, GateSettings.Rule.NON_INFERIOR, GateSettings.Proven.defaults());

    private RebuildFixture() {}

    /** One start of the service, stopped in order. */
    static void live(AdaptFixture fixture, ModelGraph model, AdaptSettings settings, int from, int count) {
        fixture.sendBatches(CAMERA, INVERTED, from, count);
        try (Adapting adapting = adapting(fixture, model, settings)) {
            adapting.start();
            awaitTrained(fixture, from + count);
        }
    }

    static void command(
            AdaptFixture fixture, ModelGraph model, AdaptSettings settings, ControlCommand command, int count) {
        try (Adapting adapting = adapting(fixture, model, settings)) {
            adapting.start();
            command(fixture, command, count);
        }
    }

    static AdaptSettings settings(AdaptFixture fixture) {
        AdaptSettings defaults = AdaptSettings.defaults();
        return defaults.withMembership(Membership.of(fixture.topics.prefix() + "adapt"))
                .withTrain(defaults.train().withAverageDecay(0.9))
                .withSteps(defaults.steps().withReplay(2, 512))
                .withFreshness(FreshnessSettings.NONE)
                .withGate(LENIENT)
                .withPace(PaceSettings.NONE)
                .withRetention(RetentionSettings.ALL)
                .withOutput(new OutputSettings(8, Encoding.JSON))
                .withSeed(11);
    }

    static RebuildReport rebuild(AdaptFixture fixture, AdaptSettings otherwise) {
        return rebuild(
                fixture, AdaptFixture.sourceModel(), otherwise, graph -> Optional.of(AdaptFixture.samples(graph)));
    }

    static RebuildReport rebuild(
            AdaptFixture fixture,
            ModelGraph model,
            AdaptSettings otherwise,
            Function<ModelGraph, Optional<Samples>> source) {
        List<Rebuild.Step> steps = new ArrayList<>();
        try (Rebuild rebuild = new Rebuild(TestBroker.clientProperties(), fixture.topics, model, source, otherwise)) {
            RebuildReport report = rebuild.run(Optional.of(CAMERA), steps::add);
            assertThat(steps.get(steps.size() - 1).all())
                    .isEqualTo(report.versions().size());
            return report;
        }
    }

    static void command(AdaptFixture fixture, ControlCommand command, int count) {
        fixture.send(command);
        await().atMost(LIMIT)
                .until(() ->
                        fixture.events(AdaptationEvent.Controlled.class, CAMERA).size() >= count);
    }

    static void awaitTrained(AdaptFixture fixture, int count) {
        await().atMost(LIMIT)
                .until(() ->
                        fixture.events(AdaptationEvent.Trained.class, CAMERA).size() >= count);
    }

    static Adapting adapting(AdaptFixture fixture, AdaptSettings settings) {
        return adapting(fixture, AdaptFixture.sourceModel(), settings);
    }

    static Adapting adapting(AdaptFixture fixture, ModelGraph model, AdaptSettings settings) {
        return adapting(fixture, model, settings, Optional.of(AdaptFixture.samples(model)));
    }

    static Adapting adapting(AdaptFixture fixture, ModelGraph model, AdaptSettings settings, Optional<Samples> source) {
        return new Adapting(
                TestBroker.clientProperties(), fixture.topics, model, source, settings, Telemetry.inMemory());
    }
}
