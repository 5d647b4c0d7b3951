package io.acclimate.adapt.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.FreshnessSettings;
import io.acclimate.adapt.settings.PaceSettings;
import io.acclimate.broker.TestBroker;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.Bytes;
import io.acclimate.core.ClassNames;
import io.acclimate.core.ControlCommand;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DomainId;
import io.acclimate.core.ImageId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.Membership;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.Payload;
import io.acclimate.core.VersionId;
import io.acclimate.dataset.Bundled;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.dataset.Png;
import io.acclimate.dataset.Shift;
import io.acclimate.image.RgbImage;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.rewrite.FreshRows;
import io.acclimate.registry.VersionPublisher;
import io.acclimate.registry.WeightReader;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.train.offline.SmallCnn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** A chain of versions goes on when its worker is started again with a longer, differently ordered list of classes, and goes back. */
class LabelSetChangeIT {
    private static final DomainId CAMERA = new DomainId("camera-1");
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final LabelledImages INVERTED = Bundled.targetTest().shifted(Shift.INVERT, 1);
    private static final int BEFORE = 12;

    private static Adapting adapting(AdaptFixture fixture, ModelGraph model, AdaptSettings settings) {
        return new Adapting(
                TestBroker.clientProperties(),
                fixture.topics,
                model,
                Optional.empty(),
                settings.withFreshness(FreshnessSettings.NONE)
                        .withPace(PaceSettings.NONE)
                        .withMembership(Membership.of(fixture.topics.prefix() + "adapt")),
                Telemetry.inMemory());
    }

    private static void learn(AdaptFixture fixture, ModelGraph model, AdaptSettings settings, int upTo) {
        try (Adapting adapting = adapting(fixture, model, settings)) {
            adapting.start();
            await().atMost(LIMIT).until(() -> trained(fixture).size() == upTo);
        }
    }

    private static List<AdaptationEvent.Trained> trained(AdaptFixture fixture) {
        return fixture.events(AdaptationEvent.Trained.class, CAMERA);
    }

    private static List<ModelVersion> versions(AdaptFixture fixture) {
        try (WeightReader reader = WeightReader.open(TestBroker.clientProperties(), fixture.topics)) {
            return List.copyOf(reader.catalogue().versions().values());
        }
    }

