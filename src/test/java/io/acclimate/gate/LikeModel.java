package io.acclimate.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A model of ten classes of which some are alike, and of images in which it sees little of them. An image is a point, each class has a place, and a score is
 * the product of the two.
 */
final class LikeModel {
    static final int CLASSES = 10;

    /** Clothes for the upper body, shoes, and the rest, as in Fashion-MNIST. */
    private static final double[][] PLACES = {
        {1, 0.3, -0.5, 0.4},
        {-0.2, -0.4, -1, 0.9},
        {1.1, 0, 0.3, -0.6},
        {0.4, -0.2, -1, 0.2},
        {0.9, -0.3, 0.2, -0.5},
        {-1, 0.8, 0.3, 0.3},
        {1, 0.2, 0.1, 0.1},
        {-1.1, 0.6, 0.5, -0.2},
        {0, -0.8, 1, 0.6},
        {-0.9, 0.5, 0.1, -0.7},
    };

    private final double clear;
    private final SplittableRandom random;

    /** @param clear how much an image shows of its class beside noise of a standard deviation of 1; negative for negatives */
    LikeModel(double clear, long seed) {
        this.clear = clear;
        this.random = new SplittableRandom(seed);
    }

    /** The scores of an image of this class. */
    List<Double> scores(int truth) {
        double[] image = new double[PLACES[0].length];
        for (int i = 0; i < image.length; i++) {
            image[i] = clear * PLACES[truth][i] + random.nextGaussian();
        }
        List<Double> scores = new ArrayList<>();
        for (double[] place : PLACES) {
            double score = 0;
            for (int i = 0; i < image.length; i++) {
                score += place[i] * image[i];
            }
            scores.add(score);
        }
        return scores;
    }

    /** Shows an image of each class in turn, whose label is so many classes on. */
    void show(ClassLikeness likeness, int samples, int shift) {
        for (int i = 0; i < samples; i++) {
            likeness.see(scores(i % CLASSES), (i + shift) % CLASSES);
        }
    }

    /** As a worker scores an image whose label is so many classes on. */
    Scored scored(int truth, int shift) {
        List<Double> scores = scores(truth);
        int best = 0;
        for (int i = 0; i < CLASSES; i++) {
            best = scores.get(i) > scores.get(best) ? i : best;
        }
        return new Scored((truth + shift) % CLASSES, best, best, best, best, scores);
    }
}
