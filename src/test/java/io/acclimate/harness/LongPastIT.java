package io.acclimate.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.starts.KeptStarts;
import io.acclimate.adapt.starts.StartReader;
import io.acclimate.adapt.worker.AdaptFixture;
import io.acclimate.adapt.worker.Adapting;
import io.acclimate.app.process.Role;
import io.acclimate.app.watch.FeedFollower;
import io.acclimate.app.watch.FollowedVersions;
import io.acclimate.app.watch.LiveWatcher;
import io.acclimate.broker.TestBroker;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.DomainId;
import io.acclimate.core.Membership;
import io.acclimate.dataset.Bundled;
import io.acclimate.dataset.Shift;
import io.acclimate.kafka.ClientProperties;
import io.acclimate.kafka.OffsetRange;
import io.acclimate.kafka.PartitionReader;
import io.acclimate.kafka.ReadSummary;
import io.acclimate.minibatch.MiniBatchSettings;
import io.acclimate.minibatch.MiniBatching;
import io.acclimate.serve.ServeSettings;
import io.acclimate.serve.Serving;
import io.acclimate.telemetry.Health;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.web.LiveFeed;
import io.acclimate.wire.EventCodec;
import io.acclimate.wire.PredictionCodec;
import io.acclimate.wire.StartCodec;
import io.acclimate.wire.Topics;
import io.acclimate.wire.WireFormat;
import io.acclimate.wire.v1.StartPass;
import io.acclimate.wire.v1.StartSample;
import io.acclimate.wire.v1.StartState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each role starts on the topics of a domain with one version a minute for some months, all of which but a few were removed. How long that takes
 * is printed beside the time on topics without a past; {@code -Dacclimate.past.versions} says how many versions.
 */
class LongPastIT {
    private static final int VERSIONS = Integer.getInteger("acclimate.past.versions", 2_000);
    private static final int STARTS = Integer.getInteger("acclimate.past.starts", 1);
    private static final DomainId CAMERA = new DomainId("camera-1");
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @TempDir
    Path folder;

    private int started;

    @Test
    void everyRoleStartsOnALongPast() {
        try (AdaptFixture empty = new AdaptFixture();
                AdaptFixture old = new AdaptFixture()) {
            learn(empty);
            learn(old);
            LongPast.write(old.topics, CAMERA, VERSIONS);
            for (int start = 0; start < STARTS; start++) {
                Map<String, Duration> without = starts(empty);
                Map<String, Duration> with = starts(old);
                with.forEach((role, time) -> System.out.printf(
                        "%s: ready after %d ms with %d removed versions, %d ms without%n",
                        role,
                        time.toMillis(),
                        VERSIONS,
                        Objects.requireNonNull(without.get(role)).toMillis()));
                assertThat(with).hasSize(4);
            }
        }
    }

    private AdaptSettings settings(AdaptFixture fixture) {
        return AdaptSettings.defaults()
                .withMembership(new Membership(fixture.topics.prefix() + "adapt", "instance-" + started++));
    }

    private Adapting adapting(AdaptFixture fixture) {
        return new Adapting(
                TestBroker.clientProperties(),
                fixture.topics,
                AdaptFixture.sourceModel(),
                Optional.empty(),
                settings(fixture),
                Telemetry.inMemory());
    }

    private void learn(AdaptFixture fixture) {
        try (Adapting adapting = adapting(fixture)) {
            adapting.start();
            fixture.sendBatches(CAMERA, Bundled.targetTest().shifted(Shift.INVERT, 1), 0, 4);
            await().atMost(LIMIT)
                    .until(() -> fixture.events(AdaptationEvent.Trained.class, CAMERA)
                                    .size()
                            == 4);
        }
    }

