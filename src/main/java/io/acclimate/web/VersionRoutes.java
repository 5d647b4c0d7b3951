package io.acclimate.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.acclimate.core.Activation;
import io.acclimate.core.ControlCommand;
import io.acclimate.core.DomainId;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import io.acclimate.registry.Absence;
import io.acclimate.registry.VersionFollower;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers {@code /api/versions…} from the {@link VersionsApi}, and passes commands to it: about versions, and to send a dead letter again. */
final class VersionRoutes {
    static final int MAX_BODY_BYTES = 4 * 1024;
    /** A body that comes slowly keeps one of the server's 250 threads waiting, and metrics and health need some. */
    static final int BODIES_AT_ONCE = 64;

    private static final Duration BODY_TURN = Duration.ofSeconds(1);

    private static final Pattern LETTER = Pattern.compile("(\\d{1,9}):(\\d{1,18})");
    static final String DOMAIN_RULE = "a domain id is 1 to 64 of A-Z a-z 0-9 . _ - and starts with a letter or digit";

    private static final Logger LOG = LoggerFactory.getLogger(VersionRoutes.class);

    private final VersionsApi versions;
    private final WritePolicy policy;
    private final Predicate<DomainId> hasEvents;
    private final ObjectMapper json;
    private final Semaphore bodies = new Semaphore(BODIES_AT_ONCE);

    /** @param hasEvents false for a domain that is surely without any */
    VersionRoutes(VersionsApi versions, WritePolicy policy, Predicate<DomainId> hasEvents, ObjectMapper json) {
        this.versions = versions;
        this.policy = policy;
        this.hasEvents = hasEvents;
        this.json = json;
    }

    void register(RoutesConfig routes) {
        routes.get("/api/versions", ctx -> answer(ctx, 200, overview()));
        routes.get("/api/versions/{domain}", this::list);
        routes.post("/api/versions/{domain}/activate", ctx -> numbered(ctx, ControlCommand.Activate::new));
        routes.post("/api/versions/{domain}/pin", ctx -> numbered(ctx, ControlCommand.Pin::new));
        routes.post("/api/versions/{domain}/unpin", ctx -> numbered(ctx, ControlCommand.Unpin::new));
        routes.post("/api/versions/{domain}/rollback", ctx -> command(ctx, ControlCommand.Rollback::new));
        routes.post("/api/versions/{domain}/pause", ctx -> command(ctx, ControlCommand.Pause::new));
        routes.post("/api/versions/{domain}/resume", ctx -> command(ctx, ControlCommand.Resume::new));
        routes.post("/api/versions/{domain}/retire", this::retire);
        routes.post("/api/dead-letters/{id}/resend", this::resend);
    }

    /** Registers routes for a process that follows no versions. They say which role does. */
    static void none(RoutesConfig routes) {
        Handler elsewhere = ctx -> ctx.status(404)
                .contentType("application/json")
                .result("{\"error\":\"this process follows no versions: ask one of role web, or up\"}");
        routes.get("/api/versions", elsewhere);
        routes.get("/api/versions/{domain}", elsewhere);
        routes.post("/api/versions/{domain}/{verb}", elsewhere);
        routes.post("/api/dead-letters/{id}/resend", elsewhere);
    }

    @FunctionalInterface
    private interface Verb {
        ControlCommand command(String id, DomainId domain);
    }

    @FunctionalInterface
    private interface NumberedVerb {
        ControlCommand command(String id, DomainId domain, long version);
    }

    private Object overview() {
        List<Object> domains = new ArrayList<>();
        versions.domains().stream().sorted().forEach(domain -> {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("domain", domain.value());
            row.put("active", activeNumber(domain));
            row.put("versions", newest(domain));
            domains.add(row);
        });
        return Map.of("domains", domains);
    }