    /** Stripes of a random width and direction, under a name that is new. */
    private static LabelledSample fox(int index) {
        SplittableRandom random = new SplittableRandom(index);
        double across = random.nextDouble(0.3, 0.9);
        double down = random.nextDouble(-0.5, 0.5);
        byte[] rgb = new byte[28 * 28 * 3];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (128 + 100 * Math.sin(across * (i / 3 % 28) + down * (i / 84)));
        }
        return new LabelledSample(
                new ImageId("fox-" + index),
                0,
                "fox",
                new Payload(Bytes.wrap(Png.encode(RgbImage.wrap(28, 28, rgb))), Optional.empty()),
                new Coordinates("labels", 0, index),
                AdaptFixture.TIME);
    }

    @Test
    void aLongerListOfClassesGoesOnFromTheActiveVersion() throws Exception {
        ModelGraph ten = AdaptFixture.sourceModel();
        ModelGraph eleven = withFoxes(ten);
        List<String> names = eleven.card().classes().names();
        try (AdaptFixture fixture = new AdaptFixture()) {
            fixture.sendBatches(CAMERA, INVERTED, 0, BEFORE);
            learn(fixture, ten, AdaptSettings.defaults(), BEFORE);
            List<ModelVersion> old = versions(fixture);
            assertThat(old).isNotEmpty();
            long last = old.get(old.size() - 1).id().number();

            fixture.sendBatches(CAMERA, INVERTED, BEFORE, 1);
            for (int batch = BEFORE + 1; batch < BEFORE + 11; batch++) {
                List<LabelledSample> samples = new ArrayList<>();
                for (int i = 0; i < 32; i++) {
                    int index = batch * 32 + i;
                    samples.add(i % 2 == 0 ? fox(index) : AdaptFixture.sample(INVERTED, index));
                }
                fixture.send(CAMERA, batch, samples);
            }
            learn(fixture, eleven, AdaptSettings.defaults(), BEFORE + 11);

            List<AdaptationEvent.Trained> events = trained(fixture);
            assertThat(events.get(BEFORE).activeVersion()).isEqualTo(last);
            assertThat(events.get(BEFORE).holdout())
                    .isGreaterThanOrEqualTo(events.get(BEFORE - 1).holdout());
            assertThat(events.get(BEFORE).activeCorrect())
                    .as("what was learnt before the change still counts")
                    .isGreaterThan(events.get(BEFORE).sourceCorrect() + 4);
            assertThat(events.get(BEFORE + 10).activeCorrect())
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

    private static ModelGraph withFoxes(ModelGraph ten) throws Exception {
        List<String> names = new ArrayList<>(ten.card().classes().names());
        Collections.reverse(names);
        names.add(0, "fox");
        return ten.withClasses(new ClassNames(names), new FreshRows.MeanOfKept());
    }

    private static void command(AdaptFixture fixture, ModelGraph model, ControlCommand command, int count) {
        fixture.send(command);
        try (Adapting adapting = adapting(fixture, model, AdaptFixture.eager())) {
            adapting.start();
            await().atMost(LIMIT)
                    .until(() -> fixture.events(AdaptationEvent.Controlled.class, CAMERA)
                                    .size()
                            == count);
        }
    }

    @Test
    void aVersionFromBeforeTheChangeIsMadeActiveAndGoneOnFromUnderTheNewClasses() throws Exception {
        ModelGraph ten = AdaptFixture.sourceModel();
        ModelGraph eleven = withFoxes(ten);
        try (AdaptFixture fixture = new AdaptFixture()) {
            fixture.sendBatches(CAMERA, INVERTED, 0, BEFORE);
            learn(fixture, ten, AdaptFixture.eager(), BEFORE);
            List<ModelVersion> old = versions(fixture);
            long earlier = old.get(old.size() - 2).id().number();
            fixture.sendBatches(CAMERA, INVERTED, BEFORE, 4);
            learn(fixture, eleven, AdaptFixture.eager(), BEFORE + 4);
            long newest = versions(fixture).size();
            assertThat(newest).isGreaterThan(old.size());

            command(fixture, eleven, new ControlCommand.Activate("c1", CAMERA, earlier), 1);
            fixture.sendBatches(CAMERA, INVERTED, BEFORE + 4, 4);
            learn(fixture, eleven, AdaptFixture.eager(), BEFORE + 8);

            AdaptationEvent.Controlled answer =
                    fixture.events(AdaptationEvent.Controlled.class, CAMERA).get(0);
            assertThat(answer.applied()).as(answer.message()).isTrue();
            assertThat(answer.message())
                    .isEqualTo("activate to version " + earlier
                            + ": it serves with its own 10 classes, and training continues from it with 11");
            AdaptationEvent.Trained next = trained(fixture).get(BEFORE + 4);
            assertThat(next.activeVersion()).isEqualTo(earlier);
            assertThat(next.activeCorrect()).isGreaterThan(next.sourceCorrect() + 4);
            ModelVersion child = versions(fixture).get((int) newest);
            assertThat(child.parent()).isEqualTo(earlier);
            assertThat(child.base()).isEqualTo(eleven.digest());

            fixture.send(new ControlCommand.Activate("c2", CAMERA, earlier));
            command(fixture, eleven, new ControlCommand.Rollback("c3", CAMERA), 3);
            assertThat(fixture.events(AdaptationEvent.Controlled.class, CAMERA))
                    .allSatisfy(each -> assertThat(each.applied()).isTrue());
        }
    }

    @Test
    void aVersionOfAnotherSourceModelIsRefusedByThatRule() throws Exception {
        ModelGraph ten = AdaptFixture.sourceModel();
        ModelGraph other = SmallCnn.fresh("other", ten.card().classes(), 2);
        try (AdaptFixture fixture = new AdaptFixture()) {
            publish(fixture, other);

            command(fixture, ten, new ControlCommand.Activate("c1", CAMERA, 7), 1);

            AdaptationEvent.Controlled answer =
                    fixture.events(AdaptationEvent.Controlled.class, CAMERA).get(0);
            assertThat(answer.applied()).isFalse();
            assertThat(answer.message())
                    .contains("another source model")
                    .contains(other.digest().toString());
        }
    }

    /** A version that changes nothing. */
    private static void publish(AdaptFixture fixture, ModelGraph base) {
        Map<String, Object> properties = new HashMap<>(TestBroker.clientProperties());
        properties.put("transactional.id", fixture.topics.prefix() + "stranger");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            new VersionPublisher(fixture.topics)
                    .publish(
                            producer,
                            new VersionId(CAMERA, 7),
                            0,
                            base.digest(),
                            base.card().classes(),
                            WeightDelta.of(base.weights()),
                            AdaptFixture.TIME,
                            Map.of());
            producer.commitTransaction();
        }
    }
}
