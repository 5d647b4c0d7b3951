package io.acclimate.adapt.answers;

import io.acclimate.adapt.settings.AnswerSettings;
import io.acclimate.adapt.settings.AnswerSettings.Confidence;
import io.acclimate.adapt.settings.AnswerSettings.RandomLabels;
import io.acclimate.core.FloatTensor;
import io.acclimate.infer.Calibration;
import io.acclimate.infer.TemperatureLikelihood;
import io.acclimate.infer.TemperatureScaling;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.wire.v1.Checkpoint;
import io.acclimate.wire.v1.ScoredAnswers;
import java.util.List;

/**
 * What the weights in training answered to samples before they were trained on them, as far as later decisions need it: the likelihood of
 * temperatures, and how many labels are random. Both forget, by the memory that the settings say. What is known is
 * given up when training begins again and when the domain has changed. One thread.
 */
public final class PrequentialAnswers {
    private final AnswerSettings settings;
    private final TemperatureLikelihood temperatures;
    private final RandomLabelShare random;

    public PrequentialAnswers(AnswerSettings settings) {
        this.settings = settings;
        this.temperatures = new TemperatureLikelihood(settings.memory());
        this.random = new RandomLabelShare(settings.memory());
    }

    /** False when nothing is made of the answers. */
    public boolean areAsked() {
        return settings.memory() > 0;
    }

    /**
     * Takes the answers to samples of one mini-batch, in their order.
     *
     * @param output {@code [rows, classes] float32}
     * @param labels the class of each row
     */
    public void see(ModelCard card, FloatTensor output, List<Integer> labels) {
        temperatures.see(card, output, labels, randomLabels());
        random.see(output, labels);
    }

    /** The share of labels that training takes for random; 0 while few are, and where each counts as right. */
    public double randomLabels() {
        return settings.randomLabels() == RandomLabels.EXPECT ? random.share() : 0;
    }

    /**
     * How the confidence of a version agrees with labels; without a temperature when none is asked for.
     *
     * @param output {@code [rows, classes] float32} of the version for samples that are held out
     * @param labels the class of each row
     */
    public Calibration calibration(ModelCard card, FloatTensor output, List<Integer> labels) {
        if (settings.confidence() == Confidence.RAW) {
            return Calibration.NONE;
        }
        return areAsked()
                ? temperatures.fit(card, output, labels, randomLabels())
                : TemperatureScaling.fit(card, output, labels);
    }

    /** Training begins again, or the domain is another one: older answers say nothing of what comes. */
    public void clear() {
        temperatures.clear();
        random.clear();
    }

    public void save(Checkpoint.Builder checkpoint) {
        if (areAsked()) {
            checkpoint.setAnswers(ScoredAnswers.newBuilder()
                    .addAllTemperatures(temperatures.state())
                    .addAllRandom(random.state()));
        }
    }

    /** A checkpoint of a worker that did not ask has none: the estimates begin. */
    public void restore(Checkpoint checkpoint) {
        temperatures.restore(checkpoint.getAnswers().getTemperaturesList());
        random.restore(checkpoint.getAnswers().getRandomList());
    }
}
