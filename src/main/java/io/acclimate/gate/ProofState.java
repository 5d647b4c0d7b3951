package io.acclimate.gate;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that a {@link Proof} is made of, for a checkpoint.
 *
 * @param wealth of each bet that the weights in training are better than the source model
 * @param starts how often bets began
 * @param sinceStart samples since the last time
 * @param trainingWorse wealth of the alarm that the weights in training are worse than the source model
 * @param servedWorse the same of the active version
 * @param classes scored samples of each class since the domain began, or began afresh
 * @param recent the last scored samples, packed
 * @param labels counts of how labels go with the source model's classes
 * @param labelPairs a class that the source model named, a label and how often they came together, for each such pair
 * @param centredPairs the same by the source model's centred scores
 * @param likeness what {@link ClassLikeness} is made of
 * @param servedSince samples scored since a proven version came to serve; -1 where none does
 * @param window the last labels beside the classes by source model and candidate, packed
 * @param suspected what the labels look like; empty when nothing is wrong with them
 * @param sinceLook samples since the labels were looked at
 */
public record ProofState(
        List<Double> wealth,
        int starts,
        int sinceStart,
        List<Double> trainingWorse,
        List<Double> servedWorse,
        Map<Integer, Integer> classes,
        List<Integer> recent,
        List<Integer> labels,
        List<Integer> labelPairs,
        List<Integer> centredPairs,
        List<Double> likeness,
        int servedSince,
        List<Long> window,
        Optional<LabelSuspicion.Kind> suspected,
        int sinceLook) {
    public ProofState {
        wealth = List.copyOf(wealth);
        trainingWorse = List.copyOf(trainingWorse);
        servedWorse = List.copyOf(servedWorse);
        classes = Map.copyOf(classes);
        recent = List.copyOf(recent);
        labels = List.copyOf(labels);
        labelPairs = List.copyOf(labelPairs);
        centredPairs = List.copyOf(centredPairs);
        likeness = List.copyOf(likeness);
        window = List.copyOf(window);
    }
}
