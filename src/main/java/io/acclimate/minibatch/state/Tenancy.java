package io.acclimate.minibatch.state;

/**
 * What is known of a domain from its labels.
 *
 * @param labels how many were accepted in its life; of times before builds counted them, at least as many as the mini-batches
 * @param lastLabelMillis when the last one was accepted; 0 in what builds stored before they noted it
 * @param ended true when the domain has lost its place to another
 */
public record Tenancy(long labels, long lastLabelMillis, boolean ended) {
    public static final Tenancy NONE = new Tenancy(0, 0, false);

    public Tenancy labelled(long atMillis) {
        return new Tenancy(labels + 1, atMillis, false);
    }

    public Tenancy notAfter(long millis) {
        return new Tenancy(labels, Math.min(lastLabelMillis, millis), ended);
    }

    public Tenancy end() {
        return new Tenancy(labels, lastLabelMillis, true);
    }
}
