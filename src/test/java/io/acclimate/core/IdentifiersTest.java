package io.acclimate.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Domain ids, image ids, version ids and digests: what each takes, and what it says of what it does not take. */
class IdentifiersTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "default",
                "a",
                "9",
                "Camera-7",
                "site.a_b-c",
                "0123456789012345678901234567890123456789012345678901234567890123"
            })
    void aDomainIdIsWhatATopicKeyAndATagCanHold(String value) {
        assertThat(DomainId.isValid(value)).isTrue();
        assertThat(new DomainId(value)).hasToString(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".hidden",
                "-x",
                "_x",
                "a b",
                "a/b",
                "café",
                "a\n",
                "01234567890123456789012345678901234567890123456789012345678901234"
            })
    void anyOtherDomainIdIsRefusedWithItsValueAndTheRule(String value) {
        assertThat(DomainId.isValid(value)).isFalse();
        assertThatThrownBy(() -> new DomainId(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 to 64")
                .hasMessageContaining("'" + value + "'");
    }

    /** Which samples are in the holdout follows from it, in what was recorded too. */
    @Test
    void theHashOfAnImageIdIsThatOfItsAuthors() {
        assertThat(new ImageId("a").fnv1a()).isEqualTo(0xaf63dc4c8601ec8cL);
        assertThat(new ImageId("foobar").fnv1a()).isEqualTo(0x85944171f73967e8L);
    }

    @Test
    void domainsAreOrderedByTheirText() {
        assertThat(Stream.of("b", "a", "B", "10", "9").map(DomainId::new).sorted())
                .extracting(DomainId::value)
                .containsExactly("10", "9", "B", "a", "b");
    }

    @Test
    void anImageIdHasACharacterAndNotMoreThan256() {
        assertThat(new ImageId("x".repeat(ImageId.MAX_LENGTH)).value()).hasSize(256);
        for (String bad : List.of("", "x".repeat(257))) {
            assertThatThrownBy(() -> new ImageId(bad))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("an image id has 1 to 256 characters, got " + bad.length());
        }
    }

    @Test
    void anImageWithoutAKeyIsNamedByItsCoordinates() {
        assertThat(ImageId.of(new Coordinates("images", 3, 17))).hasToString("images-3-17");
    }

    @Test
    void versionZeroIsTheSourceModelAndNoNumberIsBelowIt() {
        assertThat(new VersionId(DomainId.DEFAULT, VersionId.SOURCE)).hasToString("default/0");
        assertThatThrownBy(() -> new VersionId(DomainId.DEFAULT, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
    }

    @Test
    void aDigestIsSha256InLowerCaseHexadecimal() {
        Digest digest = Digest.of("abc".getBytes(StandardCharsets.US_ASCII));

        assertThat(digest.hex()).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(digest).as("short in logs").hasToString("ba7816bf8f01");
    }

    @Test
    void aDigestOfABufferReadsWhatRemainsAndMovesNothing() {
        ByteBuffer buffer = ByteBuffer.wrap("xabc".getBytes(StandardCharsets.US_ASCII));
        buffer.get();

        Digest digest = Digest.of(buffer);

        assertThat(digest).isEqualTo(Digest.of("abc".getBytes(StandardCharsets.US_ASCII)));
        assertThat(buffer.remaining()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ba7816bf",
                "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
                "ga7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
            })
    void anyOtherTextIsNoDigest(String text) {
        assertThatThrownBy(() -> new Digest(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("64 lower-case")
                .hasMessageContaining("'" + text + "'");
    }
}
