package io.acclimate.onnx.rewrite;

/** How the rows of classes that a model did not know begin in its new head. */
public sealed interface FreshRows {
    /**
     * Uniform in ±1/√fan-in, weight and bias, as PyTorch's {@code Linear} begins (Kaiming uniform with a = √5; He et al. 2015).
     * For offline training, which sees all classes at once.
     */
    record Uniform(long seed) implements FreshRows {}

    /**
     * The mean of the kept rows. The logit of a new class is then the mean of the kept logits, never the largest: an untrained
     * class wins no image, whatever the image. For a model that serves while it learns. Needs no seed, so every process makes
     * the same graph. Where no class is kept, {@link Uniform} with seed 0.
     */
    record MeanOfKept() implements FreshRows {}
}
