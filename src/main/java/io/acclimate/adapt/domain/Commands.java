package io.acclimate.adapt.domain;

import io.acclimate.core.Activation;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.ControlCommand;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.node.InvalidModelException;
import io.acclimate.registry.Fetched;
import io.acclimate.registry.ListedVersion;
import io.acclimate.registry.PublishedVersions;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Applies an operator's command to a domain's worker, or answers why it cannot. The worker's thread only. */
public final class Commands {
    private static final Logger LOG = LoggerFactory.getLogger(Commands.class);

    private final PublishedVersions versions;
    private final BaseModel models;
    private final Clock clock;

    public Commands(PublishedVersions versions, BaseModel models, Clock clock) {
        this.versions = versions;
        this.models = models;
        this.clock = clock;
    }

    public Round apply(ControlCommand command, DomainWorker worker) {
        if (command instanceof ControlCommand.Pause) {
            return pause(command, true, worker);
        }
        if (command instanceof ControlCommand.Resume) {
            return pause(command, false, worker);
        }
        if (command instanceof ControlCommand.Activate activate) {
            if (worker.serving().continuesWith(activate.version())) {
                return worker.commanded()
                        .refuse(answer(
                                command, "activate", false, "version " + activate.version() + " is active already"));
            }
            return activate(command, "activate", activate.version(), Activation.Cause.ACTIVATE, worker);
        }
        if (command instanceof ControlCommand.Pin pin) {
            return pin(command, pin.version(), true, worker);
        }
        if (command instanceof ControlCommand.Unpin unpin) {
            return pin(command, unpin.version(), false, worker);
        }
        if (command instanceof ControlCommand.Note note) {
            return note(note, worker);
        }
        if (command instanceof ControlCommand.Retire) {
            throw new IllegalArgumentException("a domain is retired with its records, by retire()");
        }
        if (!worker.serving().hasPrevious()) {
            return worker.commanded()
                    .refuse(answer(command, "rollback", false, "no version was active before the current one"));
        }
        return activate(command, "rollback", newestKept(worker), Activation.Cause.ROLLBACK, worker);
    }

    /**
     * Retires the domain. The worker must be closed once the round is committed.
     *
     * @param before mini-batches of the domain before this offset are not learnt from
     */
    public Round retire(ControlCommand.Retire command, DomainWorker worker, long before) {
        List<ListedVersion> kept = versions.listed(command.domain());
        String message = "retired: " + (kept.size() == 1 ? "1 version" : kept.size() + " versions")
                + ", the state and the samples that were kept are removed, and the"
                + " source model serves; a mini-batch before offset " + before + " is not learnt from"
                + (command.reason().isEmpty() ? "" : "; " + command.reason());
        LOG.info("domain {}: {}", command.domain(), message);
        return worker.checkpoints().retire(kept, before, answer(command, "retire", true, message));
    }

    /** Answers a command to a domain of which there is no worker, and which it does not begin. */
    public AdaptationEvent.Controlled absent(ControlCommand command, String why) {
        return answer(command, verb(command), false, why);
    }