    private Map<String, Duration> starts(AdaptFixture fixture) {
        Map<String, Duration> times = new LinkedHashMap<>();
        Telemetry telemetry = Telemetry.inMemory();
        Map<String, Object> client = TestBroker.clientProperties();
        Serving serving = new Serving(
                client,
                fixture.topics,
                AdaptFixture.sourceModel(),
                ServeSettings.defaults().withMembership(Membership.of(fixture.topics.prefix() + "serve")),
                telemetry);
        times.put("serve", time(Role.of("serve", serving::start, serving::check, serving::close)));
        Adapting adapting = adapting(fixture);
        times.put("adapt", time(Role.of("adapt", adapting::start, adapting::check, adapting::close)));
        MiniBatching miniBatching = new MiniBatching(
                client,
                fixture.topics,
                AdaptFixture.sourceModel().card().classes(),
                MiniBatchSettings.defaults()
                        .withMembership(Membership.of(fixture.topics.prefix() + "minibatch"))
                        .withStateDir(folder.resolve("state-" + started++)),
                telemetry);
        times.put(
                "minibatch", time(Role.of("minibatch", miniBatching::start, miniBatching::check, miniBatching::close)));
        FollowedVersions versions = new FollowedVersions(client, fixture.topics, telemetry);
        FeedFollower feed = new FeedFollower(
                client,
                fixture.topics,
                new PredictionCodec(WireFormat.JSON),
                new EventCodec(WireFormat.JSON),
                new LiveWatcher(new LiveFeed(), prediction -> Optional.empty()));
        times.put("web", time(versions, Role.of("feed", feed::start, feed::check, feed::close)));
        return times;
    }

    /** How long it takes until all are ready. Closes them. */
    private static Duration time(Role... roles) {
        long begun = System.nanoTime();
        try {
            for (Role role : roles) {
                role.start();
            }
            for (Role role : roles) {
                Supplier<Health> check = role::check;
                await().atMost(LIMIT)
                        .pollInterval(Duration.ofMillis(10))
                        .until(() -> check.get() instanceof Health.Ready);
            }
            return Duration.ofNanos(System.nanoTime() - begun);
        } catch (Exception e) {
            throw new AssertionError(e);
        } finally {
            for (Role role : roles) {
                role.close();
            }
        }
    }

    /** Two starts of each domain, each of a state and of samples. */
    private static long starts(Topics topics, int domains) {
        StartCodec codec = new StartCodec();
        KeptStarts kept = new KeptStarts();
        AtomicLong offset = new AtomicLong();
        try (KafkaProducer<byte[], byte[]> producer = TestBroker.producer()) {
            StartCodec.RecordSink sink = (key, value) -> {
                long at = offset.getAndIncrement();
                kept.add(new ConsumerRecord<>(topics.adaptationStarts(), 0, at, key, value));
                var unused = producer.send(new ProducerRecord<>(topics.adaptationStarts(), 0, key, value));
            };
            for (int pass = 0; pass < 2; pass++) {
                for (int i = 0; i < domains; i++) {
                    DomainId domain = new DomainId("camera-" + i);
                    int slot = pass;
                    AtomicInteger index = new AtomicInteger();
                    codec.parts(
                            domain,
                            pass,
                            slot,
                            List.of(() -> StartState.newBuilder()
                                    .setActiveWeights(ByteString.copyFrom(new byte[6_000]))
                                    .build()),
                            "levels",
                            List.of(StartSample.newBuilder()
                                    .setPixels(ByteString.copyFrom(new byte[2_000]))
                                    .build()),
                            part -> sink.accept(codec.key(domain, slot, index.getAndIncrement()), part));
                }
                codec.pass(StartPass.newBuilder().setPosition(pass).build(), kept.places(), sink);
            }
        }
        return offset.get();
    }

    @Test
    void theStartsOfAThousandDomainsAreFoundWithoutReadingThem() {
        try (AdaptFixture fixture = new AdaptFixture();
                Consumer<byte[], byte[]> consumer =
                        ClientProperties.of(TestBroker.clientProperties()).openReader()) {
            TopicPartition partition = new TopicPartition(fixture.topics.adaptationStarts(), 0);
            long end = starts(fixture.topics, 1_000);
            PartitionReader reader = new PartitionReader(consumer, Duration.ofSeconds(30));
            StartReader starts = new StartReader(reader, partition);
            KeptStarts all = new KeptStarts();
            KeptStarts found = new KeptStarts();
            AtomicLong bytes = new AtomicLong();

            long begun = System.nanoTime();
            starts.places(end, found, read -> bytes.addAndGet(read.bytes()));
            long places = System.nanoTime() - begun;
            ReadSummary everything = reader.read(new OffsetRange(partition, 0, end), all::add);

            System.out.printf(
                    "starts of 1,000 domains: found in %d ms by reading %d bytes; all of it is %d bytes and takes %d ms%n",
                    Duration.ofNanos(places).toMillis(),
                    bytes.get(),
                    everything.bytes(),
                    everything.took().toMillis());
            for (int i = 0; i < 1_000; i++) {
                DomainId domain = new DomainId("camera-" + i);
                assertThat(found.of(domain)).hasSize(2).isEqualTo(all.of(domain));
            }
            assertThat(bytes.get()).isLessThan(everything.bytes() / 100);
        }
    }
}
