package io.acclimate.app.report;

import io.acclimate.app.html.Html;
import io.acclimate.app.html.Plot;
import io.acclimate.app.terminal.Figures;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.ModelVersion;
import io.acclimate.wire.EventCodec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The adaptation of some domains as one page that needs nothing else.
 *
 * @param lines writes what happened besides rounds and decisions, as {@code tail events} does
 */
record ReportPage(Instant at, String bootstrap, List<Domain> domains, EventLines lines) {
    private static final int MOST_EVENTS = 200;
    private static final String HEAD = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>Adaptation report</title>
            <style>
            body { font: 15px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 60em; padding: 0 1em }
            table { border-collapse: collapse; display: block; overflow-x: auto } td, th { padding: .2em .7em; text-align: left; border-bottom: 1px solid var(--line) }
            figure { margin: 1.5em 0 }
            """;

    ReportPage {
        domains = List.copyOf(domains);
    }

    /** How an event is said in a line. */
    interface EventLines {
        String line(AdaptationEvent event);
    }

    /** One domain: its events, its versions that are kept, and the number of the active one. */
    record Domain(History history, List<ModelVersion> versions, long active) {
        Domain {
            versions = List.copyOf(versions);
        }
    }

    String html() {
        StringBuilder page = new StringBuilder(HEAD).append(Plot.STYLE);
        page.append("</style></head><body><h1>Adaptation report</h1>\n<p>")
                .append(Html.escaped("Made at " + at.truncatedTo(ChronoUnit.SECONDS) + " from the topics of Kafka at "
                        + bootstrap + ". Events that the topic no longer keeps are not part of it."))
                .append("</p>\n");
        if (domains.isEmpty()) {
            page.append("<p>No domain has had labels or commands yet.</p>\n");
        }
        domains.forEach(each -> domain(each, page));
        return page.append("</body></html>\n").toString();
    }

    private void domain(Domain domain, StringBuilder page) {
        History history = domain.history();
        page.append("<h2>").append(Html.escaped("Domain " + history.domain())).append("</h2>\n<table>\n");
        page.append(Html.row("td", "labels", String.format(Locale.ROOT, "%,d", history.labels())));
        page.append(Html.row("td", "rounds of training", Integer.toString(history.rounds())));
        page.append(Html.row(
                "td", "accuracy of what was served, before training on each label", Figures.percent(history.served())));
        page.append(
                Html.row("td", "accuracy of the source model on the same labels", Figures.percent(history.source())));
        page.append(Html.row(
                "td", "active version", domain.active() == 0 ? "0, the source model" : Long.toString(domain.active())));
        page.append(Html.row("td", "decisions of the gate", decisions(history.decisions())));
        page.append("</table>\n");
        if (history.rounds() > 0) {
            page.append(history.accuracy().svg())
                    .append(history.holdout().svg())
                    .append(history.losses().svg());
        }
        versions(domain, page);
        events(history, page);
    }

    private static String decisions(Map<String, Integer> decisions) {
        List<String> said = decisions.entrySet().stream()
                .map(each -> each.getValue() + " " + each.getKey().toLowerCase(Locale.ROOT))
                .toList();
        return said.isEmpty() ? "none" : String.join(", ", said);
    }

    private static void versions(Domain domain, StringBuilder page) {
        page.append("<h3>Versions that are kept</h3>\n<table>\n")
                .append(Html.row(
                        "th", "version", "parent", "created", "samples seen", "holdout", "bytes", "sha-256", "note"));
        for (ModelVersion each : domain.versions()) {
            page.append(Html.row(
                    "td",
                    each.id().number()
                            + (each.id().number() == domain.active() ? ", active" : "")
                            + (each.isPinned() ? ", pinned" : ""),
                    Long.toString(each.parent()),
                    each.createdAt().truncatedTo(ChronoUnit.SECONDS).toString(),
                    each.provenance().getOrDefault("samplesSeen", "-"),
                    Figures.percent(Figures.parse(each.provenance().getOrDefault("candidateAccuracy", ""))),
                    Long.toString(each.bytes()),
                    each.weights().toString(),
                    each.note()));
        }
        page.append("</table>\n");
    }

    private void events(History history, StringBuilder page) {
        var all = history.others();
        var shown = all.subList(Math.max(0, all.size() - MOST_EVENTS), all.size());
        page.append("<h3>What happened")
                .append(shown.size() < all.size() ? ", the last " + MOST_EVENTS + " of " + all.size() + " events" : "")
                .append("</h3>\n<table>\n");
        shown.forEach(each -> page.append(Html.row(
                "td",
                each.at().truncatedTo(ChronoUnit.SECONDS).toString(),
                EventCodec.type(each).replaceFirst("^.*\\.", ""),
                lines.line(each))));
        page.append("</table>\n");
    }
}
