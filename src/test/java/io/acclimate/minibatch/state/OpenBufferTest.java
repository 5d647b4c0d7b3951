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

    @Test
    void aTenancyComesBackAndBelongsToTheNextBufferToo() {
        OpenBuffer buffer = new OpenBuffer(6, 3, 300, 5_000).with(new Tenancy(40, 4_000, true));

        assertThat(OpenBuffer.parse(buffer.toBytes())).isEqualTo(buffer);
        assertThat(buffer.next().tenancy()).isEqualTo(buffer.tenancy());
    }

    @Test
    void aBufferOfABuildWithoutTenanciesHadAtLeastALabelForEachMiniBatch() {
        OpenBuffer old = new OpenBuffer(6, 3, 300, 5_000);

        assertThat(old.knownAt(9_000).tenancy()).isEqualTo(new Tenancy(9, 9_000, false));
        assertThat(old.knownAt(9_000).knownAt(10_000).tenancy()).isEqualTo(new Tenancy(9, 9_000, false));
    }
}
