package io.acclimate.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CausesTest {
    @Test
    void messagesOfTheChainComeOutermostFirst() {
        assertThat(Causes.messages(new IllegalStateException("cannot poll", new RuntimeException("no such host"))))
                .isEqualTo("cannot poll: no such host");
    }

    @Test
    void aMessageThatIsRepeatedIsSaidOnce() {
        Throwable inner = new RuntimeException("denied");
        assertThat(Causes.messages(new RuntimeException("denied", new RuntimeException("topic x", inner))))
                .isEqualTo("denied: topic x");
    }

    @Test
    void anExceptionWithoutAMessageIsNotSkipped() {
        assertThat(Causes.messages(new IllegalStateException(null, new RuntimeException("why"))))
                .isEqualTo("null: why");
    }
}
