package io.acclimate.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.util.Base64;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class TlsTest {
    @TempDir
    static Path folder;

    private static Path chain = Path.of("");

    @BeforeAll
    static void makeCertificate() throws Exception {
        chain = Certificate.in(folder).pem();
    }

    private static PrivateKey key(String algorithm) throws Exception {
        return KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPrivate();
    }

    private static Path pem(String name, String block, byte[] der) throws IOException {
        String base64 = Base64.getMimeEncoder().encodeToString(der);
        return Files.writeString(
                folder.resolve(name), "-----BEGIN " + block + "-----\n" + base64 + "\n-----END " + block + "-----\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519"})
    void readsAKeyOfEachUsualAlgorithm(String algorithm) throws Exception {
        PrivateKey key = key(algorithm);

        Tls tls = Tls.ofPem(chain, pem("good.key", "PRIVATE KEY", key.getEncoded()));

        assertThat(tls.keys().getKey("server", tls.password().toCharArray())).isEqualTo(key);
        assertThat(tls.keys().getCertificateChain("server")).hasSize(1);
        assertThat(tls.toString()).doesNotContain(tls.password());
    }

    @Test
    void refusesAKeyThatServesNoCertificateByItsFile() throws Exception {
        Path file = pem("other.key", "PRIVATE KEY", key("X25519").getEncoded());

        assertThatThrownBy(() -> Tls.ofPem(chain, file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("the key is of none of [RSA, EC, EdDSA]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ENCRYPTED PRIVATE KEY", "RSA PRIVATE KEY", "PUBLIC KEY"})
    void refusesOtherBlocksThanAnUnencryptedKey(String block) throws Exception {
        Path file = pem("block.key", block, key("EC").getEncoded());

        assertThatThrownBy(() -> Tls.ofPem(chain, file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no unencrypted PKCS #8 block");
    }

    @Test
    void refusesAFileWithoutCertificatesByItsName() throws Exception {
        Path key = pem("good.key", "PRIVATE KEY", key("EC").getEncoded());
        Path file = Files.writeString(folder.resolve("no.pem"), "not a certificate");

        assertThatThrownBy(() -> Tls.ofPem(file, key))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString());
    }
}
