package io.acclimate.train;

import io.acclimate.core.Setting;

/**
 * The weights of the transfer-learning loss {@code L_target + λ·L_source + μ·L_align + ρ·‖θ − θ₀‖² + κ·KL(source model ‖ model)}.
 * A term of weight 0 is not computed.
 *
 * @param lambda λ of the loss of replayed source rows
 * @param mu μ of the distance of source and target features
 * @param align which distance that is
 * @param layer where features are taken: the name of a node or of a value in the graph; empty for what the last layer with a
 *     weight matrix reads
 * @param rho ρ of the squared distance of the weights in training from those of the source model
 * @param kappa κ of the divergence of the model from the source model on the target rows
 * @param sourceLoss what L_source compares the model's answers to replayed source rows with
 */
public record LossTerms(
        double lambda, double mu, Align align, String layer, double rho, double kappa, SourceLoss sourceLoss) {
    /** A distance of two sets of features. */
    public enum Align {
        CORAL,
        MMD,
        /** What a classifier that is trained beside the model can tell of the domains; see {@link DomainClassifier}. */
        DANN
    }

    /** What the model's answers to replayed source rows are compared with. */
    public enum SourceLoss {
        /** Their labels, by cross-entropy. */
        LABELS,
        /** The source model's own answers; see {@link io.acclimate.train.losses.Losses#answers}. */
        ANSWERS
    }

    public LossTerms {
        Setting.inRange("lambda", lambda, 0, 1000);
        Setting.inRange("mu", mu, 0, 1_000_000);
        Setting.inRange("rho", rho, 0, 1_000_000);
        Setting.inRange("kappa", kappa, 0, 1000);
    }

    /** Source replay by answers, as heavy as the target, and no other term. */
    public static LossTerms defaults() {
        return new LossTerms(1, 0, Align.CORAL, "", 0, 0, SourceLoss.ANSWERS);
    }

    public LossTerms withReplay(double newLambda) {
        return new LossTerms(newLambda, mu, align, layer, rho, kappa, sourceLoss);
    }

    /** An empty {@code newLayer} is the last layer's input. */
    public LossTerms withAlignment(double newMu, Align kind, String newLayer) {
        return new LossTerms(lambda, newMu, kind, newLayer, rho, kappa, sourceLoss);
    }

    /** What holds the model to the source model: L2-SP on its weights, distillation on its answers. */
    public LossTerms withAnchors(double newRho, double newKappa) {
        return new LossTerms(lambda, mu, align, layer, newRho, newKappa, sourceLoss);
    }

    /** The same terms with replayed source rows compared with {@code other}. */
    public LossTerms withSourceLoss(SourceLoss other) {
        return new LossTerms(lambda, mu, align, layer, rho, kappa, other);
    }
}
