package io.acclimate.app.verbs;

import io.acclimate.core.ControlCommand;
import io.acclimate.core.DomainId;
import picocli.CommandLine.Command;

/** {@code resume}: continues training in a domain. */
@Command(name = "resume", description = "Continues training in a domain that was paused.")
public final class ResumeCommand extends VerbCommand {
    @Override
    ControlCommand command(String id, DomainId target) {
        return new ControlCommand.Resume(id, target);
    }
}
