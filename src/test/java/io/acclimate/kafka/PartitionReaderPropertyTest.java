package io.acclimate.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.common.TopicPartition;

/** Logs with any gaps, read in polls of any size: what comes out is what a filter over the whole log gives. */
class PartitionReaderPropertyTest {
    private static final TopicPartition PARTITION = new TopicPartition("mini-batches", 0);
    private static final int LONGEST = 200;

    @Provide
    Arbitrary<Set<Long>> offsets() {
        return Arbitraries.longs().between(0, LONGEST - 1).set().ofMaxSize(80);
    }

    private static FakeLog log(Set<Long> kept, int perPoll) {
        FakeLog log = new FakeLog().perPoll(perPoll);
        kept.forEach(each -> log.put(PARTITION, each, new byte[2], new byte[3]));
        return log;
    }

    private static PartitionReader reader(FakeLog log) {
        return new PartitionReader(log, Duration.ofSeconds(1), () -> 0, PartitionReader.Pulse.NONE);
    }

    /** The reader stops at the end of the log, as its callers make it: beyond it nothing ever comes. */
    private static OffsetRange range(FakeLog log, long from, long to) {
        return new OffsetRange(PARTITION, from, Math.min(to, log.end(PARTITION)));
    }

    private static List<Long> within(Set<Long> offsets, OffsetRange range) {
        return new TreeSet<>(offsets)
                .stream()
                        .filter(each -> each >= range.from() && each < range.to())
                        .toList();
    }

    @Property(tries = 200)
    void aRangeGivesEveryRecordInItOnceAndInOrder(
            @ForAll("offsets") Set<Long> kept,
            @ForAll @IntRange(min = 1, max = 30) int perPoll,
            @ForAll @IntRange(max = LONGEST) int from,
            @ForAll @IntRange(max = LONGEST) int to) {
        FakeLog log = log(kept, perPoll);
        OffsetRange range = range(log, from, to);
        List<Long> read = new ArrayList<>();

        ReadSummary summary = reader(log).read(range, record -> read.add(record.offset()));

        assertThat(read).containsExactlyElementsOf(within(kept, range));
        assertThat(summary.records()).isEqualTo(read.size());
        assertThat(summary.bytes()).isEqualTo(5L * read.size());
    }

    @Property(tries = 200)
    void pickingGivesTheWantedRecordsThatAreKeptAndNoOther(
            @ForAll("offsets") Set<Long> kept,
            @ForAll("offsets") Set<Long> wanted,
            @ForAll @IntRange(min = 1, max = 30) int perPoll) {
        FakeLog log = log(kept, perPoll);
        List<Long> read = new ArrayList<>();

        reader(log).pick(range(log, 0, LONGEST), wanted, record -> read.add(record.offset()));

        Set<Long> both = new TreeSet<>(wanted);
        both.retainAll(kept);
        assertThat(read).containsExactlyElementsOf(both);
    }

    @Property(tries = 100)
    void oneReaderReadsOnePartitionAgainAndAgain(
            @ForAll("offsets") Set<Long> kept, @ForAll @IntRange(min = 1, max = 30) int perPoll) {
        FakeLog log = log(kept, perPoll);
        PartitionReader reader = reader(log);
        List<Long> read = new ArrayList<>();

        for (int time = 0; time < 3; time++) {
            reader.read(range(log, 0, LONGEST), record -> read.add(record.offset()));
        }

        assertThat(read).hasSize(3 * kept.size());
    }
}
