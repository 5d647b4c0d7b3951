package io.acclimate.app.verbs;

import io.acclimate.app.options.DomainText;
import io.acclimate.core.DomainId;
import picocli.CommandLine.Option;

/** A command to the domain that an option names. */
abstract class VerbCommand extends SentCommand {
    @Option(
            names = "--domain",
            description = "The domain to command (default: ${DEFAULT-VALUE}).",
            converter = DomainText.class)
    DomainId domain = DomainId.DEFAULT;

    @Override
    final DomainId target() {
        return domain;
    }
}