    private void list(Context ctx) {
        Optional<DomainId> domain = domain(ctx);
        if (domain.isEmpty()) {
            return;
        }
        Collection<ModelVersion> known = versions.versions(domain.get());
        Optional<Activation> active = versions.active(domain.get());
        if (known.isEmpty() && active.isEmpty() && !versions.domains().contains(domain.get())) {
            answer(ctx, new Problem(404, "domain " + domain.get() + " has no versions; the source model serves it"));
            return;
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("domain", domain.get().value());
        body.put("active", activeNumber(domain.get()));
        active.ifPresent(activation -> {
            body.put("epoch", activation.epoch());
            body.put("cause", activation.cause().name());
            body.put("reason", activation.reason());
            body.put("since", activation.at().toString());
        });
        body.put(
                "versions",
                known.stream()
                        .sorted(Comparator.comparingLong(version -> version.id().number()))
                        .map(VersionRoutes::row)
                        .toList());
        answer(ctx, 200, body);
    }

    private static Map<String, Object> row(ModelVersion version) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("number", version.id().number());
        row.put("parent", version.parent());
        row.put("createdAt", version.createdAt().toString());
        row.put("bytes", version.bytes());
        row.put("base", version.base().hex());
        row.put("classes", version.classes());
        row.put("weights", version.weights().hex());
        row.put("provenance", version.provenance());
        return row;
    }

    /** The number of versions so far, which is the newest number. The oldest versions are no longer listed. */
    private long newest(DomainId domain) {
        return versions.versions(domain).stream()
                .mapToLong(version -> version.id().number())
                .max()
                .orElse(VersionId.SOURCE);
    }

    private long activeNumber(DomainId domain) {
        return versions.active(domain)
                .map(activation -> activation.version().number())
                .orElse(VersionId.SOURCE);
    }

    /** A command about one version, which must exist. */
    private void numbered(Context ctx, NumberedVerb verb) {
        Optional<String> body = authorisedBody(ctx);
        Optional<DomainId> domain = body.isEmpty() ? Optional.empty() : domain(ctx);
        if (body.isEmpty() || domain.isEmpty()) {
            return;
        }
        Optional<Long> number = number(body.get());
        if (number.isEmpty()) {
            answer(ctx, new Problem(400, "the body must be {\"version\": n} with a whole n from 0"));
            return;
        }
        long wanted = number.get();
        if (wanted > newest(domain.get())) {
            answer(ctx, new Problem(404, "domain " + domain.get() + " has no version " + wanted));
            return;
        }
        Optional<String> removed = removed(new VersionId(domain.get(), wanted));
        if (removed.isPresent()) {
            answer(ctx, new Problem(404, removed.get()));
            return;
        }
        submit(ctx, verb.command(newId(), domain.get(), wanted));
    }

    /** Why a version no longer exists; empty for one that is listed, and when there are too many to list all. */
    private Optional<String> removed(VersionId id) {
        SortedSet<Long> kept = new TreeSet<>();
        versions.versions(id.domain()).forEach(version -> kept.add(version.id().number()));
        return id.number() == VersionId.SOURCE || kept.contains(id.number()) || kept.size() >= VersionFollower.LISTED
                ? Optional.empty()
                : Optional.of(Absence.of(id, newest(id.domain()), kept, Optional.empty()));
    }

