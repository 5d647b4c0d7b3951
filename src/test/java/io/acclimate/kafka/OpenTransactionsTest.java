package io.acclimate.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Whose transactions are ended, without a broker. What the broker does then is the integration test's. */
class OpenTransactionsTest {
    private static final TopicPartition TAKEN = new TopicPartition("predictions", 0);
    private static final TopicPartition OFFSETS = new TopicPartition("__consumer_offsets", 7);

    private final OpenTransactions transactions =
            new OpenTransactions(Map.of("bootstrap.servers", "localhost:1"), "serve", id -> id + "-consumer");

    private static TransactionDescription transaction(TransactionState state, TopicPartition... wrote) {
        return new TransactionDescription(0, state, 1, 0, 60_000, OptionalLong.of(0), Set.of(wrote));
    }

    @Test
    void oneThatHasWrittenToAPartitionTakenOverIsEndedThoughItsConsumerSeemsToLive() {
        assertThat(transactions.left(
                        Map.of("serve-1", transaction(TransactionState.ONGOING, TAKEN)),
                        Set.of("serve-1-consumer"),
                        Set.of(TAKEN)))
                .containsExactly("serve-1");
    }

    @Test
    void oneWithNothingButOffsetsIsEndedWhenItsConsumerIsInNoGroupAnyMore() {
        Map<String, TransactionDescription> open = Map.of("serve-1", transaction(TransactionState.ONGOING, OFFSETS));

        assertThat(transactions.left(open, Set.of(), Set.of(TAKEN))).containsExactly("serve-1");
        assertThat(transactions.left(open, Set.of("serve-1-consumer"), Set.of(TAKEN)))
                .isEmpty();
    }

    @Test
    void aLivingMemberAtWorkOnOtherPartitionsIsLeftAlone() {
        TopicPartition other = new TopicPartition("predictions", 1);

        assertThat(transactions.left(
                        Map.of("serve-2", transaction(TransactionState.ONGOING, other)),
                        Set.of("serve-2-consumer"),
                        Set.of(TAKEN)))
                .isEmpty();
    }

    @Test
    void oneThatIsDecidedMeanwhileNeedsNoEnd() {
        assertThat(List.of(TransactionState.COMPLETE_COMMIT, TransactionState.PREPARE_ABORT))
                .allSatisfy(state -> assertThat(transactions.left(
                                Map.of("serve-1", transaction(state, TAKEN)), Set.of(), Set.of(TAKEN)))
                        .isEmpty());
    }

    @Test
    void takingOverNothingAsksNoBroker() {
        transactions.end("serve-1", List.of());
    }
}
