package io.acclimate.registry;

import static io.acclimate.registry.VersionRecords.chunks;
import static io.acclimate.registry.VersionRecords.id;
import static io.acclimate.registry.VersionRecords.version;
import static io.acclimate.registry.VersionRecords.weights;
import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.DomainId;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightChunksTest {
    private final byte[] delta = weights(1, 300_000).toBytes();
    private final List<byte[]> parts = chunks(3, delta);
    private final WeightChunks chunks = new WeightChunks(version(3, delta, 0));

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "524288, 1", "524289, 2", "1048576, 2", "1048577, 3"})
    void aDeltaHasAChunkForEachBegunHalfMebibyteAndOneWhenItIsEmpty(int bytes, int count) {
        assertThat(WeightChunks.count(bytes)).isEqualTo(count);
    }

    @Test
    void chunksInTheirOrderAreTheWeights() {
        for (byte[] part : parts) {
            assertThat(chunks.complete()).isFalse();
            assertThat(chunks.add(part)).isEmpty();
        }

        assertThat(chunks.complete()).isTrue();
        assertThat(chunks.finish()).isInstanceOfSatisfying(Fetched.Weights.class, whole -> assertThat(
                        whole.delta().toBytes())
                .isEqualTo(delta));
    }

    @Property(tries = 20)
    void anySizeIsCutAndPutTogetherAgain(@ForAll @IntRange(min = 1, max = 400_000) int floats) {
        byte[] any = weights(floats, floats).toBytes();
        WeightChunks together = new WeightChunks(version(3, any, 0));

        chunks(3, any).forEach(part -> assertThat(together.add(part)).isEmpty());

        assertThat(together.finish()).isInstanceOfSatisfying(Fetched.Weights.class, whole -> assertThat(whole.delta())
                .isEqualTo(weights(floats, floats)));
    }

    @Test
    void aChunkThatIsMissingIsNamedWithTheOneInItsPlace() {
        chunks.add(parts.get(0));

        assertThat(chunks.add(parts.get(2)))
                .hasValueSatisfying(reason -> assertThat(reason).contains("chunk 1 of 3", "chunk 2 of 3"));
    }

    @Test
    void aChunkThatIsRepeatedIsRefused() {
        chunks.add(parts.get(0));

        assertThat(chunks.add(parts.get(0))).isPresent();
        assertThat(chunks.received()).isEqualTo(1);
    }

    @Test
    void aChunkOfAnotherVersionOrDomainIsRefused() {
        VersionId elsewhere = new VersionId(new DomainId("camera-2"), 3);

        assertThat(chunks.add(chunks(4, delta).get(0)))
                .hasValueSatisfying(reason -> assertThat(reason).contains("camera-1/4"));
        assertThat(chunks.add(WeightChunks.chunk(elsewhere, delta, 0, 3).toByteArray()))
                .hasValueSatisfying(reason -> assertThat(reason).contains("camera-2/3"));
    }

    @Test
    void aChunkThatCountsOtherwiseThanItsVersionIsRefused() {
        assertThat(chunks.add(WeightChunks.chunk(id(3), delta, 0, 4).toByteArray()))
                .hasValueSatisfying(reason -> assertThat(reason).contains("chunk 0 of 4"));
    }

    @Test
    void bytesThatAreNoChunkAreRefused() {
        assertThat(chunks.add(new byte[] {(byte) 0xff, 1, 2}))
                .hasValueSatisfying(reason -> assertThat(reason).startsWith("chunk 0 is unreadable"));
        assertThat(chunks.add(new byte[0])).as("a tombstone").isPresent();
    }

    @Test
    void moreBytesThanTheVersionNamesAreRefusedBeforeTheyAreKept() {
        ModelVersion small = version(3, delta, 0);
        WeightChunks limited = new WeightChunks(new ModelVersion(
                small.id(),
                small.parent(),
                small.base(),
                small.classes(),
                small.weights(),
                small.location(),
                small.chunks(),
                1_000,
                small.createdAt(),
                small.provenance()));

        Optional<String> refusal = limited.add(parts.get(0));

        assertThat(refusal).hasValueSatisfying(reason -> assertThat(reason).contains("more than the 1000 bytes"));
        assertThat(limited.received()).isZero();
    }

    @Test
    void aChangedBitIsFoundByTheDigestAlone() {
        byte[] flipped = delta.clone();
        flipped[delta.length / 2] ^= 1;
        chunks(3, flipped).forEach(part -> assertThat(chunks.add(part)).isEmpty());

        assertThat(chunks.finish()).isInstanceOfSatisfying(Fetched.Refused.class, refused -> assertThat(refused.kind())
                .isEqualTo("digest"));
    }

    @Test
    void tooFewBytesInEnoughChunksAreIncomplete() {
        byte[] half = java.util.Arrays.copyOf(delta, delta.length - 1);
        chunks(3, half).forEach(part -> assertThat(chunks.add(part)).isEmpty());

        assertThat(chunks.finish())
                .isEqualTo(new Fetched.Refused(
                        "incomplete", "the chunks hold " + half.length + " bytes, the version names " + delta.length));
    }
}
