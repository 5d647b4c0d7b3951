package io.acclimate.app.verbs;

import io.acclimate.core.ControlCommand;
import io.acclimate.core.DomainId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code activate}: makes an existing version active. */
@Command(name = "activate", description = "Makes an existing version of a domain active; 0 is the source model.")
public final class ActivateCommand extends VerbCommand {
    @Parameters(paramLabel = "VERSION", description = "The number of the version.")
    long version;

    @Override
    ControlCommand command(String id, DomainId target) {
        return new ControlCommand.Activate(id, target, version);
    }
}
