package io.acclimate.core;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.DigestOutputStream;
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
        MessageDigest sha = sha256();
        sha.update(bytes.duplicate());
        return of(sha);
    }

    /** Of what {@code source} writes, which need not be in memory as a whole. */
    public static Digest ofWritten(Source source) {
        MessageDigest sha = sha256();
        try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), sha)) {
            source.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException("what is digested could not be written", e);
        }
        return of(sha);
    }

    /** Writes bytes. */
    @FunctionalInterface
    public interface Source {
        void writeTo(OutputStream out) throws IOException;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static Digest of(MessageDigest sha) {
        return new Digest(HexFormat.of().formatHex(sha.digest()));
    }

    @Override
    public String toString() {
        return hex.substring(0, 12);
    }
}
