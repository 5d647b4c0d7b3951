package io.acclimate.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.broker.SlowCommits;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class CommitsTest {
    private static SlowCommits open(int timeouts) {
        SlowCommits producer = new SlowCommits(timeouts);
        producer.initTransactions();
        producer.beginTransaction();
        return producer;
    }

    @Test
    void aCommitWithoutAnAnswerIsRepeatedUntilThereIsOneAndNeverAborted() {
        SlowCommits producer = open(3);

        Commits.untilAnswered(producer, () -> true);

        assertThat(producer.calls()).containsExactly("commit", "commit", "commit", "commit");
        assertThat(producer.transactionCommitted()).isTrue();
    }

    @Test
    void aStopEndsTheRepetitionAndSaysThatTheOutcomeIsNotKnown() {
        SlowCommits producer = open(3);

        assertThatThrownBy(() -> Commits.untilAnswered(producer, () -> false)).isInstanceOf(TimeoutException.class);
        assertThat(producer.calls()).containsExactly("commit");
    }

    @Test
    void aCommitThatIsRefusedIsNotRepeated() {
        SlowCommits producer = open(0);
        producer.fenceProducer();

        assertThatThrownBy(() -> Commits.untilAnswered(producer, () -> true))
                .isInstanceOf(ProducerFencedException.class);
        assertThat(producer.calls()).containsExactly("commit");
    }
}
