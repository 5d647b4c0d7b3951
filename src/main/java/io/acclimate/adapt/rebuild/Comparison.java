package io.acclimate.adapt.rebuild;

import io.acclimate.adapt.domain.Round;
import io.acclimate.adapt.settings.RecordedSettings;
import io.acclimate.adapt.versions.Provenance;
import io.acclimate.core.Digest;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.registry.Fetched;
import io.acclimate.registry.WeightReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Compares the versions of one domain with those that were made again, and names the likely cause where they differ. One thread. */
final class Comparison {
    private final SortedMap<Long, ModelVersion> versions;
    private final WeightReader registry;
    private final SortedMap<Long, Rebuilt> results = new TreeMap<>();
    private final List<Rebuilt> extra = new ArrayList<>();
    private final Set<Long> rejected = new HashSet<>();
    /** Versions that were made again and that retention has removed from the topic. */
    private int notKept;

    private Map<String, String> settings = Map.of();
    private String source = "none";
    private Optional<String> missing = Optional.empty();
    private Optional<String> changed = Optional.empty();
    private Optional<String> stopped = Optional.empty();
    private Optional<VersionId> firstDifferent = Optional.empty();

    Comparison(SortedMap<Long, ModelVersion> versions, WeightReader registry) {
        this.versions = versions;
        this.registry = registry;
    }

    /**
     * The configuration that is used from now on.
     *
     * @param newSettings by their names
     * @param newSource names the source set
     */
    void configured(Map<String, String> newSettings, String newSource) {
        settings = newSettings;
        source = newSource;
    }

    /** Another worker began before the mini-batch or command at {@code offset}, with other settings, classes or source set or after a loss. */
    void changed(long offset) {
        changed = Optional.of("the configuration changed, or state was lost, before mini-batch offset " + offset);
    }

    /** No version can be made from here on. */
    void stopped(String why) {
        stopped = Optional.of(why);
    }

    /** Mini-batches are gone from the topic. */
    void missing(String which) {
        missing = Optional.of(missing.map(before -> before + "; " + which).orElse(which));
    }

    /** This time the gate promoted nothing after the mini-batch at {@code offset}. */
    void rejected(long offset) {
        rejected.add(offset);
    }

    int compared() {
        return results.size();
    }

    int equal() {
        return (int) results.values().stream()
                .filter(Rebuilt.Equal.class::isInstance)
                .count();
    }

    void made(Round.NewVersion made, long offset) {
        ModelVersion original = versions.get(made.id().number());
        if (original == null && !versions.isEmpty() && made.id().number() < versions.lastKey()) {
            notKept++;
            return;
        }
        if (original == null) {
            extra.add(different(made.id(), offset, "made again, and not on the topic", Map.of()));
            return;
        }
        Digest digest = made.weights().digest();
        if (!digest.equals(original.weights())) {
            results.put(
                    made.id().number(),
                    different(
                            made.id(),
                            RecordedConfigurations.offset(original),
                            where(original, made.weights()),
                            original.provenance()));
        } else if (made.temperature() != original.temperature()) {
            String where = "same weights, with temperature " + made.temperature() + " where " + original.temperature()
                    + " is recorded";
            results.put(
                    made.id().number(),
                    different(made.id(), RecordedConfigurations.offset(original), where, original.provenance()));
        } else if (made.parent() != original.parent() || offset != RecordedConfigurations.offset(original)) {
            String where = "same weights, from parent " + made.parent() + " and mini-batch offset " + offset + " where "
                    + original.parent() + " and " + RecordedConfigurations.offset(original) + " are recorded";
            results.put(
                    made.id().number(),
                    different(made.id(), RecordedConfigurations.offset(original), where, original.provenance()));
        } else {
            results.put(made.id().number(), new Rebuilt.Equal(made.id()));
        }
    }

    private String where(ModelVersion original, WeightDelta made) {
        Fetched fetched = registry.fetch(original);
        if (fetched instanceof Fetched.Refused refused) {
            return "digest " + made.digest() + ", and the topic's weights cannot be read: " + refused.message();
        }
        Map<String, FloatTensor> theirs = ((Fetched.Weights) fetched).delta().tensors();
        for (Map.Entry<String, FloatTensor> each : made.tensors().entrySet()) {
            FloatTensor their = theirs.get(each.getKey());
            if (their == null || !their.shape().equals(each.getValue().shape())) {
                return "tensor " + each.getKey() + " has another shape or is not there";
            }
            if (!each.getValue().equals(their)) {
                return "tensor " + each.getKey() + ", by up to " + difference(each.getValue(), their);
            }
        }
        return "the topic's weights have tensors that these have not";
    }

    private static float difference(FloatTensor one, FloatTensor other) {
        float largest = 0;
        for (int i = 0; i < one.values().length; i++) {
            largest = Math.max(largest, Math.abs(one.values()[i] - other.values()[i]));
        }
        return largest;
    }

    private Rebuilt.Different different(VersionId id, long offset, String where, Map<String, String> provenance) {
        String cause = firstDifferent
                .filter(before -> before.number() < id.number())
                .map(before -> "version " + before.number() + " before it differs")
                .orElseGet(() -> cause(provenance));
        if (firstDifferent.isEmpty()) {
            firstDifferent = Optional.of(id);
        }
        return new Rebuilt.Different(id, offset, where, cause);
    }

    private String cause(Map<String, String> provenance) {
        List<String> causes = new ArrayList<>();
        missing.ifPresent(causes::add);
        changed.ifPresent(causes::add);
        for (String name : RecordedSettings.differing(settings, provenance, settings.keySet())) {
            causes.add("the setting " + name + " was " + provenance.get(name) + " then and " + settings.get(name)
                    + " before");
        }
        String theirs = provenance.getOrDefault(Provenance.SOURCE, source);
        if (!theirs.equals(source)) {
            causes.add("the source set was " + theirs + " and is " + source);
        }
        Map<String, String> here = Provenance.platform();
        for (String name : RecordedSettings.differing(here, provenance, here.keySet())) {
            causes.add(name + " was " + provenance.get(name) + " and is " + here.get(name));
        }
        return causes.isEmpty()
                ? "not recorded: settings, source set, platform and mini-batches are the same; settings may have changed"
                        + " between two versions"
                : String.join("; ", causes);
    }

    private Rebuilt.Different notMade(ModelVersion version) {
        long offset = RecordedConfigurations.offset(version);
        if (offset < 0) {
            return new Rebuilt.Different(
                    version.id(), offset, "not made again", "it names no mini-batch: no worker made it");
        }
        if (stopped.isPresent()) {
            return new Rebuilt.Different(version.id(), offset, "not made again", stopped.get());
        }
        String where = rejected.contains(offset)
                ? "not made again: the gate did not promote it"
                : "not made again: its mini-batch is not on the topic";
        return different(version.id(), offset, where, version.provenance());
    }

    /** How many versions were made again that the topic does not keep any more, so that there is nothing to compare them with. */
    int notKept() {
        return notKept;
    }

    /** A result for each version of the topic in order, then for those that were made and are not on the topic. */
    List<Rebuilt> results() {
        versions.forEach((number, version) -> {
            if (!results.containsKey(number)) {
                results.put(number, notMade(version));
            }
        });
        List<Rebuilt> all = new ArrayList<>(results.values());
        all.addAll(extra);
        return all;
    }
}
