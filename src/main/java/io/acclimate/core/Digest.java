package io.acclimate.core;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** A SHA-256 in lower-case hexadecimal: the only integrity check that a model file or weight set has. */
public record Digest(String hex) {
    private static final Pattern VALID = Pattern.compile("[0-9a-f]{64}");

    public Digest {
        if (!VALID.matcher(hex).matches()) {
            throw new IllegalArgumentException("a digest has 64 lower-case hexadecimal digits, got '" + hex + "'");
        }
    }

    public static Digest of(byte[] bytes) {
        return of(ByteBuffer.wrap(bytes));
    }

    public static Digest of(ByteBuffer bytes) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(bytes.duplicate());
            return new Digest(HexFormat.of().formatHex(sha.digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return hex.substring(0, 12);
    }
}
