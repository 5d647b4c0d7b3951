package io.acclimate.wire;

import com.google.protobuf.Timestamp;
import io.acclimate.core.Coordinates;
import java.time.Instant;

/** The values that several schemas share, to and from their messages. */
final class ProtoValues {
    private ProtoValues() {}

    static Timestamp timestamp(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    static Instant instant(Timestamp timestamp) {
        return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
    }

    static io.acclimate.wire.v1.Coordinates coordinates(Coordinates coordinates) {
        return io.acclimate.wire.v1.Coordinates.newBuilder()
                .setTopic(coordinates.topic())
                .setPartition(coordinates.partition())
                .setOffset(coordinates.offset())
                .build();
    }

    static Coordinates coordinates(io.acclimate.wire.v1.Coordinates message) {
        return new Coordinates(message.getTopic(), message.getPartition(), message.getOffset());
    }
}
