package io.acclimate.dataset;

import java.util.SplittableRandom;

/**
 * Colour textures with the statistics of small photo patches: value noise of several octaves whose contrast halves as its
 * frequency doubles (the 1/f spectrum of natural images; Perlin's fractal sum, 1985), one brightness field shared by the channels
 * plus weaker colour fields, and often an edge between two materials. Cost: a few hundred operations a pixel.
 */
final class Texture {
    private static final int OCTAVES = 4;
    private static final double BRIGHTNESS_CONTRAST = 50;
    private static final double COLOUR_CONTRAST = 20;
    private static final double EDGE_CONTRAST = 50;

    private Texture() {}

    /** {@code [height, width, 3]} bytes. */
    static byte[] draw(int width, int height, SplittableRandom random) {
        double[] brightness = fractal(width, height, random);
        double[] edge = edge(width, height, random);
        double contrast = BRIGHTNESS_CONTRAST * (0.5 + random.nextDouble());
        double base = 8 + 150 * Math.pow(random.nextDouble(), 2);
        byte[] out = new byte[width * height * 3];
        for (int c = 0; c < 3; c++) {
            double[] colour = fractal(width, height, random);
            double tint = base + 60 * (random.nextDouble() - 0.5);
            double step = EDGE_CONTRAST * (random.nextDouble() - 0.5);
            for (int i = 0; i < brightness.length; i++) {
                double value = tint + contrast * brightness[i] + COLOUR_CONTRAST * colour[i] + step * edge[i];
                out[3 * i + c] = (byte) Math.max(0, Math.min(255, Math.round(value)));
            }
        }
        return out;
    }

    /** Value noise of several octaves, from about −1 to 1 with mean 0. */
    private static double[] fractal(int width, int height, SplittableRandom random) {
        double[] sum = new double[width * height];
        double amplitude = 1;
        for (int octave = 0, cells = 2; octave < OCTAVES; octave++, cells *= 2, amplitude /= 1.6) {
            addLattice(sum, width, height, cells, amplitude, random);
        }
        return sum;
    }

    /** Adds random values on a lattice, smoothly interpolated. */
    private static void addLattice(
            double[] sum, int width, int height, int cells, double amplitude, SplittableRandom random) {
        double[] lattice = new double[(cells + 2) * (cells + 2)];
        for (int i = 0; i < lattice.length; i++) {
            lattice[i] = amplitude * (2 * random.nextDouble() - 1);
        }
        double shiftX = random.nextDouble();
        double shiftY = random.nextDouble();
        for (int y = 0; y < height; y++) {
            double v = (double) y * cells / height + shiftY;
            int row = (int) v;
            double fy = smooth(v - row);
            for (int x = 0; x < width; x++) {
                double u = (double) x * cells / width + shiftX;
                int column = (int) u;
                double fx = smooth(u - column);
                int at = row * (cells + 2) + column;
                double upper = lattice[at] + fx * (lattice[at + 1] - lattice[at]);
                int below = at + cells + 2;
                double lower = lattice[below] + fx * (lattice[below + 1] - lattice[below]);
                sum[y * width + x] += upper + fy * (lower - upper);
            }
        }
    }

    /** −1 on one side of a random line, 1 on the other. */
    private static double[] edge(int width, int height, SplittableRandom random) {
        double angle = 2 * Math.PI * random.nextDouble();
        double offset = random.nextDouble() - 0.5;
        double[] side = new double[width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double along =
                        (x / (double) width - 0.5) * Math.cos(angle) + (y / (double) height - 0.5) * Math.sin(angle);
                side[y * width + x] = Math.max(-1, Math.min(1, (along - offset) * width));
            }
        }
        return side;
    }

    private static double smooth(double t) {
        return t * t * (3 - 2 * t);
    }
}
