package io.acclimate.adapt;

import io.acclimate.core.Activation;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.ControlCommand;
import io.acclimate.core.Digest;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.registry.Fetched;
import io.acclimate.registry.WeightReader;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Applies an operator's command to a domain's worker, or says why not. The worker's thread only. */
final class Commands {
    private static final Logger LOG = LoggerFactory.getLogger(Commands.class);

    private final WeightReader registry;
    private final Digest base;
    private final Clock clock;

    Commands(WeightReader registry, Digest base, Clock clock) {
        this.registry = registry;
        this.base = base;
        this.clock = clock;
    }

    Round apply(ControlCommand command, DomainWorker worker) {
        if (command instanceof ControlCommand.Pause) {
            return worker.pause(true, answer(command, "pause", true, "training is paused"));
        }
        if (command instanceof ControlCommand.Resume) {
            return worker.pause(false, answer(command, "resume", true, "training goes on"));
        }
        if (command instanceof ControlCommand.Activate activate) {
            if (activate.version() == worker.lineage().active()) {
                return worker.refuse(
                        answer(command, "activate", false, "version " + activate.version() + " is active already"));
            }
            return activate(command, "activate", activate.version(), Activation.Cause.ACTIVATE, worker);
        }
        OptionalLong previous = worker.lineage().previous();
        return previous.isPresent()
                ? activate(command, "rollback", previous.getAsLong(), Activation.Cause.ROLLBACK, worker)
                : worker.refuse(answer(command, "rollback", false, "no version was active before the current one"));
    }

    /**
     * Before a mini-batch is learnt from: makes the newest earlier version active that nothing speaks against, when something speaks
     * against the active one. Decided by the worker's state alone, so a restart decides the same.
     */
    Optional<Round> guard(DomainWorker worker, MiniBatch next) {
        Optional<String> fault = worker.faultOfActive(next);
        if (fault.isEmpty()) {
            return Optional.empty();
        }
        ControlCommand.Rollback command = new ControlCommand.Rollback("guard-" + next.sequence(), next.domain());
        for (long number : worker.lineage().earlier()) {
            Optional<WeightDelta> weights = number == VersionId.SOURCE
                    ? Optional.of(WeightDelta.EMPTY)
                    : registry.find(new VersionId(next.domain(), number))
                            .filter(version -> version.base().equals(base))
                            .flatMap(version -> registry.fetch(version) instanceof Fetched.Weights good
                                    ? Optional.of(good.delta())
                                    : Optional.empty());
            if (weights.isPresent()
                    && (number == VersionId.SOURCE
                            || worker.fault(weights.get()).isEmpty())) {
                String message = "rollback to version " + number + " from "
                        + worker.lineage().active() + ": " + fault.get();
                LOG.warn("domain {}: {}", next.domain(), message);
                return Optional.of(worker.activate(
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
        Optional<WeightDelta> weights = Optional.of(WeightDelta.EMPTY);
        String fault = "";
        if (number != VersionId.SOURCE) {
            Optional<ModelVersion> version = registry.find(id);
            if (version.isEmpty()) {
                return worker.refuse(answer(command, verb, false, "there is no version " + id));
            }
            if (!version.get().base().equals(base)) {
                return worker.refuse(answer(command, verb, false, id + " belongs to another base model"));
            }
            Fetched fetched = registry.fetch(version.get());
            weights = fetched instanceof Fetched.Weights good ? Optional.of(good.delta()) : Optional.empty();
            fault = fetched instanceof Fetched.Refused bad ? bad.message() : "";
        }
        if (weights.isPresent()) {
            Optional<String> unfit = worker.unfit(weights.get());
            fault = unfit.orElse("");
            weights = unfit.isPresent() ? Optional.empty() : weights;
        }
        if (weights.isEmpty()) {
            return worker.refuse(answer(command, verb, false, id + " cannot be used: " + fault));
        }
        Instant now = clock.instant();
        String message = verb + " to version " + number;
        return worker.activate(number, weights.get(), cause, answer(command, verb, true, message), now);
    }

    private AdaptationEvent.Controlled answer(ControlCommand command, String verb, boolean applied, String message) {
        return new AdaptationEvent.Controlled(command.domain(), clock.instant(), command.id(), verb, applied, message);
    }
}
