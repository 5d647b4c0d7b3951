package io.acclimate.app.verbs;

import io.acclimate.core.ControlCommand;
import io.acclimate.core.DomainId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code versions note}: writes what people should know about a version to its record. */
@Command(
        name = "note",
        description =
                "Writes a note to a version, in place of the one that it has. The list, the page, reports and exported files"
                        + " show it.")
public final class NoteCommand extends VerbCommand {
    @Parameters(index = "0", paramLabel = "VERSION", description = "The number of the version.")
    long version;

    @Parameters(index = "1", paramLabel = "TEXT", description = "The note; an empty text takes it away.")
    String text = "";

    @Spec
    CommandSpec own = CommandSpec.create();

    @Override
    ControlCommand command(String id, DomainId target) {
        try {
            return new ControlCommand.Note(id, target, version, text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(own.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
