package io.acclimate.adapt.random;

import io.acclimate.core.DomainId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * SplitMix64 (Steele, Lea and Flood, <i>Fast Splittable Pseudorandom Number Generators</i>, 2014). It has 8 bytes of state and gives the
 * same numbers on every JVM, so that a restart continues the sequence of its checkpoint. Not for secrets. One thread.
 */
public final class SplitMix64 {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private long state;

    public SplitMix64(long state) {
        this.state = state;
    }

    /** The generator of one domain: domains draw independent numbers from the same seed. */
    public static SplitMix64 of(long seed, DomainId domain) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(domain.value().getBytes(StandardCharsets.UTF_8));
            return new SplitMix64(seed * GOLDEN ^ ByteBuffer.wrap(digest).getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    public static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    public long next() {
        state += GOLDEN;
        return mix(state);
    }

    /** Uniform in [0, bound); the bias is below 2⁻³² for the bounds in use. */
    public int below(int bound) {
        if (bound < 1) {
            throw new IllegalArgumentException("the bound is at least 1, got " + bound);
        }
        return (int) Math.multiplyHigh(next() >>> 1, (long) bound << 1);
    }

    /** Uniform in [0, 1). */
    public double uniform() {
        return (next() >>> 11) * 0x1.0p-53;
    }

    /** True with probability {@code part / whole}. */
    public boolean chance(long part, long whole) {
        return uniform() < part / (double) whole;
    }

    public long state() {
        return state;
    }
}
