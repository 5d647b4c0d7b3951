package io.acclimate.adapt.rebuild;

import io.acclimate.adapt.rebuild.Episode.Configuration;
import io.acclimate.adapt.rebuild.History.KeptLoss;
import io.acclimate.adapt.rebuild.History.KeptMiniBatch;
import io.acclimate.adapt.rebuild.KeptRecords.KeptState;
import io.acclimate.adapt.retire.Headstone;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.worker.Restorer;
import io.acclimate.core.Digest;
import io.acclimate.core.DomainId;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import io.acclimate.image.ImageDecoder;
import io.acclimate.image.ImageLimits;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.node.InvalidModelException;
import io.acclimate.registry.WeightReader;
import io.acclimate.train.Samples;
import io.acclimate.wire.StateCodec;
import io.acclimate.wire.Topics;
import io.acclimate.wire.v1.Checkpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Makes the published versions again from the kept mini-batches, with the worker's own code and with the settings and label sets that
 * the versions' provenance names, and compares number, parent, mini-batch and digest. It writes nothing anywhere.
 *
 * <p>For each domain, {@link KeptRecords} reads what is kept, {@link Timeline} puts it into the order in which it happened, and
 * {@link Player} trains it again. A command takes effect after the mini-batch after which the events say it did. When the recorded
 * configuration changes, the worker is restarted as the original was: from its whole state after an orderly stop, from the snapshot
 * before it after a kill. One thread, and the memory of one worker.
 */
public final class Rebuild implements AutoCloseable {
    private final Map<String, Object> clientProps;
    private final Topics topics;
    private final ModelGraph graph;
    private final Function<ModelGraph, Optional<Samples>> source;
    private final AdaptSettings defaults;
    private final WeightReader registry;
    private final KeptRecords kept;
    private final ImageDecoder images = new ImageDecoder(ImageLimits.defaults());

    /**
     * For one service's topics and model.
     *
     * @param graph of the source model, with any label set
     * @param source the source set in the label set of a graph
     * @param defaults for settings that a provenance does not name
     */
    public Rebuild(
            Map<String, Object> clientProps,
            Topics topics,
            ModelGraph graph,
            Function<ModelGraph, Optional<Samples>> source,
            AdaptSettings defaults) {
        this.clientProps = clientProps;
        this.topics = topics;
        this.graph = graph;
        this.source = source;
        this.defaults = defaults;
        this.registry = WeightReader.open(clientProps, topics);
        this.kept = new KeptRecords(clientProps, topics);
    }

    /**
     * How far the rebuild is.
     *
     * @param versions of this domain that were compared so far, of {@code all}
     * @param equal how many of those are equal
     */
    public record Step(DomainId domain, int versions, int equal, int all) {}

    /**
     * Makes and compares the versions, in the order of domains.
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
        only.filter(wanted -> !domains.containsKey(wanted)).ifPresent(wanted -> headstone(wanted, kept.starts(wanted))
                .ifPresent(left -> notes.add(wanted + ": retired at " + left.at() + ", and nothing of it is kept")));
        domains.forEach((domain, versions) ->
                rebuild(domain, versions, progress, results).forEach(note -> notes.add(domain + ": " + note)));
        return new RebuildReport(results, notes);
    }

    /** Answers with what a reader must know to judge the result. */
    private List<String> rebuild(
            DomainId domain, SortedMap<Long, ModelVersion> all, Consumer<Step> progress, List<Rebuilt> results) {
        RecordedConfigurations configurations = new RecordedConfigurations(all, defaults);
        List<KeptState> starts = kept.starts(domain);
        long retired = starts.stream().mapToLong(KeptState::retiredBefore).max().orElse(0);
        List<KeptMiniBatch> miniBatches = kept.miniBatches(domain, configurations.lastOffset()).stream()
                .filter(each -> each.offset() >= retired)
                .toList();
        Optional<KeptState> start = start(domain, starts, miniBatches);
        List<KeptMiniBatch> used = start.map(from -> from.after(miniBatches)).orElse(miniBatches);
        History history = kept.history(domain);
        List<KeptLoss> losses =
                starts.stream().map(KeptState::loss).flatMap(Optional::stream).toList();
        Timeline timeline = start.map(from -> Timeline.from(
                        from.generation(),
                        first(domain, from, used),
                        configurations,
                        history,
                        losses,
                        used,
                        topics.miniBatches()))
                .orElseGet(() -> Timeline.of(configurations, history, losses, used, topics.miniBatches()));
        SortedMap<Long, ModelVersion> versions = start.isPresent() ? madeOf(used, all) : all;
        Comparison comparison = new Comparison(versions, registry);
        List<String> notes = new ArrayList<>();
        Runnable progressed =
                () -> progress.accept(new Step(domain, comparison.compared(), comparison.equal(), versions.size()));
        try (RebuiltVersions then = new RebuiltVersions(registry, all);
                Player player = new Player(new DomainStage(domain, starts, then, progressed), comparison)) {
            player.play(timeline);
            if (start.isPresent() && !then.missed().isEmpty()) {
                notes.add("a rollback looked at versions " + then.missed()
                        + ", which were made before the rebuild begins and are not kept; what follows may differ");
            }
        }
        results.addAll(comparison.results());
        notes.addAll(timeline.notes());
        start.ifPresent(from -> notes.add(from.headstone(domain)
                .map(left -> "the domain was retired at " + left.at()
                        + ", and nothing from before is kept; the rebuild begins where the domain began anew")
                .orElseGet(() -> "mini-batches before number " + from.nextMiniBatch()
                        + " are deleted (--keep-mini-batches), so the rebuild begins with the state that was kept there; "
                        + (all.size() - versions.size()) + " versions that were made before are not compared")));
        if (comparison.notKept() > 0) {
            notes.add(comparison.notKept() + " versions were made again that retention has removed; compared are the "
                    + versions.size() + " that are kept");
        }
        if (!configurations.missingSettings().isEmpty()) {
            notes.add("some versions do not say " + configurations.missingSettings()
                    + "; taken from this command's options");
        }
        return notes;
    }

