package io.acclimate.app.options;

import io.acclimate.train.LossTerms;
import picocli.CommandLine.Option;

/** The terms of the transfer-learning loss and their weights; shared by all that train a target domain. */
public final class LossOptions {
    @Option(
            names = "--lambda",
            description = "Weight of source replay, when there is a source set (default: ${DEFAULT-VALUE}).",
            defaultValue = "1")
    double lambda = 1;

    @Option(
            names = "--mu",
            description = "Weight of feature alignment, when there is a source set (default: ${DEFAULT-VALUE}).",
            defaultValue = "0")
    double mu;

    @Option(
            names = "--align",
            description = "What aligns features: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
            defaultValue = "CORAL")
    LossTerms.Align align = LossTerms.Align.CORAL;

    @Option(
            names = "--layer",
            description = "The node or value whose features are aligned (default: what the last layer reads).",
            defaultValue = "")
    String layer = "";

    @Option(
            names = "--rho",
            description = "Weight of the squared distance from the source model's weights (default: ${DEFAULT-VALUE}).",
            defaultValue = "0")
    double rho;

    @Option(
            names = "--kappa",
            description = "Weight of distillation from the source model (default: ${DEFAULT-VALUE}).",
            defaultValue = "0")
    double kappa;

    public LossTerms terms() {
        return new LossTerms(lambda, mu, align, layer, rho, kappa);
    }
}
