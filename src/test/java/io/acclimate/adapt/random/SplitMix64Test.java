package io.acclimate.adapt.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.acclimate.core.DomainId;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SplitMix64Test {
    @Test
    void givesThePublishedNumbersOfSeed1234567() {
        SplitMix64 random = new SplitMix64(1234567);

        assertThat(new long[] {random.next(), random.next(), random.next(), random.next()})
                .containsExactly(
                        6457827717110365317L,
                        3203168211198807973L,
                        Long.parseUnsignedLong("9817491932198370423"),
                        4593380528125082431L);
    }

    @Test
    void aStateThatWasSavedContinuesTheSequence() {
        SplitMix64 random = new SplitMix64(5);
        random.next();

        SplitMix64 restored = new SplitMix64(random.state());

        assertThat(restored.next()).isEqualTo(random.next());
    }

    @Test
    void numbersBelowABoundReachBothEndsAndNoFurther() {
        SplitMix64 random = new SplitMix64(1);

        int[] drawn = IntStream.range(0, 6000).map(i -> random.below(6)).toArray();

        for (int face = 0; face < 6; face++) {
            int wanted = face;
            assertThat(IntStream.of(drawn).filter(each -> each == wanted).count())
                    .as("of face %s", face)
                    .isBetween(850L, 1150L);
        }
        assertThat(IntStream.of(drawn)).allMatch(each -> each >= 0 && each < 6);
        assertThat(random.below(1)).isZero();
    }

    @Test
    void aBoundBelowOneIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SplitMix64(1).below(0))
                .withMessage("the bound is at least 1, got 0");
    }

    @Test
    void aChanceComesTrueInItsShareOfCases() {
        SplitMix64 random = new SplitMix64(1);

        long hits = IntStream.range(0, 8000).filter(i -> random.chance(1, 4)).count();

        assertThat(hits).isBetween(1850L, 2150L);
        assertThat(random.chance(0, 4)).isFalse();
        assertThat(random.chance(4, 4)).isTrue();
    }

    @Test
    void domainsOfOneSeedDrawTheirOwnNumbersWhichNeverChange() {
        assertThat(SplitMix64.of(1, DomainId.DEFAULT).state()).isEqualTo(GOLDEN);
        assertThat(SplitMix64.of(1, new DomainId("camera-1")).state()).isNotEqualTo(GOLDEN);
        assertThat(SplitMix64.of(2, DomainId.DEFAULT).state()).isNotEqualTo(GOLDEN);
    }

    /** Of seed 1 and the domain default; another state would give other versions to a rebuild. */
    private static final long GOLDEN = -6224089615375854488L;
}