    /**
     * The oldest start from which all later mini-batches are kept, when the domain's first mini-batches are deleted, or when it was retired.
     * A domain that began anew may have passed over mini-batches that came before it was retired, so its first number is not known.
     */
    private static Optional<KeptState> start(
            DomainId domain, List<KeptState> oldestFirst, List<KeptMiniBatch> miniBatches) {
        long first = miniBatches.isEmpty() ? 0 : miniBatches.get(0).sequence();
        boolean wasRetired = oldestFirst.stream().anyMatch(each -> each.retiredBefore() > 0);
        return !miniBatches.isEmpty() && first == 0 && !wasRetired
                ? Optional.empty()
                : oldestFirst.stream()
                        .filter(each -> each.nextMiniBatch() >= first)
                        .findFirst()
                        .or(() -> oldestFirst.stream()
                                .filter(each -> each.headstone(domain).isPresent())
                                .findFirst());
    }

    private static Optional<Headstone> headstone(DomainId domain, List<KeptState> starts) {
        return starts.stream()
                .map(each -> each.headstone(domain))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** The number of the first mini-batch after a start. */
    private static long first(DomainId domain, KeptState start, List<KeptMiniBatch> after) {
        return start.headstone(domain).isPresent() && !after.isEmpty()
                ? after.get(0).sequence()
                : start.nextMiniBatch();
    }

    /** The versions that were made of these mini-batches or later ones, or of none. */
    private static SortedMap<Long, ModelVersion> madeOf(
            List<KeptMiniBatch> miniBatches, SortedMap<Long, ModelVersion> versions) {
        long first = miniBatches.isEmpty() ? Long.MAX_VALUE : miniBatches.get(0).offset();
        SortedMap<Long, ModelVersion> made = new TreeMap<>(versions);
        made.values().removeIf(version -> {
            long offset = RecordedConfigurations.offset(version);
            return offset >= 0 && offset < first;
        });
        return made;
    }

    /** The topics and the model of this service, for one domain. */
    private final class DomainStage implements Player.Stage {
        private final DomainId domain;
        private final List<KeptState> starts;
        private final RebuiltVersions versions;
        private final Runnable progressed;

        DomainStage(DomainId domain, List<KeptState> starts, RebuiltVersions versions, Runnable progressed) {
            this.domain = domain;
            this.starts = starts;
            this.versions = versions;
            this.progressed = progressed;
        }

        @Override
        public EpisodeWorker open(Configuration configuration) throws InvalidModelException {
            ModelGraph model = graph.basedOn(configuration.base(), configuration.classes());
            return new EpisodeWorker(domain, configuration.settings(), model, source.apply(model), versions, images);
        }

        @Override
        public void restore(StateCodec.Restored state, EpisodeWorker into) {
            try (Restorer restorer = Restorer.open(clientProps, topics, into.decoder(), versions)) {
                restorer.resume(kept.partition(domain), state, into.worker());
            }
        }

        @Override
        public StateCodec.Restored kept(long generation) {
            KeptState from = starts.stream()
                    .filter(each -> each.generation() == generation)
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("there is no start " + generation + " of " + domain));
            Checkpoint checkpoint = from.state().getCheckpoint();
            if (checkpoint.getActiveVersion() != VersionId.SOURCE) {
                versions.activeAtStart(
                        new VersionId(domain, checkpoint.getActiveVersion()),
                        WeightDelta.parse(from.state().getActiveWeights()),
                        new Digest(checkpoint.getBaseDigest()),
                        from.state().getClassesList());
            }
            return new StateCodec.Restored(
                    domain, Optional.of(checkpoint), from.generation(), Optional.empty(), from.generation());
        }

        @Override
        public MiniBatch miniBatch(long offset) {
            return kept.miniBatch(domain, offset);
        }

        @Override
        public void progressed() {
            progressed.run();
        }
    }

    @Override
    public void close() {
        kept.close();
        registry.close();
    }
}
