package io.acclimate.app.bench.adapt;

/**
 * One run of the suite: a combination of its choices, with one seed.
 *
 * @param unlabelled images that come without labels before the first label
 */
record Cell(String network, StreamPlan stream, LabelQuality quality, int unlabelled, int labels, long seed) {
    String group() {
        return String.join(" ", network, stream.label(), quality.label(), Integer.toString(labels));
    }
}
