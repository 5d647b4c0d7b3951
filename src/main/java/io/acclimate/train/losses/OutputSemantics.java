package io.acclimate.train.losses;

/** What the values that the loss is taken of mean; there is one for each class. */
public enum OutputSemantics {
    /** Logits of which class it is: a softmax makes probabilities of them. */
    ONE_CLASS,

    /** Logits of whether it is that class, each for itself: the model ends in a sigmoid. */
    EACH_CLASS,

    /** Probabilities of which class it is, since where they come from was not recognised. */
    PROBABILITIES
}
