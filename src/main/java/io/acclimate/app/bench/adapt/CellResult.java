package io.acclimate.app.bench.adapt;

import java.util.List;

/**
 * What came of one cell. Accuracies are against the right classes, whatever the labels say.
 *
 * @param prequential accuracy of what was served, each image before its label was trained on; NaN without labels
 * @param frozenPrequential the source model's on the same images
 * @param target accuracy on test images of the domain that the stream ends in, at the end
 * @param frozenTarget the source model's on the same images
 * @param source accuracy on test images without a shift, at the end
 * @param frozenSource the same before the first label
 * @param rawCalibrationError expected calibration error of the model's own probabilities on the test images of {@code target}, at the end
 * @param calibrationError the same of the probabilities that are served
 * @param worstWindow the lowest difference of served and source model's accuracy over 512 images in a row, or over all when fewer;
 *     without labels, over the test images of the domain
 * @param firstVersion labels until another model than the source model was served; -1 for never
 * @param restarts how often failed training started again with smaller steps
 * @param drifts the labels after which changes of the domain were found
 * @param divergedRounds the most rounds in a row in which the loss on target samples was above {@value LossWatch#TIMES} times its start
 * @param served hits of each round
 * @param frozen the source model's
 */
record CellResult(
        String network,
        String stream,
        String quality,
        int labels,
        long seed,
        double prequential,
        double frozenPrequential,
        double target,
        double frozenTarget,
        double source,
        double frozenSource,
        double rawCalibrationError,
        double calibrationError,
        double worstWindow,
        int firstVersion,
        int versions,
        int rejections,
        int rollbacks,
        int resets,
        int restarts,
        List<Integer> drifts,
        int divergedRounds,
        double cpuSeconds,
        List<Integer> served,
        List<Integer> frozen) {
    CellResult {
        drifts = List.copyOf(drifts);
        served = List.copyOf(served);
        frozen = List.copyOf(frozen);
    }

    String group() {
        return String.join(" ", network, stream, quality, Integer.toString(labels));
    }
}
