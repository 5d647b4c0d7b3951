package io.acclimate.adapt.rebuild;

import io.acclimate.adapt.domain.AdaptSettings;
import io.acclimate.adapt.domain.RecordedSettings;
import io.acclimate.adapt.domain.Round;
import io.acclimate.adapt.worker.Restorer;
import io.acclimate.core.DomainId;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.ModelVersion;
import io.acclimate.image.ImageDecoder;
import io.acclimate.image.ImageLimits;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.node.InvalidModelException;
import io.acclimate.registry.WeightReader;
import io.acclimate.train.Samples;
import io.acclimate.wire.StateCodec;
import io.acclimate.wire.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Makes the versions of the topic again, from nothing, of the mini-batches that are kept, with the worker's own code and the settings
 * and label sets that the versions' provenance names, and compares number, parent, mini-batch and digest. Writes nothing anywhere.
 *
 * <p>An operator's commands take effect after the mini-batch after which they did, which the adaptation events tell; those that were
 * refused changed nothing and are left out. Where the events name another configuration, a worker is stopped and the next one goes
 * on from its checkpoint, as then; after a kill from the snapshot before it, which the versions made since name. One thread, and
 * memory of one worker.
 */
public final class Rebuild implements AutoCloseable {
    private final Map<String, Object> clientProps;
    private final Topics topics;
    private final ModelGraph graph;
    private final Function<ModelGraph, Optional<Samples>> source;
    private final AdaptSettings otherwise;
    private final WeightReader registry;
    private final KeptRecords kept;
    private final ImageDecoder images = new ImageDecoder(ImageLimits.defaults());

    /**
     * For one service's topics and model.
     *
     * @param graph of the source model, with any label set
     * @param source the source set as the label set of a graph has it
     * @param otherwise for settings that a provenance does not name
     */
    public Rebuild(
            Map<String, Object> clientProps,
            Topics topics,
            ModelGraph graph,
            Function<ModelGraph, Optional<Samples>> source,
            AdaptSettings otherwise) {
        this.clientProps = clientProps;
        this.topics = topics;
        this.graph = graph;
        this.source = source;
        this.otherwise = otherwise;
        this.registry = WeightReader.open(clientProps, topics);
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
        domains.forEach((domain, versions) -> {
            Comparison comparison = new Comparison(versions, registry);
            try (Past past = new Past(domain, versions, comparison, notes)) {
                past.run(step ->
                        progress.accept(new Step(domain, comparison.compared(), comparison.equal(), versions.size())));
            }
            results.addAll(comparison.results());
        });
        return new RebuildReport(results, notes);
    }

    /** One domain's, from its first mini-batch to its last version. */
    private final class Past implements AutoCloseable {
        private final DomainId domain;
        private final Configurations configurations;
        private final KeptRecords.History history;
        private final Comparison comparison;
        private final List<String> notes;
        private final Set<Long> takenUpFrom;
        private final long last;
        private final Set<String> unknown = new HashSet<>();
        private final List<Long> learnt = new ArrayList<>();
        /** By the mini-batch that came next: states that a kill went back to. */
        private final Map<Long, StateCodec.Restored> snapshots = new HashMap<>();

        private Optional<Configurations.Configuration> current = Optional.empty();
        private Optional<Life> life = Optional.empty();
        /** Of the next mini-batch. */
        private long sequence;

        Past(DomainId domain, SortedMap<Long, ModelVersion> versions, Comparison comparison, List<String> notes) {
            this.domain = domain;
            this.configurations = new Configurations(versions, otherwise);
            this.takenUpFrom = configurations.takenUpFrom();
            this.history = kept.history(domain);
            this.comparison = comparison;
            this.notes = notes;
            this.last = versions.values().stream()
                    .mapToLong(Comparison::offset)
                    .max()
                    .orElse(-1);
        }

