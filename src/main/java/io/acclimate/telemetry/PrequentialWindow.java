package io.acclimate.telemetry;

import io.acclimate.core.AdaptationEvent;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Prequential accuracy: each labelled sample is scored before it is trained on, and the accuracy is the correct share of the most
 * recent samples. Prometheus and the live page both ask this class, so that they show the same figure.
 *
 * <p>A mini-batch counts as a whole, so the window holds at least {@value #SAMPLES} samples once so many have arrived, and
 * at most one mini-batch more. A window without samples has no accuracy, which is NaN. One thread.
 */
public final class PrequentialWindow {
    static final int SAMPLES = 512;

    private final Deque<AdaptationEvent.Trained> events = new ArrayDeque<>();
    private int samples;
    private int activeCorrect;
    private int sourceCorrect;
    private int shadowSamples;
    private int shadowCorrect;

    public void add(AdaptationEvent.Trained event) {
        events.addLast(event);
        count(event, 1);
        while (samples - events.getFirst().samples() >= SAMPLES) {
            count(events.removeFirst(), -1);
        }
    }

    private void count(AdaptationEvent.Trained event, int sign) {
        samples += sign * event.samples();
        activeCorrect += sign * event.activeCorrect();
        sourceCorrect += sign * event.sourceCorrect();
        event.shadow().ifPresent(shadow -> {
            shadowSamples += sign * event.samples();
            shadowCorrect += sign * shadow.correct();
        });
    }

    /** The accuracy of the model that served when the samples arrived. */
    public double active() {
        return (double) activeCorrect / samples;
    }

    /** The accuracy, on the samples of shadow mode, of the version that would have served otherwise; NaN without such samples. */
    public double shadow() {
        return (double) shadowCorrect / shadowSamples;
    }

    /** The accuracy of the source model on the same samples. */
    public double source() {
        return (double) sourceCorrect / samples;
    }

    /** The number of samples in the window. */
    public int samples() {
        return samples;
    }
}
