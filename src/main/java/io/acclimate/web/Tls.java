package io.acclimate.web;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The server's certificate and private key. They are read once at the start, so a renewed certificate needs a restart. */
public final class Tls {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    private final KeyStore keys;
    private final String password;

    private Tls(KeyStore keys, String password) {
        this.keys = keys;
        this.password = password;
    }

    /**
     * Reads PEM files.
     *
     * @param certificates file with the server's certificate first, followed by those that signed it
     * @param key file with a PKCS #8 key that is not encrypted
     */
    public static Tls ofPem(Path certificates, Path key) throws IOException {
        // The store never leaves memory, but its interface asks for a password.
        String password = UUID.randomUUID().toString();
        try {
            Collection<? extends Certificate> chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(certificates)));
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(null, null);
            keys.setKeyEntry("server", privateKey(key), password.toCharArray(), chain.toArray(Certificate[]::new));
            return new Tls(keys, password);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(
                    "no certificate and key can be read from " + certificates + " and " + key + ": " + e.getMessage(),
                    e);
        }
    }

    /** Reads a PKCS #12 or JKS file. */
    public static Tls ofKeyStore(Path file, String password) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, password.toCharArray());
            return new Tls(keys, password);
        } catch (GeneralSecurityException e) {
            throw new IOException("the key store " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
        Matcher pem = KEY.matcher(Files.readString(file, StandardCharsets.US_ASCII));
        if (!pem.find()) {
            throw new InvalidKeySpecException("the key file has no unencrypted PKCS #8 block (BEGIN PRIVATE KEY)");
        }
        PKCS8EncodedKeySpec encoded =
                new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
        InvalidKeySpecException refusal = new InvalidKeySpecException("the key is of none of " + ALGORITHMS);
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (InvalidKeySpecException e) {
                // The algorithm is not known before the key is parsed, so each one is tried.
                refusal.addSuppressed(e);
            }
        }
        throw refusal;
    }

    KeyStore keys() {
        return keys;
    }

    String password() {
        return password;
    }

    /** Does not contain the password. */
    @Override
    public String toString() {
        return "Tls[" + keys.getType() + "]";
    }
}
