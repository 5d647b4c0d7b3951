package io.acclimate.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.broker.TestBroker;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.ClassNames;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DomainId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.ModelVersion;
import io.acclimate.dataset.Bundled;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.dataset.Shift;
import io.acclimate.onnx.FreshRows;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.registry.WeightReader;
import io.acclimate.telemetry.Telemetry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A chain of versions goes on when its worker is started again with a longer, differently ordered list of classes. */
class LabelSetChangeIT {
    private static final DomainId CAMERA = new DomainId("camera-1");
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final LabelledImages INVERTED = Bundled.targetTest().shifted(Shift.INVERT, 1);
    private static final int BEFORE = 12;

    private static Adapting adapting(AdaptFixture fixture, ModelGraph model) {
        return new Adapting(
                TestBroker.clientProperties(),
                fixture.topics,
                model,
                Optional.empty(),
                AdaptSettings.defaults().withGroup(fixture.topics.prefix() + "adapt", "0"),
                Telemetry.inMemory());
    }

    private static void learn(AdaptFixture fixture, ModelGraph model, int upTo) {
        try (Adapting adapting = adapting(fixture, model)) {
            adapting.start();
            await().atMost(LIMIT).until(() -> trained(fixture).size() == upTo);
        }
    }

    private static List<AdaptationEvent.Trained> trained(AdaptFixture fixture) {
        return fixture.events(AdaptationEvent.Trained.class, CAMERA);
    }

    private static List<ModelVersion> versions(AdaptFixture fixture) {
        try (WeightReader reader = new WeightReader(TestBroker.clientProperties(), fixture.topics)) {
            return List.copyOf(reader.catalogue().versions().values());
        }
    }

    /** An image in its own colours, by which it differs from those before, under a name that is new. */
    private static LabelledSample fox(int index) {
        LabelledSample image = AdaptFixture.sample(Bundled.targetTest(), index);
        return new LabelledSample(
                image.imageId(), 0, "fox", image.image(), new Coordinates("labels", 0, index), AdaptFixture.TIME);
    }

    @Test
    void aLongerListOfClassesGoesOnFromTheActiveVersion() throws Exception {
        ModelGraph ten = AdaptFixture.sourceModel();
        List<String> names = new ArrayList<>(ten.card().classes().names());
        Collections.reverse(names);
        names.add(0, "fox");
        ModelGraph eleven = ten.withClasses(new ClassNames(names), new FreshRows.MeanOfKept());
        try (AdaptFixture fixture = new AdaptFixture()) {
            fixture.sendBatches(CAMERA, INVERTED, 0, BEFORE);
            learn(fixture, ten, BEFORE);
            List<ModelVersion> old = versions(fixture);
            assertThat(old).hasSizeGreaterThan(4);
            long last = old.get(old.size() - 1).id().number();

            fixture.sendBatches(CAMERA, INVERTED, BEFORE, 1);
            for (int batch = BEFORE + 1; batch < BEFORE + 8; batch++) {
                List<LabelledSample> samples = new ArrayList<>();
                for (int i = 0; i < 32; i++) {
                    int index = batch * 32 + i;
                    samples.add(i % 2 == 0 ? fox(index) : AdaptFixture.sample(INVERTED, index));
                }
                fixture.send(CAMERA, batch, samples);
            }
            learn(fixture, eleven, BEFORE + 8);

            List<AdaptationEvent.Trained> events = trained(fixture);
            assertThat(events.get(BEFORE).activeVersion()).isEqualTo(last);
            assertThat(events.get(BEFORE).holdout())
                    .isGreaterThanOrEqualTo(events.get(BEFORE - 1).holdout());
            assertThat(events.get(BEFORE).activeCorrect())
                    .as("what was learnt before the change still counts")
                    .isGreaterThan(events.get(BEFORE).sourceCorrect() + 4);
            assertThat(events.get(BEFORE + 7).activeCorrect())
                    .as("half of the last mini-batch are foxes")
                    .isGreaterThan(20);
            List<ModelVersion> fresh = versions(fixture).stream()
                    .filter(version -> version.id().number() > last)
                    .toList();
            assertThat(fresh).isNotEmpty();
            assertThat(fresh.get(0).parent()).isEqualTo(last);
            assertThat(fresh).allSatisfy(version -> {
                assertThat(version.base()).isEqualTo(eleven.digest());
                assertThat(version.classes()).isEqualTo(names);
            });
        }
    }
}
