package io.acclimate.app.options;

import io.acclimate.train.LossTerms;
import picocli.CommandLine.Option;

/** The terms of the transfer-learning loss and their weights; shared by all commands that train for a target domain. */
@Heading("Loss: what training reduces")
public final class LossOptions {
    @Option(
            names = "--lambda",
            description =
                    "How much the loss on replayed source images counts beside the loss on the target's labels; more of it"
                            + " forgets less of the source domain. Without source data, fine-tune ignores it, and adapt uses what"
                            + " stands in for source images (default: ${DEFAULT-VALUE}).")
    double lambda;

    @Option(
            names = "--mu",
            description =
                    "How strongly training makes the features that the network computes of target images resemble those of source"
                            + " images, by the distance that --align names; 0 turns it off. Used with source data, or with what stands in for it"
                            + " (default: ${DEFAULT-VALUE}).")
    double mu;

    @Option(
            names = "--align",
            description =
                    "The distance of features that --mu reduces: ${COMPLETION-CANDIDATES}. CORAL compares how features"
                            + " vary together (their covariances), MMD their whole distributions. DANN trains a classifier that tells source from"
                            + " target images by them, and reduces what it can tell (default: ${DEFAULT-VALUE}).")
    LossTerms.Align align;

    @Option(
            names = "--layer",
            paramLabel = "NAME",
            description =
                    "The node or value of the graph whose features --mu aligns (default: what the last layer reads).")
    String layer;

    @Option(
            names = "--rho",
            description = "How strongly training holds the weights near those of the source model; 0 turns it off"
                    + " (default: ${DEFAULT-VALUE}).")
    double rho;

    @Option(
            names = "--kappa",
            description =
                    "How strongly training holds the model's answers on target images near the source model's answers"
                            + " (distillation); 0 turns it off (default: ${DEFAULT-VALUE}).")
    double kappa;

    @Option(
            names = "--source-loss",
            description =
                    "What the model's answers to replayed source images are compared with: LABELS, or ANSWERS for what the"
                            + " source model itself answers. ANSWERS forgets less when there are few source images"
                            + " (default: ${DEFAULT-VALUE}).")
    LossTerms.SourceLoss sourceLoss;

    public LossOptions(LossTerms defaults) {
        this.lambda = defaults.lambda();
        this.mu = defaults.mu();
        this.align = defaults.align();
        this.layer = defaults.layer();
        this.rho = defaults.rho();
        this.kappa = defaults.kappa();
        this.sourceLoss = defaults.sourceLoss();
    }

    public LossTerms terms() {
        return new LossTerms(lambda, mu, align, layer, rho, kappa, sourceLoss);
    }
}
