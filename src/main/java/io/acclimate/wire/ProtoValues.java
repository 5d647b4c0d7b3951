package io.acclimate.wire;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import io.acclimate.core.Coordinates;
import java.time.Instant;

/** Converts the values that several schemas share to messages and back. */
final class ProtoValues {
    private ProtoValues() {}

    static Timestamp timestamp(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    /** @throws IllegalArgumentException outside the years 1 to 9999, which is all that the schema's type may hold */
    static Instant instant(Timestamp timestamp) {
        if (!Timestamps.isValid(timestamp)) {
            throw new IllegalArgumentException(
                    "no time: " + timestamp.getSeconds() + " s " + timestamp.getNanos() + " ns");
        }
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
