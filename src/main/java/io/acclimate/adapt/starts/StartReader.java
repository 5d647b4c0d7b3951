package io.acclimate.adapt.starts;

import com.google.protobuf.ByteString;
import io.acclimate.kafka.OffsetRange;
import io.acclimate.kafka.PartitionReader;
import io.acclimate.kafka.ReadSummary;
import io.acclimate.wire.StartCodec;
import io.acclimate.wire.v1.StartPart;
import io.acclimate.wire.v1.StartPass;
import io.acclimate.wire.v1.StartSample;
import io.acclimate.wire.v1.StartState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Reads what a start holds, from its place. The thread of the reader's consumer. */
public final class StartReader {
    private static final int FIRST_LOOK = 4;
    private static final int LOOK_FURTHER = 8;

    private final PartitionReader reader;
    private final TopicPartition partition;
    private final StartCodec codec = new StartCodec();

    /** @param partition of {@code adaptation-starts} */
    public StartReader(PartitionReader reader, TopicPartition partition) {
        this.reader = reader;
        this.partition = partition;
    }

    /** Takes a sample and the form of its pixels. */
    @FunctionalInterface
    public interface SampleSink {
        void accept(StartSample sample, String form);
    }

    /** Gives the samples of a start one by one. */
    public ReadSummary samples(KeptStart start, SampleSink each) {
        return parts(
                start.samples(), part -> part.getSamplesList().forEach(sample -> each.accept(sample, part.getForm())));
    }

    public StartState state(KeptStart start) {
        List<ByteString> pieces = new ArrayList<>();
        var unused = parts(start.state(), part -> pieces.add(part.getPayload()));
        return codec.state(pieces);
    }

    /**
     * Finds the starts of the partition. The last pass says where those are that were there when it was made, and it is one of the last
     * records unless a worker was killed in a pass. So it is looked for from the end, in ranges that grow; then only what came after it is
     * read. All is read when no pass tells places, as before the first pass of this build.
     *
     * @param end of the records to look at
     * @param counted is told of each read
     */
    public void places(long end, KeptStarts into, Consumer<ReadSummary> counted) {
        Optional<ConsumerRecord<byte[], byte[]>> pass = lastPass(end, counted);
        long next = 0;
        if (pass.isPresent()) {
            long from = pass.get().offset() - pass(pass.get()).getRecords() + 1;
            next = pass.get().offset() + 1;
            counted.accept(reader.read(new OffsetRange(partition, from, next), record -> {
                pass(record).getPlacesList().forEach(into::put);
                into.put(pass(record));
            }));
        }
        counted.accept(reader.read(new OffsetRange(partition, next, end), into::add));
    }

    private StartPass pass(ConsumerRecord<byte[], byte[]> record) {
        return codec.part(record.value()).getPass();
    }

    /** The last record that ends a pass and tells places. */
    private Optional<ConsumerRecord<byte[], byte[]>> lastPass(long end, Consumer<ReadSummary> counted) {
        List<ConsumerRecord<byte[], byte[]>> passes = new ArrayList<>();
        long to = end;
        for (long records = FIRST_LOOK; to > 0 && passes.isEmpty(); records *= LOOK_FURTHER) {
            long from = Math.max(0, to - records);
            counted.accept(reader.read(new OffsetRange(partition, from, to), record -> {
                if (record.value() != null && record.key() != null && StartCodec.endsPass(record.key())) {
                    passes.add(record);
                }
            }));
            to = from;
        }
        return passes.isEmpty()
                ? Optional.empty()
                : Optional.of(passes.get(passes.size() - 1))
                        .filter(record -> pass(record).getRecords() > 0);
    }

    private ReadSummary parts(List<Long> offsets, Consumer<StartPart> each) {
        long end = offsets.isEmpty() ? 0 : offsets.get(offsets.size() - 1) + 1;
        return reader.pick(new OffsetRange(partition, 0, end), offsets, record -> {
            if (record.value() != null) {
                each.accept(codec.part(record.value()));
            }
        });
    }
}
