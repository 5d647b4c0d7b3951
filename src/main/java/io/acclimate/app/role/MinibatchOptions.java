package io.acclimate.app.role;

import io.acclimate.app.options.Checked;
import io.acclimate.app.options.Heading;
import io.acclimate.core.DomainId;
import io.acclimate.minibatch.FlushSettings;
import io.acclimate.minibatch.JoinSettings;
import io.acclimate.minibatch.LabelLimits;
import io.acclimate.minibatch.MiniBatchSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** How labels become mini-batches. */
@Heading("Labels and mini-batches")
final class MinibatchOptions implements Checked {
    private final MiniBatchSettings defaults;

    @Option(
            names = "--mini-batch-size",
            description = "The number of samples that completes a mini-batch (default: ${DEFAULT-VALUE}).")
    int size;

    @Option(
            names = "--mini-batch-bytes",
            description = "The largest size of a mini-batch in bytes (default: ${DEFAULT-VALUE}).")
    int bytes;

    @Option(
            names = "--mini-batch-wait-millis",
            description =
                    "How long after its first sample a mini-batch is sent, full or not (default: ${DEFAULT-VALUE}).")
    long waitMillis;

    @Option(
            names = "--labels-per-second",
            description =
                    "Labels that a producer (a domain and the header source) may send each second in the long run;"
                            + " 0 sets no limit (default: ${DEFAULT-VALUE}).")
    double perSecond;

    @Option(
            names = "--labels-burst",
            description = "Labels that a producer may send at once (default: ${DEFAULT-VALUE}).")
    int burst;

    @Option(
            names = "--class-share",
            description =
                    "The share of a mini-batch that one class may fill; 1 sets no limit (default: ${DEFAULT-VALUE}).")
    double classShare;

    @Option(
            names = "--max-domains",
            description =
                    "The number of target domains for which one partition takes labels at a time; a domain without labels"
                            + " loses its place to another after an hour, or after a minute when it had fewer than 32 labels"
                            + " (default: ${DEFAULT-VALUE}).")
    int places;

    @Option(
            names = "--domains",
            paramLabel = "FILE|NAME,NAME",
            description =
                    "The only target domains for which labels are taken, instead of --max-domains: names, or a file with one"
                            + " name a line (default: any).")
    Optional<String> domains = Optional.empty();

    @Option(
            names = "--join-retention-hours",
            description =
                    "How long after its prediction an image can be labelled by its id alone, without its bytes; 0 turns this"
                            + " off. All instances need the same value (default: ${DEFAULT-VALUE}).")
    long joinHours;

    @Option(
            names = "--join-wait-seconds",
            description =
                    "How long a label without bytes waits for the prediction of its image (default: ${DEFAULT-VALUE}).")
    long joinWaitSeconds;

    @Option(
            names = "--unlabelled-sample",
            paramLabel = "N",
            description =
                    "How many of the images that are served in a domain are passed on to adapt without labels: N in a second until"
                            + " there are 512, then N in ever longer times, up to an hour. Counted for each partition of"
                            + " predictions. 0 passes none on; up passes 16 on when --unlabelled is not OFF"
                            + " (default: ${DEFAULT-VALUE}).")
    int unlabelledSample;

    MinibatchOptions(MiniBatchSettings defaults) {
        this.defaults = defaults;
        this.size = defaults.flush().maxSamples();
        this.bytes = defaults.flush().maxBytes();
        this.waitMillis = defaults.flush().maxWait().toMillis();
        this.perSecond = defaults.limits().perSecond();
        this.burst = defaults.limits().burst();
        this.classShare = defaults.limits().classShare();
        this.places = defaults.limits().domains().places();
        this.joinHours = defaults.join().retention().toHours();
        this.unlabelledSample = defaults.unlabelled().images();
        this.joinWaitSeconds = defaults.join().patience().toSeconds();
    }

    @Override
    public void check() {
        var unused = settings("check", Path.of("check"));
    }

    MiniBatchSettings settings(String instance, Path stateDir) {
        return defaults.withMembership(defaults.membership().withInstance(instance))
                .withStateDir(stateDir)
                .withFlush(new FlushSettings(size, bytes, Duration.ofMillis(waitMillis)))
                .withLabelLimits(new LabelLimits(
                        perSecond,
                        burst,
                        classShare,
                        defaults.limits().domains().withPlaces(places).withListed(listed())))
                .withJoin(new JoinSettings(
                        Duration.ofHours(joinHours),
                        Duration.ofSeconds(joinWaitSeconds),
                        defaults.join().maxWaiting()))
                .withUnlabelled(new MiniBatchSettings.Sampling(unlabelledSample));
    }

    private Set<DomainId> listed() {
        return domains.map(MinibatchOptions::listed).orElse(Set.of());
    }

    private static Set<DomainId> listed(String fileOrNames) {
        Path file = Path.of(fileOrNames);
        boolean isFile = Files.isRegularFile(file);
        if (!isFile && !fileOrNames.contains(",")) {
            throw new IllegalArgumentException("--domains '" + fileOrNames
                    + "' is no file and no list NAME,NAME; a single name is written 'NAME,'");
        }
        List<String> names;
        try {
            names = isFile ? Files.readAllLines(file) : List.of(fileOrNames.split(","));
        } catch (IOException e) {
            throw new IllegalArgumentException("--domains '" + file + "' cannot be read: " + e.getMessage(), e);
        }
        Set<DomainId> listed = names.stream()
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .map(DomainId::new)
                .collect(Collectors.toUnmodifiableSet());
        if (listed.isEmpty()) {
            throw new IllegalArgumentException("--domains '" + fileOrNames + "' names no domain");
        }
        return listed;
    }
}
