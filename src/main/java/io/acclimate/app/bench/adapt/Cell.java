package io.acclimate.app.bench.adapt;

/** One run of the suite: a combination of its choices, with one seed. */
record Cell(String network, StreamPlan stream, LabelQuality quality, int labels, long seed) {
    String group() {
        return String.join(" ", network, stream.label(), quality.label(), Integer.toString(labels));
    }
}
