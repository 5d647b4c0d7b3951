package io.acclimate.adapt.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.domain.Round;
import io.acclimate.core.Coordinates;
import io.acclimate.core.Digest;
import io.acclimate.core.DomainId;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import io.acclimate.infer.BiasModel;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.registry.Fetched;
import io.acclimate.registry.ListedVersion;
import io.acclimate.registry.PublishedVersions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The topic has version 9 today; the rebuild has made versions 1 to 3 so far. */
class RebuiltVersionsTest {
    private static final DomainId CAMERA = new DomainId("camera-1");
    private static final Digest BASE = Digest.of(new byte[] {1});
    private static final PublishedVersions TOPIC = new PublishedVersions() {
        @Override
        public Optional<ModelVersion> find(VersionId id) {
            throw new AssertionError("the topic is not asked, got " + id);
        }

        @Override
        public List<ListedVersion> listed(DomainId domain) {
            throw new AssertionError("today's list is not the list of then");
        }

        @Override
        public Fetched fetch(ModelVersion version) {
            return new Fetched.Refused("topic", "version " + version.id().number() + " of the topic");
        }
    };

    private final SortedMap<Long, ModelVersion> onTopic = new TreeMap<>(Map.of(9L, published(9)));
    private final RebuiltVersions then = new RebuiltVersions(TOPIC, onTopic);

    @AfterEach
    void close() {
        then.close();
    }

    private static ModelVersion published(long number) {
        return new ModelVersion(
                new VersionId(CAMERA, number),
                number - 1,
                BASE,
                List.of(),
                Digest.of(new byte[0]),
                new Coordinates("model-weights", 0, 0),
                1,
                1,
                Instant.EPOCH,
                Map.of("pinned", "true"));
    }

    private static WeightDelta weights(long number) {
        return BiasModel.version(number);
    }

    private void make(long number, LongPredicate kept) {
        then.remember(
                new Round.NewVersion(
                        new VersionId(CAMERA, number),
                        number - 1,
                        weights(number),
                        Map.of("configuration", "one", "miniBatchClosedAt", Long.toString(1_000 * number))),
                BASE,
                List.of("a", "b"),
                kept);
    }

    @Test
    void listsWhatWasKeptThenWithTheTimesOfTheMiniBatches() {
        make(1, number -> true);
        make(2, number -> true);

        List<ListedVersion> listed = then.listed(CAMERA);

        assertThat(listed)
                .startsWith(
                        new ListedVersion(1, Instant.ofEpochSecond(1), 1, "one", false),
                        new ListedVersion(2, Instant.ofEpochSecond(2), 1, "one", false))
                .extracting(ListedVersion::number)
                .containsExactly(1L, 2L, 9L);
    }

    @Test
    void aVersionThatRetentionHadRemovedByThenIsNotListedAndNotFound() {
        make(1, number -> true);
        make(2, number -> number == 2);

        assertThat(then.listed(CAMERA)).extracting(ListedVersion::number).containsExactly(2L, 9L);
        assertThat(then.find(new VersionId(CAMERA, 1))).isEmpty();
    }

    @Test
    void aVersionIsPinnedByTheCommandsUntilThenAndNotByItsRecordOfToday() {
        make(1, number -> true);
        make(9, number -> true);
        assertThat(then.listed(CAMERA)).noneMatch(ListedVersion::pinned);

        then.pinned(1, true);

        assertThat(then.listed(CAMERA))
                .filteredOn(ListedVersion::pinned)
                .extracting(ListedVersion::number)
                .containsExactly(1L);
    }

    @Test
    void weightsThatTheTopicHasNoMoreComeBackWithTheirDigest() {
        for (long number = 1; number <= 3; number++) {
            make(number, each -> each != 1);
        }

        ModelVersion second = then.find(new VersionId(CAMERA, 2)).orElseThrow();
        Fetched fetched = then.fetch(second);

        assertThat(fetched).isInstanceOfSatisfying(Fetched.Weights.class, weights -> assertThat(
                        weights.delta().digest())
                .isEqualTo(weights(2).digest())
                .isEqualTo(second.weights()));
        assertThat(then.fetch(published(9))).isInstanceOf(Fetched.Refused.class);
    }
}
