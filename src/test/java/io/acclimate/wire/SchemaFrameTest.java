package io.acclimate.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.ClassScore;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DomainId;
import io.acclimate.core.ImageId;
import io.acclimate.core.Prediction;
import io.apicurio.registry.serde.protobuf.MessageIndexesUtil;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.kafka.common.utils.internals.ByteUtils;
import org.junit.jupiter.api.Test;

class SchemaFrameTest {
    private final PredictionCodec codec = new PredictionCodec(WireFormat.PROTOBUF);

    @Property(tries = 200)
    void whatWasFramedIsFoundAgain(
            @ForAll @IntRange(min = 0) int id, @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 0) Integer> path) {
        byte[] bytes = new SchemaFrame(id, path).bytes();

        assertThat(SchemaFrame.read(bytes)).isEqualTo(new SchemaFrame.Found(new SchemaFrame(id, path), bytes.length));
    }

    /** Confluent's serializers write the indexes with Kafka's own signed varints. */
    @Property(tries = 200)
    void indexesAreKafkasOwnVarints(@ForAll @IntRange(min = 1) int index) {
        ByteBuffer expected = ByteBuffer.allocate(32).put((byte) 0).putInt(7);
        ByteUtils.writeVarint(2, expected);
        ByteUtils.writeVarint(index, expected);
        ByteUtils.writeVarint(0, expected);

        assertThat(ByteBuffer.wrap(new SchemaFrame(7, List.of(index, 0)).bytes()))
                .isEqualTo(expected.flip());
    }

    @Property(tries = 200)
    void apicuriosSerdeReadsAndWritesTheSameIndexes(
            @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 0) Integer> path) throws IOException {
        byte[] ours = new SchemaFrame(7, path).bytes();
        ByteArrayOutputStream theirs = new ByteArrayOutputStream();
        theirs.writeBytes(bytes("0000000007"));
        MessageIndexesUtil.writeTo(path, theirs);

        assertThat(MessageIndexesUtil.readFrom(new ByteArrayInputStream(ours, 5, ours.length - 5)))
                .isEqualTo(path);
        assertThat(SchemaFrame.read(theirs.toByteArray()).frame().path()).isEqualTo(path);
    }

    @Test
    void theFirstMessageOfAFileIsOneZero() {
        assertThat(new SchemaFrame(0x01020304, List.of(0)).bytes()).containsExactly(0, 1, 2, 3, 4, 0);
        assertThat(SchemaFrame.read(bytes("0000000007 02 00")).frame().path()).containsExactly(0);
    }

    @Test
    void aFramedPredictionIsReadWithoutBeingTold() {
        Prediction prediction = new Prediction(
                new ImageId("cat-1"),
                DomainId.DEFAULT,
                List.of(new ClassScore(3, "cat", 0.75f)),
                7,
                new Coordinates("images", 2, 99),
                Instant.EPOCH,
                Duration.ofMillis(5));
        byte[] message = codec.encode(prediction);
        ByteBuffer framed = ByteBuffer.allocate(message.length + 7);

        framed.put(bytes("00 0000002a 0200")).put(message);

        assertThat(codec.decode(framed.array())).isEqualTo(prediction);
    }

    @Test
    void aBrokenFrameIsRefused() {
        for (String broken : List.of(
                "00",
                "0000000007",
                "0000000007 02",
                "0000000007 80",
                "0000000007 01",
                "0000000007 12",
                "0000000007 0201",
                "0000000007 02ffffffffff",
                "00ffffffff 00",
                "0000000007 7e")) {
            assertThatThrownBy(() -> codec.decode(bytes(broken)))
                    .as(broken)
                    .isInstanceOf(UnreadableRecordException.class)
                    .hasMessageContaining("frame");
        }
    }

    @Test
    void aFrameAroundAnotherMessageIsRefused() {
        assertThatThrownBy(() -> codec.decode(bytes("0000000007 0204")))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessage("a schema registry's frame around message [2] of its schema, expected Prediction at [0]");
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
