package io.acclimate.registry;

import java.time.Instant;

/**
 * What a list of many versions keeps of each.
 *
 * @param chunks records of weights
 * @param configuration names the settings that made it; empty when its record does not say that
 */
public record ListedVersion(long number, Instant createdAt, int chunks, String configuration, boolean pinned) {}
