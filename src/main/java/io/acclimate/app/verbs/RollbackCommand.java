package io.acclimate.app.verbs;

import io.acclimate.core.ControlCommand;
import io.acclimate.core.DomainId;
import picocli.CommandLine.Command;

/** {@code rollback}: makes the previous version active. */
@Command(name = "rollback", description = "Makes the version active that was active before the current one.")
public final class RollbackCommand extends VerbCommand {
    @Override
    ControlCommand command(String id, DomainId target) {
        return new ControlCommand.Rollback(id, target);
    }
}
