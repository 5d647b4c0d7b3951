package io.acclimate.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import io.acclimate.core.ModelVersion;
import io.acclimate.onnx.card.ModelCard;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where the weights of an exported file come from, for whoever finds the file later. It is written to the metadata of the ONNX file, which
 * tools such as Netron show, and to the provenance in its card. Neither changes what the model computes.
 *
 * @param facts by key, without the prefix; none for the source model, whose file keeps its digest
 */
public record Lineage(SortedMap<String, String> facts) {
    private static final String PREFIX = "acclimate.";
    public static final Lineage NONE = new Lineage(new TreeMap<>());

    public Lineage {
        facts = Collections.unmodifiableSortedMap(new TreeMap<>(facts));
    }

    /** The version, its digests, and its whole provenance: samples, settings, the gate's evidence, the platform. */
    public static Lineage of(ModelVersion version) {
        TreeMap<String, String> facts = new TreeMap<>(version.provenance());
        facts.put("domain", version.id().domain().value());
        facts.put("version", Long.toString(version.id().number()));
        facts.put("parent", Long.toString(version.parent()));
        facts.put("createdAt", version.createdAt().toString());
        facts.put("base.sha256", version.base().hex());
        facts.put("weights.sha256", version.weights().hex());
        return new Lineage(facts);
    }

    /** The model with these facts in place of those of an earlier export. */
    ModelProto addTo(ModelProto model) {
        if (facts.isEmpty()) {
            return model;
        }
        ModelProto.Builder described = model.toBuilder().clearMetadataProps();
        model.getMetadataPropsList().stream()
                .filter(entry -> !entry.getKey().startsWith(PREFIX))
                .forEach(described::addMetadataProps);
        prefixed()
                .forEach((key, value) -> described.addMetadataProps(
                        StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        return described.build();
    }

    /** The card with these facts in its provenance. */
    ModelCard addTo(ModelCard card) {
        return facts.isEmpty() ? card : card.withProvenance(prefixed());
    }

    private SortedMap<String, String> prefixed() {
        TreeMap<String, String> keys = new TreeMap<>();
        facts.forEach((key, value) -> keys.put(PREFIX + key, value));
        return keys;
    }
}
