package io.acclimate.core;

/** One class with its probability in [0, 1]. */
public record ClassScore(int classIndex, String label, float confidence) {}
