package io.acclimate.adapt.starts;

import com.google.protobuf.ByteString;
import io.acclimate.kafka.OffsetRange;
import io.acclimate.kafka.PartitionReader;
import io.acclimate.kafka.ReadSummary;
import io.acclimate.wire.StartCodec;
import io.acclimate.wire.v1.StartPart;
import io.acclimate.wire.v1.StartSample;
import io.acclimate.wire.v1.StartState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Reads what a start holds, from its place. The thread of the reader's consumer. */
public final class StartReader {
    private final PartitionReader reader;
    private final TopicPartition partition;
    private final StartCodec codec = new StartCodec();

    /** @param partition of {@code adaptation-starts} */
    public StartReader(PartitionReader reader, TopicPartition partition) {
        this.reader = reader;
        this.partition = partition;
    }

    /** Gives the samples of a start one by one. */
    public ReadSummary samples(KeptStart start, Consumer<StartSample> each) {
        return parts(start.samples(), part -> part.getSamplesList().forEach(each));
    }

    public StartState state(KeptStart start) {
        List<ByteString> pieces = new ArrayList<>();
        var unused = parts(start.state(), part -> pieces.add(part.getPayload()));
        return codec.state(pieces);
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
