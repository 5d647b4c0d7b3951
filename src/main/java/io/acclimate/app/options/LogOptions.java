package io.acclimate.app.options;

import org.apache.logging.log4j.core.config.Configurator;
import picocli.CommandLine.Option;

/** How a process writes its log. */
@Heading("Logs")
public final class LogOptions {
    static final String PROPERTY = "acclimate.log.format";

    /** The forms of a log line, which goes to standard error. */
    public enum Format {
        /** Date and time with zone, level, class and message. */
        TEXT,
        /** One object a line, with the fields of the Elastic Common Schema. */
        JSON
    }

    @Option(
            names = "--log-format",
            description =
                    "The form of log lines: ${COMPLETION-CANDIDATES}. JSON has the fields of the Elastic Common Schema, one object a"
                            + " line (default: ${DEFAULT-VALUE}).")
    Format format = Format.TEXT;

    /** Makes the log have this form from now on. A command calls it before it logs. */
    public void apply() {
        JavaLogging.install();
        if (format != Format.TEXT) {
            System.setProperty(PROPERTY, format.name());
            Configurator.reconfigure();
        }
    }
}
