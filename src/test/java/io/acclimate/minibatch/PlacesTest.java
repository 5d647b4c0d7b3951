package io.acclimate.minibatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.DomainId;
import io.acclimate.minibatch.state.Tenancy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlacesTest {
    private static final long START = 1_767_323_045_678L;
    private static final long MINUTE = 60_000;
    private static final long HOUR = 60 * MINUTE;
    private static final DomainId FRESH = new DomainId("fresh");
    private static final DomainLimits LIMITS =
            new DomainLimits(2, 3, Duration.ofMinutes(1), Duration.ofHours(1), Set.of());

    private final Map<DomainId, Tenancy> known = new HashMap<>();
    private final Places places = new Places(LIMITS);

    private void label(String domain, int labels, long atMillis) {
        DomainId id = new DomainId(domain);
        for (int i = 0; i < labels; i++) {
            places.advance(atMillis, atMillis);
            if (places.ask(id, tenancy(id)) instanceof Places.Answer.InPlaceOf other) {
                places.leave(other.leaving());
                known.computeIfPresent(other.leaving(), (leaving, tenancy) -> tenancy.end());
            }
            known.put(id, places.labelled(id, tenancy(id)));
        }
    }

    private Tenancy tenancy(DomainId domain) {
        return known.getOrDefault(domain, Tenancy.NONE);
    }

    private Places.Answer ask(long atMillis) {
        places.advance(atMillis, atMillis);
        return places.ask(FRESH, tenancy(FRESH));
    }

    private static Places.Answer inPlaceOf(String domain) {
        return new Places.Answer.InPlaceOf(new DomainId(domain));
    }

    @Test
    void aNewDomainIsRefusedWhileAllOthersWereLabelledWithinTheirTime() {
        label("a", 1, START);
        label("b", 1, START);

        assertThat(ask(START + MINUTE - 1))
                .isInstanceOfSatisfying(Places.Answer.Refused.class, refused -> assertThat(refused.rule())
                        .contains("fresh", "2 domains", "--max-domains", "--domains", "60 s", "dead-letters resend"));
    }

    @Test
    void theOneLabelledLeastRecentlyLeavesFirst() {
        label("a", 1, START);
        label("b", 1, START);
        label("a", 1, START + 1);

        assertThat(ask(START + MINUTE)).isEqualTo(inPlaceOf("b"));
    }

    @Test
    void aSettledDomainKeepsItsPlaceForAnHour() {
        label("a", 3, START);
        label("b", 3, START + 1);

        assertThat(ask(START + HOUR - 1))
                .isInstanceOfSatisfying(Places.Answer.Refused.class, refused -> assertThat(refused.rule())
                        .contains("3600 s"));
        assertThat(ask(START + HOUR)).isEqualTo(inPlaceOf("a"));
    }

    @Test
    void aSettledDomainThatComesBackWaitsForNoMadeUpName() {
        label("fresh", 3, START);
        label("a", 1, START + HOUR);
        label("b", 1, START + HOUR);
        assertThat(tenancy(FRESH).ended()).isTrue();

        assertThat(ask(START + HOUR)).isEqualTo(inPlaceOf("a"));
    }

    @Test
    void aLabelFromTheFutureMakesNoOtherDomainIdle() {
        label("a", 1, START);
        label("b", 1, START);

        places.advance(START + 1_000 * HOUR, START + 1);

        assertThat(places.ask(FRESH, Tenancy.NONE)).isInstanceOf(Places.Answer.Refused.class);
    }

    @Test
    void afterTheClockWentBackDomainsBecomeIdleAgain() {
        label("a", 1, START);
        label("b", 1, START);

        assertThat(ask(START - HOUR)).isInstanceOf(Places.Answer.Refused.class);
        assertThat(ask(START - HOUR + MINUTE)).isEqualTo(inPlaceOf("a"));
    }

    @Test
    void restoredDomainsLeaveInTheOrderOfTheirLastLabels() {
        Places restarted = new Places(LIMITS);
        restarted.restore(Map.of(
                new DomainId("a"), new Tenancy(1, START + 5, false),
                new DomainId("b"), new Tenancy(1, START, false)));
        restarted.advance(START + MINUTE, START + MINUTE);

        assertThat(restarted.ask(FRESH, Tenancy.NONE)).isEqualTo(inPlaceOf("b"));
    }

    @Test
    void whoIsListedNeedsNoPlaceAndWhoIsNotGetsNone() {
        Places listed = new Places(LIMITS.withListed(Set.of(FRESH)));
        for (String other : Set.of("a", "b", "c")) {
            var unused = listed.labelled(new DomainId(other), Tenancy.NONE);
        }

        assertThat(listed.ask(FRESH, Tenancy.NONE)).isEqualTo(new Places.Answer.Room());
        assertThat(listed.ask(new DomainId("a"), Tenancy.NONE))
                .isInstanceOfSatisfying(Places.Answer.Refused.class, refused -> assertThat(refused.rule())
                        .contains("domain a", "--domains", "DOMAIN_LIMIT"));
    }

    @Test
    void limitsOutsideTheirRangeAreRefusedByName() {
        assertThatThrownBy(() -> new DomainLimits(0, 1, Duration.ZERO, Duration.ZERO, Set.of()))
                .hasMessageContaining("places", "0");
        assertThatThrownBy(() -> new DomainLimits(1, 1, Duration.ofHours(2), Duration.ofHours(1), Set.of()))
                .hasMessageContaining("probation", "PT2H");
    }
}
