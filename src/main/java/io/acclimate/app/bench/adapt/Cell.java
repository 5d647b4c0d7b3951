package io.acclimate.app.bench.adapt;

/** One run of the suite. */
record Cell(String network, StreamPlan stream, LabelQuality quality, int labels, long seed) {
    String group() {
        return String.join(" ", network, stream.label(), quality.label(), Integer.toString(labels));
    }
}
