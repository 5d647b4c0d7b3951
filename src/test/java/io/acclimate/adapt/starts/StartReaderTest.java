package io.acclimate.adapt.starts;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.acclimate.core.DomainId;
import io.acclimate.kafka.FakeLog;
import io.acclimate.kafka.PartitionReader;
import io.acclimate.wire.StartCodec;
import io.acclimate.wire.v1.StartPart;
import io.acclimate.wire.v1.StartPass;
import io.acclimate.wire.v1.StartSample;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class StartReaderTest {
    private static final TopicPartition STARTS = new TopicPartition("adaptation-starts", 0);

    private final StartCodec codec = new StartCodec();
    private final FakeLog log = new FakeLog().perPoll(1);
    private final StartReader reader = new StartReader(new PartitionReader(log, Duration.ofSeconds(5)), STARTS);
    /** What a worker that wrote all of this knows. */
    private final KeptStarts written = new KeptStarts();

    private final List<DomainId> domains = new ArrayList<>();
    private long records;

    private void put(byte[] key, byte[] value) {
        long offset = log.end(STARTS);
        log.put(STARTS, offset, key, value);
        written.add(new ConsumerRecord<>(STARTS.topic(), 0, offset, key, value));
    }

    /** A start of two records: its samples, then its state. */
    private void start(DomainId domain, long generation, int slot, boolean complete) {
        StartPart.Builder part = StartPart.newBuilder()
                .setDomain(domain.value())
                .setGeneration(generation)
                .setSlot(slot);
        put(
                codec.key(domain, slot, 0),
                part.clone().addSamples(StartSample.newBuilder()).build().toByteArray());
        if (complete) {
            put(
                    codec.key(domain, slot, 1),
                    part.clone()
                            .setIndex(1)
                            .setPayload(ByteString.copyFromUtf8("state"))
                            .setLast(true)
                            .build()
                            .toByteArray());
        }
    }

    private void pass(long position) {
        codec.pass(StartPass.newBuilder().setPosition(position).build(), written.places(), this::put);
    }

    private void passOfAnEarlierBuild(long position) {
        put(
                "/pass".getBytes(StandardCharsets.UTF_8),
                StartPart.newBuilder()
                        .setPass(StartPass.newBuilder().setPosition(position))
                        .build()
                        .toByteArray());
    }

    private void passes(int count, int ofDomains) {
        for (int pass = 0; pass < count; pass++) {
            for (int i = 0; i < ofDomains; i++) {
                DomainId domain = new DomainId("camera-" + i);
                domains.add(domain);
                start(domain, pass, pass % 2, true);
            }
            pass(pass);
        }
    }

    private KeptStarts read() {
        KeptStarts read = new KeptStarts();
        records = 0;
        reader.places(log.end(STARTS), read, each -> records += each.records());
        return read;
    }

    private void isEqualToWritten(KeptStarts read) {
        assertThat(read.pass()).isEqualTo(written.pass());
        for (DomainId each : domains) {
            assertThat(read.of(each)).as("%s", each).isEqualTo(written.of(each));
            assertThat(read.nextSlot(each)).isEqualTo(written.nextSlot(each));
            assertThat(read.records(each, 0)).isEqualTo(written.records(each, 0));
            assertThat(read.records(each, 1)).isEqualTo(written.records(each, 1));
        }
    }

    @Test
    void theLastPassTellsTheStartsSoThatAThousandDomainsAreNotRead() {
        passes(3, 1_000);

        isEqualToWritten(read());

        assertThat(read().of(domains.get(999))).hasSize(2);
        assertThat(records).as("of %s", log.end(STARTS)).isLessThan(10);
    }

    @Test
    void whatCameAfterTheLastPassIsRead() {
        passes(2, 50);
        DomainId late = new DomainId("late");
        domains.add(late);
        start(late, 7, 0, true);
        start(domains.get(3), 7, 0, true);
        start(domains.get(4), 7, 1, false);

        KeptStarts read = read();

        isEqualToWritten(read);
        assertThat(read.of(domains.get(4))).as("a start was broken off over it").hasSize(1);
        assertThat(records).as("of %s", log.end(STARTS)).isLessThan(60);
    }

    @Test
    void withoutAPassThatTellsPlacesEverythingIsRead() {
        DomainId camera = new DomainId("camera-1");
        domains.add(camera);
        start(camera, 1, 0, true);
        passOfAnEarlierBuild(4);
        isEqualToWritten(read());
        start(camera, 2, 1, true);

        isEqualToWritten(read());

        assertThat(read().of(camera)).hasSize(2);
    }

    @Test
    void anEmptyPartitionHasNoStarts() {
        assertThat(read().pass()).isEmpty();
        assertThat(read().places()).isEmpty();
    }

    @Test
    void thePlacesOfManyDomainsAreSeveralRecordsOfOnePass() {
        passes(2, 30_000);

        List<ConsumerRecord<byte[], byte[]>> ofPass = new ArrayList<>();
        new PartitionReader(log.perPoll(10_000), Duration.ofSeconds(5))
                .read(new io.acclimate.kafka.OffsetRange(STARTS, 120_000, log.end(STARTS)), each -> {
                    if (new String(each.key(), StandardCharsets.UTF_8).startsWith("/pass")) {
                        ofPass.add(each);
                    }
                });
        assertThat(ofPass).hasSizeGreaterThan(2).allSatisfy(each -> assertThat(each.value().length)
                .isLessThan(1_000_000));
        isEqualToWritten(read());
    }
}
