package io.acclimate.minibatch;

import io.acclimate.core.DomainId;
import io.acclimate.minibatch.state.Tenancy;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The domains that have a place in one partition of buffers, after {@link DomainLimits}. Anyone who may write labels can make up names,
 * so no name has its place for good: when all places are taken, a new domain gets the place of the one that was labelled least
 * recently, if that one has waited long enough for its next label. A domain with few labels in its life waits for a minute, a settled
 * one for an hour, and a settled domain that comes back displaces one with few labels at once. So a flood of names never keeps out the
 * domains that are really labelled, and no more new names come than places divided by a minute.
 *
 * <p>A domain that loses its place loses nothing else: the number of its next mini-batch and its count of labels stay in the store.
 *
 * <p>Time is that of the labels' records, so that the same labels lead to the same places. It never runs ahead of the processor's clock,
 * since a record's time is chosen by its writer: one label from the future would make every domain look idle. The task's stream thread
 * only.
 */
final class Places {
    private final DomainLimits limits;
    /** Both with the least recently labelled first. */
    private final Map<DomainId, Tenancy> unsettled = new LinkedHashMap<>();

    private final Map<DomainId, Tenancy> settled = new LinkedHashMap<>();
    private long clockMillis;

    Places(DomainLimits limits) {
        this.limits = limits;
    }

    /** Whether a label's domain has a place or can have one. */
    sealed interface Answer {
        /** There is room, or the domain has a place. */
        record Room() implements Answer {}

        /** There is room once {@code leaving} has left. */
        record InPlaceOf(DomainId leaving) implements Answer {}

        /**
         * There is no place.
         *
         * @param rule says what is not allowed, and what can be done
         */
        record Refused(String rule) implements Answer {}
    }

    /** Forgets everything. */
    void clear() {
        unsettled.clear();
        settled.clear();
        clockMillis = 0;
    }

    /** Takes over what the store has of the domains with a place. */
    void restore(Map<DomainId, Tenancy> stored) {
        clear();
        stored.entrySet().stream()
                .sorted(Comparator.comparingLong(each -> each.getValue().lastLabelMillis()))
                .forEachOrdered(each -> {
                    put(each.getKey(), each.getValue());
                    clockMillis = each.getValue().lastLabelMillis();
                });
    }

    /** Sets the time to that of a label's record. */
    void advance(long recordMillis, long nowMillis) {
        if (nowMillis < clockMillis) {
            // The processor's clock went back: what was labelled after its time would be kept until then.
            unsettled.replaceAll((domain, tenancy) -> tenancy.notAfter(nowMillis));
            settled.replaceAll((domain, tenancy) -> tenancy.notAfter(nowMillis));
            clockMillis = nowMillis;
        } else {
            clockMillis = Math.max(clockMillis, Math.min(recordMillis, nowMillis));
        }
    }

    /** @param before what is known of the domain from earlier labels */
    Answer ask(DomainId domain, Tenancy before) {
        if (!limits.listed().isEmpty()) {
            return limits.listed().contains(domain)
                    ? new Answer.Room()
                    : new Answer.Refused("domain " + domain + " is none of the "
                            + limits.listed().size()
                            + " that --domains lists; add it there, then re-send with: dead-letters resend --reason"
                            + " DOMAIN_LIMIT");
        }
        if (unsettled.containsKey(domain)
                || settled.containsKey(domain)
                || unsettled.size() + settled.size() < limits.places()) {
            return new Answer.Room();
        }
        long patience = isSettled(before) ? 0 : limits.probation().toMillis();
        return eldest(unsettled, patience)
                .or(() -> eldest(settled, limits.idle().toMillis()))
                .<Answer>map(Answer.InPlaceOf::new)
                .orElseGet(() -> new Answer.Refused("domain " + domain + " would be one more than the "
                        + limits.places() + " domains that a partition holds (--max-domains), and each of those had a"
                        + " label within the last "
                        + (unsettled.isEmpty() ? limits.idle() : limits.probation()).toSeconds()
                        + " s; list the domains that are real in --domains, or raise --max-domains, then re-send"
                        + " with: dead-letters resend --reason DOMAIN_LIMIT"));
    }

    /** Counts a label that was accepted, and answers with what is known of the domain from now on. */
    Tenancy labelled(DomainId domain, Tenancy before) {
        Tenancy after = before.labelled(clockMillis);
        leave(domain);
        put(domain, after);
        return after;
    }

    void leave(DomainId domain) {
        unsettled.remove(domain);
        settled.remove(domain);
    }

    private void put(DomainId domain, Tenancy tenancy) {
        (isSettled(tenancy) ? settled : unsettled).put(domain, tenancy);
    }

    private boolean isSettled(Tenancy tenancy) {
        return tenancy.labels() >= limits.settledLabels();
    }

    private Optional<DomainId> eldest(Map<DomainId, Tenancy> of, long patienceMillis) {
        return of.entrySet().stream()
                .findFirst()
                .filter(each -> clockMillis - each.getValue().lastLabelMillis() >= patienceMillis)
                .map(Map.Entry::getKey);
    }
}
