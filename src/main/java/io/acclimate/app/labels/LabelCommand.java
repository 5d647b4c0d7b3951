package io.acclimate.app.labels;

import picocli.CommandLine.Command;

/** {@code label}: what concerns labels that people made. */
@Command(
        name = "label",
        description = "Imports labels from labelling tools.",
        subcommands = {LabelImportCommand.class})
public final class LabelCommand {}
