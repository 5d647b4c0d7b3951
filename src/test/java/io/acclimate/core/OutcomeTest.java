package io.acclimate.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OutcomeTest {
    private final AtomicInteger calls = new AtomicInteger();

    @Test
    void workGoesFromStepToStepWhileNothingIsRefused() {
        assertThat(Outcome.ok(20).then(this::half).then(this::half)).isEqualTo(Outcome.ok(5));
        assertThat(calls).hasValue(2);
    }

    @Test
    void theFirstRefusalIsTheAnswerAndNoLaterStepRuns() {
        assertThat(Outcome.ok(10).then(this::half).then(this::half).then(this::half))
                .isEqualTo(Outcome.refused(DeadLetterReason.INVALID_HEADER, "5 is odd"));
        assertThat(calls).hasValue(2);
    }

    private Outcome<Integer> half(int number) {
        calls.incrementAndGet();
        return number % 2 == 0
                ? Outcome.ok(number / 2)
                : Outcome.refused(DeadLetterReason.INVALID_HEADER, number + " is odd");
    }
}
