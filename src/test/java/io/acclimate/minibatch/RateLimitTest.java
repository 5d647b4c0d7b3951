package io.acclimate.minibatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.DomainId;
import org.junit.jupiter.api.Test;

class RateLimitTest {
    private static final DomainId SITE = new DomainId("site-1");
    private static final DomainId OTHER = new DomainId("site-2");
    private static final long NOW = 1_000_000;

    private final RateLimit limit = new RateLimit(new LabelLimits(2, 3, 1, 8));

    private int taken(DomainId domain, String source, long nowMillis) {
        int taken = 0;
        while (taken < 100 && limit.tryAcquire(domain, source, nowMillis)) {
            taken++;
        }
        return taken;
    }

    @Test
    void aProducerMaySendItsBurstAndThenItsRate() {
        assertThat(taken(SITE, "a", NOW)).isEqualTo(3);
        assertThat(taken(SITE, "a", NOW + 400)).isZero();
        assertThat(taken(SITE, "a", NOW + 1_000)).isEqualTo(2);
    }

    @Test
    void tokensAreNotSavedBeyondTheBurst() {
        assertThat(taken(SITE, "a", NOW)).isEqualTo(3);
        assertThat(taken(SITE, "a", NOW + 3_600_000)).isEqualTo(3);
    }

    @Test
    void producersAndDomainsHaveBucketsOfTheirOwn() {
        assertThat(taken(SITE, "a", NOW)).isEqualTo(3);
        assertThat(taken(SITE, "b", NOW)).isEqualTo(3);
        assertThat(taken(OTHER, "a", NOW)).isEqualTo(3);
    }

    @Test
    void sourcesBeyondTheLimitShareOneBucket() {
        for (int i = 0; i < RateLimit.MAX_SOURCES; i++) {
            assertThat(taken(SITE, "source-" + i, NOW)).isEqualTo(3);
        }

        assertThat(taken(SITE, "one more", NOW)).isEqualTo(3);
        assertThat(taken(SITE, "and another", NOW)).isZero();
    }

    @Test
    void aClockThatGoesBackGivesNoTokensUntilItHasCaughtUp() {
        assertThat(taken(SITE, "a", NOW)).isEqualTo(3);

        assertThat(taken(SITE, "a", NOW - 3_600_000)).isZero();
        assertThat(taken(SITE, "a", NOW)).isZero();
        assertThat(taken(SITE, "a", NOW + 500)).isEqualTo(1);
    }

    @Test
    void zeroSetsNoLimit() {
        RateLimit none = new RateLimit(new LabelLimits(0, 1, 1, 8));
        for (int i = 0; i < 50; i++) {
            assertThat(none.tryAcquire(SITE, "a", NOW)).isTrue();
        }
    }
}