    private Optional<Long> number(String body) {
        try {
            JsonNode root = json.readTree(body);
            JsonNode version = root == null ? null : root.get("version");
            return version != null
                            && version.isIntegralNumber()
                            && version.canConvertToLong()
                            && version.longValue() >= 0
                    ? Optional.of(version.longValue())
                    : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** Removes a domain. Nothing brings it back, so the body must repeat its name. */
    private void retire(Context ctx) {
        Optional<String> body = authorisedBody(ctx);
        Optional<DomainId> domain = body.isEmpty() ? Optional.empty() : domain(ctx);
        if (body.isEmpty() || domain.isEmpty()) {
            return;
        }
        JsonNode asked = parsed(body.get());
        if (!asked.path("confirm").asText("").equals(domain.get().value())) {
            answer(
                    ctx,
                    new Problem(
                            400,
                            "the body must be {\"confirm\": \"" + domain.get()
                                    + "\"}, and may have a reason: nothing brings a retired domain back"));
            return;
        }
        String reason = asked.path("reason").asText("");
        if (reason.length() > ControlCommand.LONGEST_NOTE) {
            answer(ctx, new Problem(400, "a reason has at most " + ControlCommand.LONGEST_NOTE + " characters"));
            return;
        }
        submit(ctx, new ControlCommand.Retire(newId(), domain.get(), reason));
    }

    private JsonNode parsed(String body) {
        try {
            JsonNode root = json.readTree(body);
            return root == null ? MissingNode.getInstance() : root;
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    private void command(Context ctx, Verb verb) {
        if (authorisedBody(ctx).isPresent()) {
            Optional<DomainId> domain = domain(ctx);
            if (domain.isPresent()) {
                submit(ctx, verb.command(newId(), domain.get()));
            }
        }
    }

    /** Hands a command over. The worker would make a domain of an unknown name, so a misspelt one must not get there. */
    private void submit(Context ctx, ControlCommand command) {
        DomainId domain = command.domain();
        if (!hasEvents.test(domain) && !versions.domains().contains(domain)) {
            answer(
                    ctx,
                    new Problem(
                            404,
                            "domain " + domain
                                    + " has neither labels nor versions: it never had any, or it was retired"));
            return;
        }
        versions.submit(command);
        answer(
                ctx,
                202,
                Map.of("command", command.id(), "domain", command.domain().value(), "answer", "adaptation-events"));
    }

    private void resend(Context ctx) {
        if (authorisedBody(ctx).isEmpty()) {
            return;
        }
        Matcher id = LETTER.matcher(ctx.pathParam("id"));
        if (!id.matches()) {
            answer(ctx, new Problem(400, "a dead letter's id is PARTITION:OFFSET, such as 0:17"));
            return;
        }
        Optional<String> obstacle = versions.resend(Integer.parseInt(id.group(1)), Long.parseLong(id.group(2)));
        if (obstacle.isPresent()) {
            answer(ctx, new Problem(409, obstacle.get()));
        } else {
            answer(ctx, 200, Map.of("letter", id.group(), "sent", true));
        }
    }

    /** Returns the body, or empty if a refusal was answered. The body of a caller who may not write is not read. */
    private Optional<String> authorisedBody(Context ctx) {
        Optional<Problem> refusal = policy.refuse(Optional.ofNullable(ctx.header("Authorization")));
        if (refusal.isPresent()) {
            if (refusal.get().status() == 401) {
                ctx.header("WWW-Authenticate", "Bearer");
            }
            answer(ctx, refusal.get());
            return Optional.empty();
        }
        Optional<byte[]> read = body(ctx);
        if (read.isEmpty()) {
            ctx.header("Connection", "close");
            return Optional.empty();
        }
        byte[] bytes = read.get();
        if (bytes.length > MAX_BODY_BYTES) {
            ctx.header("Connection", "close");
            answer(ctx, new Problem(413, "the body must not exceed " + MAX_BODY_BYTES + " bytes"));
            return Optional.empty();
        }
        return Optional.of(new String(bytes, StandardCharsets.UTF_8));
    }

    /** Returns one byte more than the limit of a body that is larger, or empty if a refusal was answered. */
    private Optional<byte[]> body(Context ctx) {
        try {
            if (!bodies.tryAcquire(BODY_TURN.toMillis(), TimeUnit.MILLISECONDS)) {
                answer(
                        ctx,
                        new Problem(503, "the bodies of " + BODIES_AT_ONCE + " other writes are awaited; try again"));
                return Optional.empty();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answer(ctx, new Problem(503, "this process stops"));
            return Optional.empty();
        }
        try (InputStream in = ctx.req().getInputStream()) {
            return Optional.of(in.readNBytes(MAX_BODY_BYTES + 1));
        } catch (IOException e) {
            // The client went away, or sent nothing for half a minute.
            LOG.debug("a body was not read to its end", e);
            answer(ctx, new Problem(400, "the body did not come to its end"));
            return Optional.empty();
        } finally {
            bodies.release();
        }
    }

    private Optional<DomainId> domain(Context ctx) {
        String name = ctx.pathParam("domain");
        if (DomainId.isValid(name)) {
            return Optional.of(new DomainId(name));
        }
        answer(ctx, new Problem(400, DOMAIN_RULE));
        return Optional.empty();
    }

    private static String newId() {
        return UUID.randomUUID().toString();
    }

    private void answer(Context ctx, Problem problem) {
        answer(ctx, problem.status(), Map.of("error", problem.error()));
    }

    private void answer(Context ctx, int status, Object body) {
        try {
            ctx.status(status).contentType("application/json").result(json.writeValueAsString(body));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("answers must have a JSON form", e);
        }
    }
}
