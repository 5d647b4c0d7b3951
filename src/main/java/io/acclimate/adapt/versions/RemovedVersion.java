package io.acclimate.adapt.versions;

/**
 * A version that is not kept any more.
 *
 * @param chunks records of its weights
 */
public record RemovedVersion(long number, int chunks) {}
