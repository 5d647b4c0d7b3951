package io.acclimate.app.verbs;

import io.acclimate.core.ControlCommand;
import io.acclimate.core.DomainId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code versions unpin}: says that retention may remove a version again. */
@Command(name = "unpin", description = "Lets retention remove a version that was pinned.")
public final class UnpinCommand extends VerbCommand {
    @Parameters(paramLabel = "VERSION", description = "The number of the version.")
    long version;

    @Override
    ControlCommand command(String id, DomainId target) {
        return new ControlCommand.Unpin(id, target, version);
    }
}
