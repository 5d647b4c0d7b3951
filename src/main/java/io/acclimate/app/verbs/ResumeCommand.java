package io.acclimate.app.verbs;

import io.acclimate.core.ControlCommand;
import io.acclimate.core.DomainId;
import picocli.CommandLine.Command;

/** {@code resume}. */
@Command(name = "resume", description = "Goes on training in a domain.")
public final class ResumeCommand extends VerbCommand {
    @Override
    ControlCommand command(String id, DomainId target) {
        return new ControlCommand.Resume(id, target);
    }
}
