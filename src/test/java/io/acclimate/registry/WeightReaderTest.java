package io.acclimate.registry;

import static io.acclimate.registry.VersionRecords.CAMERA;
import static io.acclimate.registry.VersionRecords.TOPICS;
import static io.acclimate.registry.VersionRecords.activation;
import static io.acclimate.registry.VersionRecords.chunks;
import static io.acclimate.registry.VersionRecords.id;
import static io.acclimate.registry.VersionRecords.version;
import static io.acclimate.registry.VersionRecords.weights;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.Activation.Cause;
import io.acclimate.core.Coordinates;
import io.acclimate.core.Digest;
import io.acclimate.core.ModelVersion;
import io.acclimate.registry.VersionRecords.Partition;
import io.acclimate.wire.VersionCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class WeightReaderTest {
    private final byte[] delta = weights(1, 300_000).toBytes();
    private final VersionCodec codec = new VersionCodec();

    @Test
    void readsTheChunksFromWhereTheVersionsRecordSaysTheyStart() {
        List<byte[]> all = new ArrayList<>(chunks(2, weights(2, 10).toBytes()));
        all.addAll(chunks(3, delta));
        all.addAll(chunks(4, delta));

        Fetched fetched = reader(weightsTopic(all)).fetch(version(3, delta, 1));

        assertThat(fetched).isInstanceOfSatisfying(Fetched.Weights.class, whole -> assertThat(
                        whole.delta().toBytes())
                .isEqualTo(delta));
    }

    @Test
    void theNextReadStartsAnywhereAgain() {
        List<byte[]> all = new ArrayList<>(chunks(2, delta));
        all.addAll(chunks(3, delta));
        WeightReader reader = reader(weightsTopic(all));
        reader.fetch(version(3, delta, 3));

        assertThat(reader.fetch(version(2, delta, 0))).isInstanceOf(Fetched.Weights.class);
    }

    @Test
    void chunksThatNeverCameAreIncompleteOncePatienceIsOver() {
        Fetched fetched = reader(weightsTopic(chunks(3, delta).subList(0, 2))).fetch(version(3, delta, 0));

        assertThat(fetched).isEqualTo(new Fetched.Refused("incomplete", "2 of 3 chunks are there"));
    }

    @Test
    void aBrokerThatGivesNothingOfWhatItHasIsATimeoutAndNoRefusal() {
        Partition silent = weightsTopic(List.of());
        silent.updateEndOffsets(Map.of(new org.apache.kafka.common.TopicPartition(TOPICS.modelWeights(), 0), 3L));

        assertThatThrownBy(() -> reader(silent).fetch(version(3, delta, 0)))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("camera-1/3")
                .hasMessageContaining("PT0.001S");
    }

    @Test
    void weightsOfWhichTheBeginningIsGoneAreIncomplete() {
        Partition topic = weightsTopic(chunks(3, delta));

        assertThat(reader(topic).fetch(version(3, delta, 1)))
                .isInstanceOfSatisfying(Fetched.Refused.class, refused -> assertThat(refused.kind())
                        .isEqualTo("incomplete"));
    }

    @Test
    void sizesThatCannotBeAreRefusedBeforeAnythingIsRead() {
        WeightReader reader = reader(weightsTopic(chunks(3, delta)));
        for (ModelVersion impossible : List.of(claiming(3, 4_000_000_000L), claiming(100, 10))) {
            assertThat(reader.fetch(impossible))
                    .isInstanceOfSatisfying(Fetched.Refused.class, refused -> assertThat(refused.message())
                            .contains(impossible.chunks() + " chunks of " + impossible.bytes() + " bytes"));
        }
    }

    @Test
    void aPartitionThatTheTopicLacksIsRefused() {
        ModelVersion whole = version(3, delta, 0);
        ModelVersion elsewhere = new ModelVersion(
                whole.id(),
                whole.parent(),
                whole.base(),
                whole.classes(),
                whole.weights(),
                new Coordinates(TOPICS.modelWeights(), 9, 0),
                whole.chunks(),
                whole.bytes(),
                whole.createdAt(),
                whole.provenance());

        assertThat(reader(weightsTopic(chunks(3, delta))).fetch(elsewhere))
                .isEqualTo(new Fetched.Refused("incomplete", "there is no " + TOPICS.modelWeights() + "-9"));
    }

    @Test
    void bytesOfTheRightDigestThatAreNoWeightsAreUnreadable() {
        byte[] text = "no weights".getBytes(StandardCharsets.UTF_8);

        assertThat(reader(weightsTopic(chunks(3, text))).fetch(version(3, text, 0)))
                .isInstanceOfSatisfying(Fetched.Refused.class, refused -> assertThat(refused.kind())
                        .isEqualTo("unreadable"));
    }

    @Test
    void aTopicThatIsNotThereIsATimeoutThatNamesIt() {
        assertThatThrownBy(() -> reader(new Partition("another")).fetch(version(3, delta, 0)))
                .isInstanceOf(TimeoutException.class)
                .hasMessage("topic " + TOPICS.modelWeights() + " does not exist");
    }

    @Test
    void findsTheLatestRecordOfAVersionAmongOthersAndDamage() {
        ModelVersion second = version(2, delta, 40);
        Partition topic = new Partition(TOPICS.modelVersions())
                .with(Arrays.asList(
                        codec.encode(version(2, delta, 7)),
                        null,
                        new byte[] {(byte) 0xff},
                        codec.encode(version(1, delta, 0)),
                        codec.encode(activation(2, 1, Cause.PROMOTE)),
                        codec.encode(second)));

        assertThat(reader(topic).find(id(2))).contains(second);
        assertThat(reader(topic).find(id(9))).isEmpty();
    }

    @Test
    void aCatalogueHasEveryVersionAndTheActivationOfTheHighestEpoch() {
        Partition topic = new Partition(TOPICS.modelVersions())
                .with(Arrays.asList(
                        codec.encode(version(10, delta, 0)),
                        codec.encode(version(9, delta, 0)),
                        codec.encode(activation(9, 2, Cause.PROMOTE)),
                        codec.encode(activation(10, 3, Cause.PROMOTE)),
                        codec.encode(activation(9, 1, Cause.PROMOTE)),
                        null));

        WeightReader.Catalogue catalogue = reader(topic).catalogue();

        assertThat(catalogue.versions().keySet()).containsExactly(id(9), id(10));
        assertThat(catalogue.active()).containsOnlyKeys(CAMERA);
        assertThat(catalogue.active()).containsEntry(CAMERA, activation(10, 3, Cause.PROMOTE));
    }

    @Test
    void closesItsConsumer() {
        Partition topic = weightsTopic(List.of());
        WeightReader reader = reader(topic);

        reader.close();

        assertThat(topic.closed()).isTrue();
    }

    private ModelVersion claiming(int chunks, long bytes) {
        return new ModelVersion(
                id(3),
                2,
                Digest.of(new byte[1]),
                List.of(),
                Digest.of(delta),
                new Coordinates(TOPICS.modelWeights(), 0, 0),
                chunks,
                bytes,
                VersionRecords.NOW,
                Map.of());
    }

    private static Partition weightsTopic(List<byte[]> values) {
        return new Partition(TOPICS.modelWeights()).with(new ArrayList<>(values));
    }

    private static WeightReader reader(Partition topic) {
        return new WeightReader(topic, TOPICS, Duration.ofMillis(1));
    }
}
