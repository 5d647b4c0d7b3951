package io.acclimate.app.verbs;

import io.acclimate.core.ControlCommand;
import io.acclimate.core.DomainId;
import picocli.CommandLine.Command;

/** {@code pause}: stops training in a domain. */
@Command(name = "pause", description = "Stops training in a domain. Serving continues, and labels are kept.")
public final class PauseCommand extends VerbCommand {
    @Override
    ControlCommand command(String id, DomainId target) {
        return new ControlCommand.Pause(id, target);
    }
}
