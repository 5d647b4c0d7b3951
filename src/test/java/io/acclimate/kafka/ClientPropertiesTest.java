package io.acclimate.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.junit.jupiter.api.Test;

class ClientPropertiesTest {
    private static final GroupMembership MEMBERSHIP =
            new GroupMembership("adapt-1", RangeAssignor.class.getName(), "range", Duration.ofSeconds(6));

    /** What a user can write into a file that all clients read, against every guarantee. */
    private static final Map<String, Object> HOSTILE = Map.of(
            "bootstrap.servers", "localhost:9092",
            "isolation.level", "read_uncommitted",
            "enable.auto.commit", true,
            "allow.auto.create.topics", true,
            "group.id", "theirs",
            "group.instance.id", "theirs",
            "transactional.id", "theirs",
            "acks", "0",
            "enable.idempotence", false);

    private final ClientProperties properties = ClientProperties.of(HOSTILE);

    @Test
    void noConsumerCreatesTopicsOrSeesUndecidedRecordsOrCommitsOnItsOwn() {
        List<Map<String, Object>> consumers =
                List.of(properties.reader(), properties.reader("mine"), properties.member("mine", MEMBERSHIP));

        assertThat(consumers).allSatisfy(each -> assertThat(each)
                .containsEntry("allow.auto.create.topics", false)
                .containsEntry("isolation.level", "read_committed")
                .containsEntry("enable.auto.commit", false)
                .containsEntry("auto.offset.reset", "earliest")
                .doesNotContainKey("transactional.id"));
    }

    @Test
    void aReaderIsInNoGroupUnlessItAsksForOnesOffsets() {
        assertThat(properties.reader()).doesNotContainKeys("group.id", "group.instance.id");
        assertThat(properties.reader("mine")).containsEntry("group.id", "mine").doesNotContainKey("group.instance.id");
    }

    @Test
    void noFetchBehindASinglePieceHoldsUpTheNextOneForLong() {
        assertThat(properties.reader()).doesNotContainKey("fetch.max.wait.ms");
        assertThat(ClientProperties.of(Map.of("fetch.max.wait.ms", 500))
                        .forSinglePieces()
                        .reader())
                .containsEntry("fetch.max.wait.ms", 10);
    }

    @Test
    void aMemberHasTheGroupAndTheNameOfItsRole() {
        assertThat(properties.member("mine", MEMBERSHIP))
                .containsEntry("group.id", "mine")
                .containsEntry("group.instance.id", "adapt-1")
                .containsEntry("session.timeout.ms", 6_000);
    }

    @Test
    void everyProducerIsIdempotentAndWaitsForAllReplicas() {
        assertThat(List.of(properties.producer(), properties.transactional("mine")))
                .allSatisfy(each ->
                        assertThat(each).containsEntry("acks", "all").containsEntry("enable.idempotence", true));
    }

    @Test
    void aTransactionalIdIsTheRolesOrNone() {
        assertThat(properties.producer()).doesNotContainKey("transactional.id");
        assertThat(properties.transactional("mine")).containsEntry("transactional.id", "mine");
    }

    @Test
    void aUserOverridesWhatARolePrefersAndNotWhatItForces() {
        ClientProperties of = ClientProperties.of(Map.of("linger.ms", 1, "client.id", "theirs", "max.block.ms", 5))
                .prefer("linger.ms", 20)
                .prefer("batch.size", 64)
                .named("mine")
                .force("max.block.ms", 2_000);

        assertThat(of.producer())
                .containsEntry("linger.ms", 1)
                .containsEntry("batch.size", 64)
                .containsEntry("client.id", "mine")
                .containsEntry("max.block.ms", 2_000);
    }

    @Test
    void aRoleMayForceAgainstTheRoom() {
        assertThat(properties.force("isolation.level", "read_uncommitted").reader())
                .containsEntry("isolation.level", "read_uncommitted");
    }

    @Test
    void aMemberMayBeginAtTheEndWhenItsUserSaysSo() {
        assertThat(ClientProperties.of(Map.of("auto.offset.reset", "latest")).member("mine", MEMBERSHIP))
                .containsEntry("auto.offset.reset", "latest");
        assertThat(ClientProperties.of(Map.of("auto.offset.reset", "latest")).reader())
                .containsEntry("auto.offset.reset", "earliest");
    }

    @Test
    void theUsersMapStaysAsItIs() {
        Map<String, Object> given = new HashMap<>(HOSTILE);

        Map<String, Object> made = ClientProperties.of(given).member("mine", MEMBERSHIP);

        assertThat(made).isNotEqualTo(given);
        assertThat(given).isEqualTo(HOSTILE);
    }
}
