package io.acclimate.minibatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.Golden;
import io.acclimate.core.Bytes;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DomainId;
import io.acclimate.core.ImageId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.Payload;
import io.acclimate.minibatch.state.OpenBuffer;
import io.acclimate.minibatch.state.PendingLabel;
import io.acclimate.minibatch.state.ServedImage;
import io.acclimate.wire.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the stores, their changelogs and the repartition topics of a running installation hold. */
class StoreGoldenTest {
    static final ServedImage SERVED = ServedImage.unlabelled(new Coordinates("images", 2, 99), new DomainId("site-1"));
    static final ServedImage LABELLED = SERVED.labelled("Stiefel ü");
    static final OpenBuffer BUFFER = new OpenBuffer(17, 3, 1_000_000_007L, 1_767_323_045_678L);
    static final PendingLabel WAITING = new PendingLabel(
            new LabelledSample(
                    new ImageId("img-1"),
                    1,
                    "boot",
                    new Payload(Bytes.EMPTY, Optional.empty()),
                    new Coordinates("labels", 1, 5),
                    Instant.parse("2026-01-02T03:04:05.678Z")),
            new RecordHeaders()
                    .add("label", "boot".getBytes(StandardCharsets.UTF_8))
                    .add("source", "nurse ü".getBytes(StandardCharsets.UTF_8))
                    .add("empty", new byte[0])
                    .add("nothing", null),
            true,
            Optional.empty());
    static final PendingLabel FOUND = WAITING.of(SERVED);

    /** {@code stores.txt} is what this build writes, the other what builds wrote before the stores were Protobuf. */
    @ParameterizedTest
    @ValueSource(strings = {"stores.txt", "stores-before-protobuf.txt"})
    void whatEarlierBuildsStoredIsRead(String resource) {
        Map<String, byte[]> kept = Golden.bytes(StoreGoldenTest.class, resource);

        assertThat(ServedImage.parse("images", kept(kept, "served"))).isEqualTo(SERVED);
        assertThat(ServedImage.parse("images", kept(kept, "labelled"))).isEqualTo(LABELLED);
        assertThat(OpenBuffer.parse(kept(kept, "buffer"))).isEqualTo(BUFFER);
        assertThat(PendingLabel.parse("images", kept(kept, "waiting"))).isEqualTo(WAITING);
        assertThat(PendingLabel.parse("images", kept(kept, "found"))).isEqualTo(FOUND);
    }

    @ParameterizedTest
    @ValueSource(strings = {"stores.txt", "stores-before-protobuf.txt"})
    void anImageIsToldFromALabelByItsFirstByte(String resource) {
        Map<String, byte[]> kept = Golden.bytes(StoreGoldenTest.class, resource);

        assertThat(kept.entrySet().stream()
                        .filter(each -> !each.getKey().equals("buffer"))
                        .filter(each -> ServedImage.isOne(each.getValue()))
                        .map(Map.Entry::getKey))
                .containsExactly("labelled", "served");
    }

    @Test
    void storesAreWrittenAsBefore() {
        Golden.assertText(
                StoreGoldenTest.class,
                "stores.txt",
                "During a rolling upgrade an instance of the last build restores these from the changelogs.",
                line("served", SERVED.toBytes())
                        + line("labelled", LABELLED.toBytes())
                        + line("buffer", BUFFER.toBytes())
                        + line("waiting", WAITING.toBytes())
                        + line("found", FOUND.toBytes()));
    }

    @Test
    void bytesThatAreNeitherFormAreRefusedByName() {
        byte[] other = {(byte) 0xff};

        assertThatThrownBy(() -> ServedImage.parse("images", other))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageContaining("not a served image");
        assertThatThrownBy(() -> PendingLabel.parse("images", other)).hasMessageContaining("not a pending label");
        assertThatThrownBy(() -> OpenBuffer.parse(other)).hasMessageContaining("not an open buffer");
        assertThatThrownBy(() -> ServedImage.parse("images", WAITING.toBytes())).hasMessageContaining("LABEL");
        assertThatThrownBy(() -> PendingLabel.parse("images", SERVED.toBytes())).hasMessageContaining("IMAGE");
    }

    private static byte[] kept(Map<String, byte[]> kept, String name) {
        return kept.getOrDefault(name, new byte[0]);
    }

    private static String line(String name, byte[] bytes) {
        return name + " " + HexFormat.of().formatHex(bytes) + "\n";
    }
}
