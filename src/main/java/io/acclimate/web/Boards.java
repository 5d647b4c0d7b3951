package io.acclimate.web;

import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.AdaptationEvent.Controlled;
import io.acclimate.core.DomainId;
import io.acclimate.web.LiveView.Card;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The boards of the domains that had events last, and the workers' last answers to commands. Any thread; this object's monitor guards
 * all boards.
 */
final class Boards {
    /** Domains come from headers, so their number is not bounded. The one that had no event for the longest time gives way. */
    static final int DOMAINS = 50;

    private static final int COMMANDS = 200;

    private final Map<DomainId, Board> boards = new LinkedHashMap<>(16, 0.75f, true);
    private boolean cut;
    private final Map<String, Controlled> answers = new LinkedHashMap<>();

    /** The rows of a domain's curves and its cards. */
    record Curve(List<List<Double>> accuracy, List<List<Double>> shadow, List<Card> cards) {}

    /** Events before the first that comes are not known. */
    synchronized void historyIsCut() {
        cut = true;
    }

    synchronized void event(long seq, AdaptationEvent event) {
        if (event instanceof Controlled controlled) {
            answers.put(controlled.commandId(), controlled);
            dropEldest(answers, COMMANDS);
            if (controlled.retires()) {
                boards.remove(event.domain());
                return;
            }
            // A command that was refused may name a domain that never was, or that was retired.
            if (!controlled.applied() && peek(event.domain()).isEmpty()) {
                return;
            }
        }
        boards.computeIfAbsent(event.domain(), domain -> new Board()).event(seq, event);
        dropEldest(boards, DOMAINS);
    }

    private static <K> void dropEldest(Map<K, ?> map, int limit) {
        if (map.size() > limit) {
            map.remove(map.keySet().iterator().next());
        }
    }

    synchronized SortedSet<DomainId> domains() {
        return new TreeSet<>(boards.keySet());
    }

    synchronized Curve curve(DomainId domain, long cursor) {
        return peek(domain)
                .map(board -> new Curve(board.accuracy(cursor), board.shadow(cursor), board.cards(cursor)))
                .orElse(new Curve(List.of(), List.of(), List.of()));
    }

    /** False when the domain has surely had no event. When some may be forgotten or were not read, every domain may have had some. */
    synchronized boolean mayHave(DomainId domain) {
        return cut || boards.size() >= DOMAINS || peek(domain).isPresent();
    }

    /** What happened in the domain lately, in JSON form. */
    synchronized Map<String, Object> summary(DomainId domain) {
        return peek(domain).orElseGet(Board::new).summary();
    }

    /** What is known of how a version came about and how it served, in JSON form. Figures that are not known are missing. */
    synchronized Map<String, Object> version(DomainId domain, long number) {
        return peek(domain).map(board -> board.version(number)).orElse(Map.of());
    }

    /** How both models answered for the last labelled samples, in JSON form. */
    synchronized Map<String, Object> answers(DomainId domain) {
        return peek(domain).orElseGet(Board::new).answers();
    }

    /** The losses of each round of training that is kept, in JSON form. A term that was not computed is missing. */
    synchronized Map<String, Object> losses(DomainId domain) {
        return peek(domain).orElseGet(Board::new).losses();
    }

    /** The worker's answer to a command. */
    synchronized Optional<Controlled> answer(String command) {
        return Optional.ofNullable(answers.get(command));
    }

    /** Looks a board up without making it one that was used last, because viewers must not decide which domains are kept. */
    private Optional<Board> peek(DomainId domain) {
        return boards.entrySet().stream()
                .filter(each -> each.getKey().equals(domain))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
