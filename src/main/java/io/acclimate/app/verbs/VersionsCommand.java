package io.acclimate.app.verbs;

import io.acclimate.app.options.KafkaOptions;
import io.acclimate.core.Activation;
import io.acclimate.core.DomainId;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import io.acclimate.registry.WeightReader;
import java.io.PrintWriter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code versions}: lists the versions on the topic of versions, one line each. */
@Command(
        name = "versions",
        description =
                "Lists the model versions that are kept, by domain; * marks the active one, + one that is pinned.",
        subcommands = {PinCommand.class, UnpinCommand.class})
public final class VersionsCommand implements Callable<Integer> {
    @Mixin
    KafkaOptions kafka = new KafkaOptions();

    @Option(names = "--domain", description = "List only this domain (default: all).")
    Optional<String> domain = Optional.empty();

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        try (WeightReader reader = WeightReader.open(Control.client(kafka), kafka.topics())) {
            print(reader.catalogue(), spec.commandLine().getOut());
        }
        return 0;
    }

    private void print(WeightReader.Catalogue catalogue, PrintWriter out) {
        SortedSet<DomainId> domains = new TreeSet<>(catalogue.active().keySet());
        catalogue.versions().keySet().forEach(id -> domains.add(id.domain()));
        domain.ifPresent(only -> domains.removeIf(each -> !each.value().equals(only)));
        if (domains.isEmpty()) {
            out.println("No versions: every domain is served by version 0, the source model.");
        } else {
            out.printf(
                    "%-20s %9s %9s  %-20s %8s %9s %9s  %s%n",
                    "DOMAIN", "VERSION", "PARENT", "CREATED", "SAMPLES", "ACCURACY", "BYTES", "SHA-256");
        }
        for (DomainId each : domains) {
            long active = Optional.ofNullable(catalogue.active().get(each))
                    .map(Activation::version)
                    .map(VersionId::number)
                    .orElse(VersionId.SOURCE);
            out.printf("%-20s %9s %9s  %s%n", each, marked(0, active), "-", "source model");
            catalogue.versions().values().stream()
                    .filter(version -> version.id().domain().equals(each))
                    .forEach(version -> print(version, active, out));
        }
        out.flush();
    }

    private static void print(ModelVersion version, long active, PrintWriter out) {
        out.printf(
                "%-20s %9s %9d  %-20s %8s %9.9s %9d  %s%n",
                version.id().domain(),
                (version.isPinned() ? "+" : "") + marked(version.id().number(), active),
                version.parent(),
                version.createdAt().truncatedTo(ChronoUnit.SECONDS),
                version.provenance().getOrDefault("samplesSeen", "-"),
                version.provenance().getOrDefault("candidateAccuracy", "-"),
                version.bytes(),
                version.weights());
    }

    private static String marked(long number, long active) {
        return (number == active ? "*" : "") + number;
    }
}
