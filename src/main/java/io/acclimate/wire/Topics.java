package io.acclimate.wire;

import java.util.List;

/** The names of the topics, all under one prefix ({@code ""} by default). */
public record Topics(String prefix) {
    public static final Topics DEFAULT = new Topics("");

    public String images() {
        return prefix + "images";
    }

    public String labels() {
        return prefix + "labels";
    }

    public String predictions() {
        return prefix + "predictions";
    }

    public String miniBatches() {
        return prefix + "mini-batches";
    }

    public String modelVersions() {
        return prefix + "model-versions";
    }

    public String modelWeights() {
        return prefix + "model-weights";
    }

    public String adaptationEvents() {
        return prefix + "adaptation-events";
    }

    public String adaptationState() {
        return prefix + "adaptation-state";
    }

    public String adaptationStarts() {
        return prefix + "adaptation-starts";
    }

    public String modelControl() {
        return prefix + "model-control";
    }

    public String deadLetters() {
        return prefix + "dead-letters";
    }

    public List<String> all() {
        return List.of(
                images(),
                labels(),
                predictions(),
                miniBatches(),
                modelVersions(),
                modelWeights(),
                adaptationEvents(),
                adaptationState(),
                adaptationStarts(),
                modelControl(),
                deadLetters());
    }
}
