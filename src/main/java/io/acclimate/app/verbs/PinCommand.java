package io.acclimate.app.verbs;

import io.acclimate.core.ControlCommand;
import io.acclimate.core.DomainId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code versions pin}: says that retention must keep a version. */
@Command(name = "pin", description = "Keeps a version until it is unpinned, however old it becomes.")
public final class PinCommand extends VerbCommand {
    @Parameters(paramLabel = "VERSION", description = "The number of the version.")
    long version;

    @Override
    ControlCommand command(String id, DomainId target) {
        return new ControlCommand.Pin(id, target, version);
    }
}
