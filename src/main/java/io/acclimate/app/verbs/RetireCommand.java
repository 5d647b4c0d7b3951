package io.acclimate.app.verbs;

import io.acclimate.app.options.DomainText;
import io.acclimate.core.ControlCommand;
import io.acclimate.core.DomainId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code domains retire}: removes a domain for good. It asks for the name and for {@code --yes}, since nothing brings the domain back. */
@Command(
        name = "retire",
        description = {
            "Removes a domain: its versions and weights, its training state, and the samples that are kept of it.",
            "The source model serves it then. A label that comes later begins it anew; version numbers go on."
        })
public final class RetireCommand extends SentCommand {
    @Parameters(paramLabel = "NAME", description = "The domain.", converter = DomainText.class)
    DomainId name = DomainId.DEFAULT;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Who asks for it and why; the event says it.")
    String reason = "";

    @Option(names = "--yes", description = "Must be given: nothing brings a retired domain back.")
    boolean yes;

    @Override
    DomainId target() {
        return name;
    }

    @Override
    ControlCommand command(String id, DomainId target) {
        if (!yes) {
            throw new ParameterException(
                    spec.commandLine(),
                    "domains retire removes the versions, the state and the kept samples of " + target
                            + " for good. If that is meant, give --yes");
        }
        try {
            return new ControlCommand.Retire(id, target, reason);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
