package io.acclimate.app.report;

import io.acclimate.app.options.DomainText;
import io.acclimate.app.options.KafkaOptions;
import io.acclimate.app.report.ReportPage.Domain;
import io.acclimate.app.terminal.Figures;
import io.acclimate.app.terminal.JsonOption;
import io.acclimate.app.verbs.EventText;
import io.acclimate.core.Activation;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.DomainId;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import io.acclimate.kafka.ClientProperties;
import io.acclimate.kafka.PartitionReader;
import io.acclimate.kafka.TopicPartitions;
import io.acclimate.registry.WeightReader;
import io.acclimate.wire.EventCodec;
import io.acclimate.wire.UnreadableRecordException;
import io.acclimate.wire.WireFormat;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code report}: writes the adaptation of each domain as one HTML file. */
@Command(
        name = "report",
        description = {
            "Writes one HTML file about the adaptation of each domain: accuracy and losses over labels, versions, what happened.",
            "It is made from the topics alone and changes nothing."
        })
public final class ReportCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Mixin
    KafkaOptions kafka = new KafkaOptions();

    @Option(names = "--domain", description = "Report only this domain (default: all).", converter = DomainText.class)
    Optional<DomainId> only = Optional.empty();

    @Parameters(paramLabel = "FILE.html", description = "The file to write.")
    Path file = Path.of("");

    @Mixin
    JsonOption json = new JsonOption();

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        Map<String, Object> client = kafka.reachableClientProperties();
        SortedMap<DomainId, History> histories = histories(client);
        List<Domain> domains = new ArrayList<>();
        try (WeightReader reader = WeightReader.open(client, kafka.topics())) {
            WeightReader.Catalogue catalogue = reader.catalogue();
            catalogue.versions().keySet().stream()
                    .map(VersionId::domain)
                    .filter(this::wanted)
                    .forEach(domain -> histories.computeIfAbsent(domain, History::new));
            histories.values().forEach(each -> domains.add(domain(each, catalogue)));
        }
        String bootstrap = String.valueOf(client.get("bootstrap.servers"));
        ReportPage page = new ReportPage(Instant.now(), bootstrap, domains, EventText::of);
        Files.writeString(file, page.html());
        say(domains);
        return 0;
    }

    private boolean wanted(DomainId domain) {
        return only.isEmpty() || only.get().equals(domain);
    }

    private SortedMap<DomainId, History> histories(Map<String, Object> client) {
        SortedMap<DomainId, History> histories = new TreeMap<>();
        EventCodec codec = new EventCodec(WireFormat.JSON);
        try (KafkaConsumer<byte[], byte[]> consumer =
                ClientProperties.of(client).openReader()) {
            PartitionReader reader = new PartitionReader(consumer, PATIENCE);
            reader.read(
                    reader.everything(
                            TopicPartitions.of(consumer, kafka.topics().adaptationEvents())),
                    (records, positions) -> records.forEach(record -> read(codec, record.value())
                            .filter(event -> wanted(event.domain()))
                            .ifPresent(event -> add(event, histories))));
        }
        return histories;
    }

    /** A refused command makes no domain of the name that it has. */
    static void add(AdaptationEvent event, Map<DomainId, History> histories) {
        boolean maybeOfNone = event instanceof AdaptationEvent.Controlled controlled && !controlled.applied();
        if (!maybeOfNone || histories.containsKey(event.domain())) {
            histories.computeIfAbsent(event.domain(), History::new).add(event);
        }
    }

    /** A record that is no event of ours is no part of a report. */
    private static Optional<AdaptationEvent> read(EventCodec codec, byte[] value) {
        try {
            return value == null ? Optional.empty() : Optional.of(codec.decode(value));
        } catch (UnreadableRecordException e) {
            return Optional.empty();
        }
    }

    private static Domain domain(History history, WeightReader.Catalogue catalogue) {
        List<ModelVersion> versions = catalogue.versions().values().stream()
                .filter(each -> each.id().domain().equals(history.domain()))
                .toList();
        long active = Optional.ofNullable(catalogue.active().get(history.domain()))
                .map(Activation::version)
                .map(VersionId::number)
                .orElse(VersionId.SOURCE);
        return new Domain(history, versions, active);
    }

    private void say(List<Domain> domains) {
        PrintWriter out = spec.commandLine().getOut();
        if (json.asked()) {
            JsonOption.print(
                    Map.of(
                            "file",
                            file.toString(),
                            "domains",
                            domains.stream().map(ReportCommand::result).toList()),
                    out);
            return;
        }
        for (Domain each : domains) {
            out.println(each.history().domain() + ": " + each.history().labels() + " labels, served "
                    + Figures.percent(each.history().served()) + ", source model "
                    + Figures.percent(each.history().source()));
        }
        out.println("wrote " + file);
        out.flush();
    }

    private static Map<String, Object> result(Domain domain) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("domain", domain.history().domain().value());
        result.put("labels", domain.history().labels());
        result.put("rounds", domain.history().rounds());
        result.put("activeVersion", domain.active());
        result.put("versions", domain.versions().size());
        result.put("servedAccuracy", domain.history().served());
        result.put("sourceAccuracy", domain.history().source());
        return result;
    }
}
