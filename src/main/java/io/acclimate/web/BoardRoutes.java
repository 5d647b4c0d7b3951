package io.acclimate.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.acclimate.core.AdaptationEvent.Controlled;
import io.acclimate.core.DomainId;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Function;

/** Answers what the page asks of domains, their versions and labels, dead letters and lag. */
final class BoardRoutes {
    private final LiveFeed feed;
    private final Optional<VersionsApi> versions;
    private final ObjectMapper json;

    BoardRoutes(LiveFeed feed, Optional<VersionsApi> versions, ObjectMapper json) {
        this.feed = feed;
        this.versions = versions;
        this.json = json;
    }

    void register(RoutesConfig routes) {
        routes.get("/api/domains", ctx -> answer(ctx, 200, Map.of("domains", domains())));
        routes.get("/api/domains/{domain}", ctx -> of(ctx, this::summary));
        routes.get("/api/domains/{domain}/versions", ctx -> of(ctx, this::versions));
        routes.get("/api/domains/{domain}/answers", ctx -> of(ctx, feed.boards()::answers));
        routes.get("/api/domains/{domain}/losses", ctx -> of(ctx, feed.boards()::losses));
        routes.get(
                "/api/dead-letters", ctx -> answer(ctx, 200, feed.deadLetters().view()));
        routes.get("/api/lag", ctx -> answer(ctx, 200, lag(feed.lags())));
        routes.get("/api/commands/{id}", this::command);
    }

    private List<Object> domains() {
        SortedSet<DomainId> all = feed.domains();
        versions.ifPresent(api -> all.addAll(api.domains()));
        List<Object> rows = new ArrayList<>();
        all.forEach(domain -> {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("domain", domain.value());
            row.put("active", active(domain));
            rows.add(row);
        });
        return rows;
    }

    private long active(DomainId domain) {
        return versions.flatMap(api -> api.active(domain))
                .map(activation -> activation.version().number())
                .orElse(VersionId.SOURCE);
    }

    private Map<String, Object> summary(DomainId domain) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("domain", domain.value());
        body.put("active", active(domain));
        body.putAll(feed.boards().summary(domain));
        return body;
    }

    private Map<String, Object> versions(DomainId domain) {
        Collection<ModelVersion> listed =
                versions.map(api -> api.versions(domain)).orElse(List.of());
        long active = active(domain);
        List<Object> rows = new ArrayList<>();
        rows.add(source(domain, active));
        listed.stream()
                .sorted(Comparator.comparingLong(version -> version.id().number()))
                .map(version -> row(version, active))
                .forEach(rows::add);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("domain", domain.value());
        body.put("active", active);
        body.put("versions", rows);
        return body;
    }

    private Map<String, Object> source(DomainId domain, long active) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("number", VersionId.SOURCE);
        row.put("active", active == VersionId.SOURCE);
        row.putAll(feed.boards().version(domain, VersionId.SOURCE));
        return row;
    }

    private Map<String, Object> row(ModelVersion version, long active) {
        Map<String, Object> row = new LinkedHashMap<>();
        long number = version.id().number();
        row.put("number", number);
        row.put("parent", version.parent());
        row.put("active", number == active);
        row.put("pinned", version.isPinned());
        row.put("createdAt", version.createdAt().toEpochMilli());
        row.put("bytes", version.bytes());
        row.put("classes", version.classes().size());
        row.put("weights", version.weights().hex());
        row.put("provenance", new TreeMap<>(version.provenance()));
        row.putAll(feed.boards().version(version.id().domain(), number));
        return row;
    }

    private static Map<String, Object> lag(Lags lags) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("at", lags.at().toEpochMilli());
        body.put("unknown", lags.unknown());
        body.put("stages", lags.stages());
        return body;
    }

    /** A command that has no answer yet is no error, so that whoever waits for it may ask again. */
    private void command(Context ctx) {
        String id = ctx.pathParam("id");
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("command", id);
        Optional<Controlled> answered = feed.boards().answer(id);
        body.put("answered", answered.isPresent());
        answered.ifPresent(answer -> {
            body.put("domain", answer.domain().value());
            body.put("applied", answer.applied());
            body.put("message", answer.message());
        });
        answer(ctx, 200, body);
    }

    private void of(Context ctx, Function<DomainId, Map<String, Object>> view) {
        String name = ctx.pathParam("domain");
        if (DomainId.isValid(name)) {
            answer(ctx, 200, view.apply(new DomainId(name)));
        } else {
            answer(ctx, 400, Map.of("error", VersionRoutes.DOMAIN_RULE));
        }
    }

    private void answer(Context ctx, int status, Object body) {
        try {
            ctx.status(status)
                    .contentType("application/json")
                    .header("Cache-Control", "no-store")
                    .result(json.writeValueAsString(body));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("answers must have a JSON form", e);
        }
    }
}
