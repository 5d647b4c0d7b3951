package io.acclimate.minibatch.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OpenBufferTest {
    @Test
    void theFirstSampleOpensABufferAndFurtherOnesDoNot() {
        OpenBuffer one = OpenBuffer.FIRST.plus(100, 5_000);

        assertThat(one).isEqualTo(new OpenBuffer(0, 1, 100, 5_000));
        assertThat(one.plus(20, 6_000)).isEqualTo(new OpenBuffer(0, 2, 120, 5_000));
    }

    @Test
    void theNextBufferIsEmptyAndHasTheNextNumber() {
        OpenBuffer next = new OpenBuffer(6, 3, 300, 5_000).next();

        assertThat(next.isEmpty()).isTrue();
        assertThat(next.sequence()).isEqualTo(7);
        assertThat(next.bytes()).isZero();
    }

    @Test
    void aBufferCanBeOpenedLaterWithoutLosingWhatItHolds() {
        assertThat(new OpenBuffer(6, 3, 300, 5_000).openedAt(1)).isEqualTo(new OpenBuffer(6, 3, 300, 1));
    }

    @Test
    void theVeryFirstBufferComesBackThoughItsMessageIsEmpty() {
        assertThat(OpenBuffer.FIRST.toBytes()).isEmpty();
        assertThat(OpenBuffer.parse(OpenBuffer.FIRST.toBytes())).isEqualTo(OpenBuffer.FIRST);
    }
}
