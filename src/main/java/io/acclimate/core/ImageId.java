package io.acclimate.core;

import java.nio.charset.StandardCharsets;

/** Identifies an image in {@code images}, predictions and labels. It is the record's key, or its coordinates if it has none. */
public record ImageId(String value) {
    public static final int MAX_LENGTH = 256;

    public ImageId {
        if (value.isEmpty() || value.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "an image id has 1 to " + MAX_LENGTH + " characters, got " + value.length());
        }
    }

    public static ImageId of(Coordinates coordinates) {
        return new ImageId(coordinates.toString());
    }

    /**
     * FNV-1a, 64 bits, of the id's UTF-8 bytes (Fowler, Noll and Vo). It is the same on every JVM and for ever. Ids that differ little have hashes that
     * differ little in their high bits, so whoever orders or divides by it mixes it first. Anyone can make up ids whose hashes are equal.
     */
    public long fnv1a() {
        long hash = 0xcbf29ce484222325L;
        for (byte each : value.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (each & 0xff)) * 0x100000001b3L;
        }
        return hash;
    }

    @Override
    public String toString() {
        return value;
    }
}