        void run(Consumer<DomainId> learnt) {
            history.gap().ifPresent(this::note);
            try {
                happened(-1);
                kept.miniBatches(domain, last, (batch, offset) -> {
                    learn(batch, offset);
                    happened(offset);
                    learnt.accept(domain);
                });
            } catch (UnknownModel e) {
                comparison.stopped(e.reason);
            }
            if (!configurations.missing().isEmpty()) {
                note("some versions do not say " + configurations.missing() + "; taken from this command's options");
            }
        }

        private void note(String text) {
            notes.add(domain + ": " + text);
        }

        private void happened(long offset) {
            for (KeptRecords.Happened each : history.after(offset)) {
                Optional<Configurations.Configuration> told =
                        each.configuration().flatMap(this::named);
                if (told.isPresent() || each.command().isPresent()) {
                    Life acting = under(told.or(() -> current).or(() -> configurations.before(offset + 1)), offset + 1);
                    each.command().ifPresent(acting::apply);
                }
            }
        }

        private void learn(MiniBatch batch, long offset) {
            Optional<String> id = Optional.ofNullable(history.configurations().get(offset));
            Optional<Configurations.Configuration> told = id.isPresent()
                    ? named(id.get()).or(() -> current)
                    : configurations.before(offset).or(() -> current);
            Life learning = under(told, offset);
            if (!learning.expects(batch)) {
                return;
            }
            if (batch.sequence() != sequence) {
                String gap = "mini-batches " + sequence + " to " + (batch.sequence() - 1) + " are gone from "
                        + topics.miniBatches();
                note(gap);
                comparison.lost(gap);
            }
            sequence = batch.sequence() + 1;
            learning.guard(batch);
            if (takenUpFrom.contains(offset)) {
                snapshots.put(offset, learning.stop());
            }
            learnt.add(offset);
            Optional<Round.NewVersion> made = learning.learn(batch, offset);
            made.ifPresent(version -> comparison.made(version, offset));
            if (made.isEmpty()) {
                comparison.rejected(offset);
            }
        }

        private Optional<Configurations.Configuration> named(String id) {
            Optional<Configurations.Configuration> told = configurations.named(id);
            if (told.isEmpty() && unknown.add(id)) {
                note("no version names the settings of configuration " + id
                        + "; its mini-batches are learnt as those before");
            }
            return told;
        }

        private Life under(Optional<Configurations.Configuration> told, long offset) {
            if (life.isPresent() && told.equals(current)) {
                return life.get();
            }
            Configurations.Configuration next =
                    told.orElseThrow(() -> new UnknownModel("no version tells its settings"));
            ModelGraph model = model(next);
            Optional<StateCodec.Restored> before = life.map(ending -> end(ending, next, offset));
            close();
            Life begun = new Life(domain, next.settings(), model, source.apply(model), registry, images);
            life = Optional.of(begun);
            comparison.under(RecordedSettings.of(next.settings()), begun.source());
            before.ifPresent(state -> {
                comparison.changed(offset);
                try (Restorer restorer = Restorer.open(clientProps, topics, begun.decoder())) {
                    begun.goOn(state, kept.partition(domain), restorer);
                }
            });
            current = told;
            return begun;
        }

        private StateCodec.Restored end(Life ending, Configurations.Configuration next, long offset) {
            OptionalLong first = configurations.takenUpFrom(offset, next);
            StateCodec.Restored snapshot = first.isPresent() ? snapshots.get(first.getAsLong()) : null;
            return snapshot == null
                    ? ending.stop()
                    : ending.killed(
                            snapshot,
                            learnt.stream()
                                    .filter(each -> each >= first.getAsLong())
                                    .toList());
        }

        private ModelGraph model(Configurations.Configuration of) {
            try {
                return graph.basedOn(of.base(), of.classes());
            } catch (InvalidModelException e) {
                throw new UnknownModel(String.valueOf(e.getMessage()));
            }
        }

        @Override
        public void close() {
            life.ifPresent(Life::close);
            life = Optional.empty();
        }
    }

    /** From here on nothing can be made again. */
    private static final class UnknownModel extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String reason;

        UnknownModel(String reason) {
            super(reason);
            this.reason = reason;
        }
    }

    @Override
    public void close() {
        kept.close();
        registry.close();
    }
}
