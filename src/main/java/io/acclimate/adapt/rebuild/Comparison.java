package io.acclimate.adapt.rebuild;

import io.acclimate.adapt.domain.Provenance;
import io.acclimate.adapt.domain.RecordedSettings;
import io.acclimate.adapt.domain.Round;
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

/** The versions of one domain beside those that were made again, and the likely cause of what differs. The rebuild's thread only. */
final class Comparison {
    private final SortedMap<Long, ModelVersion> versions;
    private final WeightReader registry;
    private final SortedMap<Long, Rebuilt> results = new TreeMap<>();
    private final List<Rebuilt> extra = new ArrayList<>();
    private final Set<Long> rejected = new HashSet<>();
    private Map<String, String> settings = Map.of();
    private String source = "none";
    private Optional<String> lost = Optional.empty();
    private Optional<String> changed = Optional.empty();
    private Optional<String> stopped = Optional.empty();
    private Optional<VersionId> firstDifferent = Optional.empty();

    Comparison(SortedMap<Long, ModelVersion> versions, WeightReader registry) {
        this.versions = versions;
        this.registry = registry;
    }

    /** @param newSettings that the rebuild uses from now on, by name; {@code newSource} names its source set */
    void under(Map<String, String> newSettings, String newSource) {
        settings = newSettings;
        source = newSource;
    }

    /** Settings, classes or source set changed before the mini-batch or command there. */
    void changed(long offset) {
        changed = Optional.of("the configuration changed before mini-batch offset " + offset);
    }

    /** Nothing more can be made. */
    void stopped(String why) {
        stopped = Optional.of(why);
    }

    static long offset(ModelVersion version) {
        String text = version.provenance().getOrDefault(Provenance.OFFSET, "");
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : -1;
    }

    /** Mini-batches that are gone. */
    void lost(String which) {
        lost = Optional.of(lost.map(before -> before + "; " + which).orElse(which));
    }

    /** The gate let nothing through this time. */
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
        if (original == null) {
            extra.add(different(made.id(), offset, "made again, and not on the topic", Map.of()));
            return;
        }
        Digest digest = made.weights().digest();
        if (!digest.equals(original.weights())) {
            results.put(
                    made.id().number(),
                    different(made.id(), offset(original), where(original, made.weights()), original.provenance()));
        } else if (made.parent() != original.parent() || offset != offset(original)) {
            String where = "same weights, from parent " + made.parent() + " and mini-batch offset " + offset + " where "
                    + original.parent() + " and " + offset(original) + " are recorded";
            results.put(made.id().number(), different(made.id(), offset(original), where, original.provenance()));
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
        lost.ifPresent(causes::add);
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

    private Rebuilt.Different missing(ModelVersion version) {
        long offset = offset(version);
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

    /** Of each version of the topic in order, then of those that it does not have. */
    List<Rebuilt> results() {
        versions.forEach((number, version) -> {
            if (!results.containsKey(number)) {
                results.put(number, missing(version));
            }
        });
        List<Rebuilt> all = new ArrayList<>(results.values());
        all.addAll(extra);
        return all;
    }
}