    private static String verb(ControlCommand command) {
        return command.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    /** A domain may be paused before its first label. Who misspells its name must not believe that the domain that was meant is paused. */
    private Round pause(ControlCommand command, boolean pausing, DomainWorker worker) {
        String message = pausing ? "training is paused" : "training is resumed";
        String doubt = worker.commanded().isBeforeFirst()
                ? "; no label of this domain has come so far: if that surprises you, compare its name with those that the command domains lists"
                : "";
        return worker.commanded().pause(pausing, answer(command, pausing ? "pause" : "resume", true, message + doubt));
    }

    /** The newest version of those that were active before and that retention has left; the source model is always left. */
    private static long newestKept(DomainWorker worker) {
        return worker.serving().earlier().stream()
                .filter(worker.publishing()::keeps)
                .findFirst()
                .orElse(VersionId.SOURCE);
    }

    private Round pin(ControlCommand command, long number, boolean pinned, DomainWorker worker) {
        String verb = pinned ? "pin" : "unpin";
        VersionId id = new VersionId(command.domain(), number);
        if (number == VersionId.SOURCE) {
            return worker.commanded().refuse(answer(command, verb, false, "the source model is always kept"));
        }
        if (!worker.publishing().removes()) {
            return worker.commanded().refuse(answer(command, verb, false, "every version is kept (--keep-versions)"));
        }
        Optional<ModelVersion> found = worker.publishing().keeps(number) ? versions.find(id) : Optional.empty();
        if (found.isEmpty()) {
            return worker.commanded().refuse(answer(command, verb, false, versions.absence(id)));
        }
        String message = pinned
                ? "version " + number + " is pinned: it is kept until it is unpinned"
                : "version " + number + " is not pinned any more";
        return worker.commanded().pin(found.get().pinned(pinned), pinned, answer(command, verb, true, message));
    }

    private Round note(ControlCommand.Note note, DomainWorker worker) {
        VersionId id = new VersionId(note.domain(), note.version());
        if (note.version() == VersionId.SOURCE) {
            return worker.commanded()
                    .refuse(answer(note, "note", false, "the source model is on no topic and takes no note"));
        }
        Optional<ModelVersion> found = worker.publishing().keeps(note.version()) ? versions.find(id) : Optional.empty();
        if (found.isEmpty()) {
            return worker.commanded().refuse(answer(note, "note", false, versions.absence(id)));
        }
        String message = "version " + note.version() + (note.text().isEmpty() ? " has no note" : " is noted");
        return worker.commanded().rewrite(found.get().noted(note.text()), answer(note, "note", true, message));
    }

    /**
     * Before a mini-batch is learnt from: makes the source model active when the active version has lost its proof; else, when
     * the holdout speaks against the active version, the newest earlier version that it does not speak against and that has no fewer
     * samples right. Decided by the worker's state alone, so a restart decides the same.
     */
    public Optional<Round> guard(DomainWorker worker, MiniBatch next) {
        Optional<String> lost = worker.guard().proofLost();
        if (lost.isPresent()) {
            return Optional.of(worker.afresh(next, lost.get()));
        }
        Optional<String> fault = worker.guard().faultOfActive(next);
        if (fault.isEmpty()) {
            return Optional.empty();
        }
        ControlCommand.Rollback command = new ControlCommand.Rollback("guard-" + next.sequence(), next.domain());
        for (long number : worker.lineage().earlier()) {
            if (!worker.publishing().keeps(number)) {
                continue;
            }
            Candidate earlier = candidate(new VersionId(next.domain(), number));
            Optional<WeightDelta> weights = earlier.weights();
            if (weights.isPresent() && worker.guard().couldServe(weights.get())) {
                String message = "rollback to version " + number + " from "
                        + worker.lineage().active() + ": " + fault.get();
                LOG.warn("domain {}: {}", next.domain(), message);
                return Optional.of(worker.commanded()
                        .activate(
                                number,
                                weights.get(),
                                Activation.Cause.ROLLBACK,
                                answer(command, "rollback", true, message),
                                clock.instant()));
            }
        }
        return Optional.empty();
    }

    private Round activate(
            ControlCommand command, String verb, long number, Activation.Cause cause, DomainWorker worker) {
        VersionId id = new VersionId(command.domain(), number);
        Candidate candidate = candidate(id);
        if (candidate.weights().isEmpty()) {
            return worker.commanded().refuse(answer(command, verb, false, candidate.remark()));
        }
        WeightDelta weights = candidate.weights().get();
        Optional<String> unfit = worker.guard().unfit(weights);
        if (unfit.isPresent()) {
            return worker.commanded().refuse(answer(command, verb, false, id + " cannot be used: " + unfit.get()));
        }
        String message = verb + " to version " + number + candidate.remark();
        AdaptationEvent.Controlled answer = answer(command, verb, true, message);
        return worker.serving().isShadow()
                ? worker.commanded().serve(number, weights, cause, answer, clock.instant())
                : worker.commanded().activate(number, weights, cause, answer, clock.instant());
    }

    /**
     * A version's weights in the worker's label set.
     *
     * @param remark why there are no weights, or what an operator should know about them
     */
    private record Candidate(Optional<WeightDelta> weights, String remark) {
        static Candidate none(String why) {
            return new Candidate(Optional.empty(), why);
        }
    }

    /** A version of another label set serves its own classes, while training continues from it with the worker's classes. */
    private Candidate candidate(VersionId id) {
        if (id.number() == VersionId.SOURCE) {
            return new Candidate(Optional.of(WeightDelta.EMPTY), "");
        }
        Optional<ModelVersion> found = versions.find(id);
        if (found.isEmpty()) {
            return Candidate.none(versions.absence(id));
        }
        ModelVersion version = found.get();
        Fetched fetched = versions.fetch(version);
        if (fetched instanceof Fetched.Refused refused) {
            return Candidate.none(id + " cannot be used: " + refused.message());
        }
        try {
            WeightDelta weights = models.carried(version, ((Fetched.Weights) fetched).delta());
            int own = models.graph().card().classes().count();
            String remark = version.base().equals(models.base())
                    ? ""
                    : ": it serves with its own " + version.classes().size()
                            + " classes, and training continues from it with " + own;
            return new Candidate(Optional.of(weights), remark);
        } catch (InvalidModelException e) {
            return Candidate.none(
                    id + " belongs to another source model, and a worker goes back to versions of its own only: "
                            + e.getMessage());
        }
    }

    private AdaptationEvent.Controlled answer(ControlCommand command, String verb, boolean applied, String message) {
        return new AdaptationEvent.Controlled(command.domain(), clock.instant(), command.id(), verb, applied, message);
    }
}
