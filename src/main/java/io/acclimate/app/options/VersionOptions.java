package io.acclimate.app.options;

import io.acclimate.adapt.settings.PaceSettings;
import io.acclimate.adapt.settings.RetentionSettings;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How often versions are published, and which are kept. */
@Heading("Versions: when one is published and which are kept")
public final class VersionOptions {
    @Option(
            names = "--publish-interval",
            paramLabel = "DURATION",
            description =
                    "The time between two versions of a domain at least. The first one, and a return to an earlier one, do not wait"
                            + " (default: ${DEFAULT-VALUE}).",
            converter = DurationText.class)
    Duration shortest;

    @Option(
            names = "--publish-within",
            paramLabel = "DURATION",
            description =
                    "The time between two versions after which the next is published without a gain on the holdout; 0s publishes each"
                            + " candidate that the gate promotes, at most one in each interval (default: ${DEFAULT-VALUE}).",
            converter = DurationText.class)
    Duration longest;

    @Option(
            names = "--publish-gain",
            paramLabel = "SHARE",
            description =
                    "The share of the holdout by which a candidate must be ahead of the active version to be published before"
                            + " --publish-within is over. No gain is asked for once the domain has had an eighth more labels than at the"
                            + " last version (default: ${DEFAULT-VALUE}).")
    double gain;

    @Option(
            names = "--keep-versions",
            paramLabel = "N",
            description =
                    "The newest versions of a domain that are kept. Besides, these are: the active one and the one before it, pinned"
                            + " ones, one for each of --keep-hours and of --keep-days, and the newest of each of the last 64"
                            + " configurations; 2147483647 keeps all (default: ${DEFAULT-VALUE}).")
    int newest;

    @Option(
            names = "--keep-hours",
            paramLabel = "N",
            description = "The last hours of which a version is kept, the newest of each (default: ${DEFAULT-VALUE}).")
    int hours;

    @Option(
            names = "--keep-days",
            paramLabel = "N",
            description = "The last days of which a version is kept, the newest of each (default: ${DEFAULT-VALUE}).")
    int days;

    private final double growth;
    private final int early;

    public VersionOptions(PaceSettings pace, RetentionSettings retention) {
        this.shortest = pace.shortest();
        this.longest = pace.longest();
        this.gain = pace.gain();
        this.growth = pace.growth();
        this.early = pace.early();
        this.newest = retention.newest();
        this.hours = retention.hours();
        this.days = retention.days();
    }

    /** A shortest interval above the longest one is the one that counts. */
    public PaceSettings pace() {
        return new PaceSettings(shortest, longest.compareTo(shortest) < 0 ? shortest : longest, gain, growth, early);
    }

    public RetentionSettings retention() {
        return new RetentionSettings(newest, hours, days);
    }
}
