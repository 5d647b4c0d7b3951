package io.acclimate.adapt.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.adapt.rebuild.Rebuild;
import io.acclimate.adapt.rebuild.RebuildReport;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.broker.TestBroker;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.DomainId;
import io.acclimate.core.Membership;
import io.acclimate.core.ModelVersion;
import io.acclimate.dataset.Bundled;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.dataset.Shift;
import io.acclimate.registry.WeightReader;
import io.acclimate.telemetry.Telemetry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The retention of mini-batches is shorter than replay buffer and holdout keep samples. */
class LostMiniBatchesIT {
    private static final DomainId CAMERA = new DomainId("camera-1");
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final LabelledImages INVERTED = Bundled.targetTest().shifted(Shift.INVERT, 1);
    private static final int BEFORE = 12;

    /** 5 leaves some of the last snapshot's samples; all of them takes every one. */
    @ParameterizedTest
    @ValueSource(ints = {5, BEFORE})
    void samplesThatAreGoneAreLeftOutAndTrainingGoesOnFromTheActiveVersion(int deleted) throws Exception {
        try (AdaptFixture fixture = new AdaptFixture()) {
            fixture.sendBatches(CAMERA, INVERTED, 0, BEFORE);
            learn(fixture, BEFORE);
            long last = versions(fixture).size();
            delete(fixture, deleted);

            fixture.sendBatches(CAMERA, INVERTED, BEFORE, 6);
            learn(fixture, BEFORE + 6);

            List<AdaptationEvent.Trained> trained = fixture.events(AdaptationEvent.Trained.class, CAMERA);
            assertThat(trained).extracting(AdaptationEvent.Trained::miniBatch).doesNotHaveDuplicates();
            assertThat(trained.get(BEFORE).activeVersion()).isEqualTo(last);
            List<AdaptationEvent.Judged> judged = fixture.events(AdaptationEvent.Judged.class, CAMERA);
            assertThat(judged.get(BEFORE).holdoutSize())
                    .isLessThan(judged.get(BEFORE - 1).holdoutSize());
            List<ModelVersion> versions = versions(fixture);
            assertThat(versions).hasSizeGreaterThan((int) last);
            assertThat(versions.get((int) last).parent()).isEqualTo(last);
        }
    }

    @Test
    void aRebuildSaysWhichMiniBatchesAreGone() throws Exception {
        try (AdaptFixture fixture = new AdaptFixture()) {
            fixture.sendBatches(CAMERA, INVERTED, 0, 4);
            learn(fixture, 4);
            delete(fixture, 2);
            try (Rebuild rebuild = new Rebuild(
                    TestBroker.clientProperties(),
                    fixture.topics,
                    AdaptFixture.sourceModel(),
                    graph -> Optional.empty(),
                    AdaptSettings.defaults())) {
                RebuildReport report = rebuild.run(Optional.of(CAMERA), step -> {});
                assertThat(report.notes()).singleElement().asString().contains("mini-batches 0 to 1 are gone");
                assertThat(report.differences().get(0).cause()).contains("mini-batches 0 to 1 are gone");
            }
        }
    }

    private static List<ModelVersion> versions(AdaptFixture fixture) {
        try (WeightReader reader = WeightReader.open(TestBroker.clientProperties(), fixture.topics)) {
            return List.copyOf(reader.catalogue().versions().values());
        }
    }

    /** As retention does it: the first records of the domain's partition. */
    private static void delete(AdaptFixture fixture, int count) throws Exception {
        Map<TopicPartition, RecordsToDelete> first = new HashMap<>();
        fixture.read(fixture.topics.miniBatches()).stream()
                .limit(count)
                .forEach(record -> first.put(
                        new TopicPartition(record.topic(), record.partition()),
                        RecordsToDelete.beforeOffset(record.offset() + 1)));
        try (Admin admin = Admin.create(TestBroker.clientProperties())) {
            admin.deleteRecords(first).all().get();
        }
    }

    private static void learn(AdaptFixture fixture, int upTo) {
        try (Adapting adapting = new Adapting(
                TestBroker.clientProperties(),
                fixture.topics,
                AdaptFixture.sourceModel(),
                Optional.empty(),
                AdaptFixture.eager().withMembership(Membership.of(fixture.topics.prefix() + "adapt")),
                Telemetry.inMemory())) {
            adapting.start();
            await().atMost(LIMIT)
                    .until(() -> fixture.events(AdaptationEvent.Trained.class, CAMERA)
                                    .size()
                            == upTo);
        }
    }
}
