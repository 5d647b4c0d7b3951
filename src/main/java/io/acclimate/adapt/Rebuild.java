package io.acclimate.adapt;

import io.acclimate.core.DomainId;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.ModelVersion;
import io.acclimate.image.ImageDecoder;
import io.acclimate.image.ImageLimits;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.registry.WeightReader;
import io.acclimate.wire.Topics;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Makes the versions of the topic again, from nothing, of the mini-batches that are kept, with the worker's own code and the settings
 * that the versions' provenance names, and compares number, parent, mini-batch and digest. Writes nothing anywhere.
 *
 * <p>An operator's commands take effect after the mini-batch after which they did, which the adaptation events tell; those that were
 * refused changed nothing and are left out. One thread, and memory of one worker.
 */
public final class Rebuild implements AutoCloseable {
    private final Topics topics;
    private final ModelGraph graph;
    private final Optional<SourceSamples> source;
    private final AdaptSettings otherwise;
    private final WeightReader registry;
    private final KeptRecords kept;
    private final ImageDecoder images = new ImageDecoder(ImageLimits.defaults());

    /**
     * For one service's topics and model.
     *
     * @param otherwise for settings that a provenance does not name
     */
    public Rebuild(
            Map<String, Object> clientProps,
            Topics topics,
            ModelGraph graph,
            Optional<SourceSamples> source,
            AdaptSettings otherwise) {
        this.topics = topics;
        this.graph = graph;
        this.source = source;
        this.otherwise = otherwise;
        this.registry = new WeightReader(clientProps, topics);
        this.kept = new KeptRecords(clientProps, topics);
    }

    /**
     * How far it has come.
     *
     * @param versions of this domain that were compared, of {@code all}
     * @param equal of those
     */
    public record Step(DomainId domain, int versions, int equal, int all) {}

    /**
     * Makes and compares, in the order of domains.
     *
     * @param only this domain; all when empty
     */
    public RebuildReport run(Optional<DomainId> only, Consumer<Step> progress) {
        SortedMap<DomainId, SortedMap<Long, ModelVersion>> domains = new TreeMap<>();
        registry.catalogue().versions().values().forEach(version -> domains.computeIfAbsent(
                        version.id().domain(), d -> new TreeMap<>())
                .put(version.id().number(), version));
        only.ifPresent(wanted -> domains.keySet().removeIf(each -> !each.equals(wanted)));
        List<Rebuilt> results = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        domains.forEach((domain, versions) -> results.addAll(domain(domain, versions, notes, progress)));
        return new RebuildReport(results, notes);
    }

    private List<Rebuilt> domain(
            DomainId domain, SortedMap<Long, ModelVersion> versions, List<String> notes, Consumer<Step> progress) {
        ModelVersion first = versions.get(versions.firstKey());
        if (first == null || !first.base().equals(graph.digest())) {
            return versions.values().stream()
                    .<Rebuilt>map(version -> new Rebuilt.Different(
                            version.id(),
                            Comparison.offset(version),
                            "not made again",
                            "it belongs to the base model " + version.base() + ", this is " + graph.digest()))
                    .toList();
        }
        TreeSet<String> missing = new TreeSet<>();
        AdaptSettings settings = RecordedSettings.over(otherwise, first.provenance(), missing);
        if (!missing.isEmpty()) {
            notes.add(domain + ": version " + first.id().number() + " does not say " + missing
                    + "; taken from this command's options");
        }
        try (Models models = new Models(graph, settings.train())) {
            Retention retention = new Retention(source, settings.sourceCheck(), models.source());
            Comparison comparison = new Comparison(versions, retention.name(), RecordedSettings.of(settings), registry);
            try (DomainWorker worker = new DomainWorker(
                    domain, settings, models, retention, new SampleDecoder(models, images), Clock.systemUTC())) {
                replay(domain, worker, models, comparison, versions, notes, progress);
            }
            return comparison.results();
        }
    }

    private void replay(
            DomainId domain,
            DomainWorker worker,
            Models models,
            Comparison comparison,
            SortedMap<Long, ModelVersion> versions,
            List<String> notes,
            Consumer<Step> progress) {
        Commands commands = new Commands(registry, models, Clock.systemUTC());
        KeptRecords.Applied applied = kept.commands(domain);
        applied.gap().ifPresent(gap -> notes.add(domain + ": " + gap));
        long last =
                versions.values().stream().mapToLong(Comparison::offset).max().orElse(-1);
        applied.after(-1).forEach(command -> commands.apply(command, worker));
        long[] sequence = {0};
        kept.miniBatches(domain, last, (batch, offset) -> {
            if (!worker.expects(batch)) {
                return;
            }
            if (batch.sequence() != sequence[0]) {
                String gap = "mini-batches " + sequence[0] + " to " + (batch.sequence() - 1) + " are gone from "
                        + topics.miniBatches();
                notes.add(domain + ": " + gap);
                comparison.lost(gap);
            }
            sequence[0] = batch.sequence() + 1;
            // What the guard did then it does again: it is decided by the worker's state.
            var unused = commands.guard(worker, batch);
            learn(worker, batch, offset, comparison);
            applied.after(offset).forEach(command -> commands.apply(command, worker));
            progress.accept(new Step(domain, comparison.compared(), comparison.equal(), versions.size()));
        });
    }

    private static void learn(DomainWorker worker, MiniBatch batch, long offset, Comparison comparison) {
        Optional<Round.NewVersion> made = worker.relearn(batch, offset);
        made.ifPresent(version -> comparison.made(version, offset));
        if (made.isEmpty()) {
            comparison.rejected(offset);
        }
    }

    @Override
    public void close() {
        kept.close();
        registry.close();
    }
}
