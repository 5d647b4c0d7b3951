package io.acclimate.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.Coordinates;
import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.DomainId;
import io.acclimate.core.ImageId;
import io.acclimate.core.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContractHeadersTest {
    private static final Coordinates AT = new Coordinates("images", 3, 41);

    private final RecordHeaders headers = new RecordHeaders();

    private static void isRefused(Outcome<?> outcome, DeadLetterReason reason, String part) {
        assertThat(outcome).isInstanceOfSatisfying(Outcome.Refused.class, refused -> {
            assertThat(refused.refusal().reason()).isEqualTo(reason);
            assertThat(refused.refusal().message()).contains(part);
        });
    }

    @Test
    void aRecordWithoutADomainIsOfTheDefaultOne() {
        assertThat(ContractHeaders.domain(headers)).isEqualTo(Outcome.ok(DomainId.DEFAULT));
    }

    @Test
    void ofRepeatedHeadersTheLastCounts() {
        headers.add("domain", "camera-1".getBytes(StandardCharsets.UTF_8));
        headers.add("domain", "camera-2".getBytes(StandardCharsets.UTF_8));

        assertThat(ContractHeaders.domain(headers)).isEqualTo(Outcome.ok(new DomainId("camera-2")));
    }

    @Test
    void theCaseOfANameDoesNotMatterAndTheLastCountsInAnyCase() {
        headers.add("content-type", "image/jpeg".getBytes(StandardCharsets.UTF_8));
        headers.add("Content-Type", "image/png".getBytes(StandardCharsets.UTF_8));
        headers.add("LABEL", "boot".getBytes(StandardCharsets.UTF_8));

        assertThat(ContractHeaders.contentType(headers)).isEqualTo(Outcome.ok(Optional.of("image/png")));
        assertThat(ContractHeaders.label(headers)).isEqualTo(Outcome.ok("boot"));
    }

    @Test
    void aHeaderThatIsPutReplacesThoseOfItsNameInAnyCase() {
        headers.add("Domain", "a".getBytes(StandardCharsets.UTF_8));
        headers.add("DOMAIN", "b".getBytes(StandardCharsets.UTF_8));

        ContractHeaders.put(headers, ContractHeaders.DOMAIN, "c");

        assertThat(headers.toArray()).extracting(Header::key).containsExactly("domain");
    }

    @ParameterizedTest
    @CsvSource({
        "00000005, 4",
        "05000000, 4",
        "ffffffff, 4",
        "0000000000000007, 8",
        "4014000000000000, 8",
    })
    void aLabelThatIsABinaryNumberIsRefusedAsSuch(String hexadecimal, int bytes) {
        headers.add("label", HexFormat.of().parseHex(hexadecimal));

        isRefused(
                ContractHeaders.label(headers),
                DeadLetterReason.INVALID_HEADER,
                "header label holds a binary number of " + bytes + " bytes, hexadecimal " + hexadecimal
                        + ", and must be text: the class name, or the class index in decimal digits");
    }

    @ParameterizedTest
    @ValueSource(strings = {"boot", "12:30", "0007", "sneakers", "größer"})
    void aLabelOfTextIsNoNumberWhateverItsLength(String text) {
        ContractHeaders.put(headers, ContractHeaders.LABEL, text);

        assertThat(ContractHeaders.label(headers)).isEqualTo(Outcome.ok(text));
    }

    @Test
    void aDomainThatBreaksTheRuleIsRefusedAndNotReplaced() {
        ContractHeaders.put(headers, ContractHeaders.DOMAIN, "camera 1");

        isRefused(ContractHeaders.domain(headers), DeadLetterReason.INVALID_HEADER, "got 'camera 1'");
    }

    @Test
    void textThatIsNoUtf8OrTooLongIsRefused() {
        headers.add("domain", new byte[] {(byte) 0xc3});
        RecordHeaders large = new RecordHeaders();
        ContractHeaders.put(large, ContractHeaders.DOMAIN, "x".repeat(257));

        isRefused(ContractHeaders.domain(headers), DeadLetterReason.INVALID_HEADER, "got 1 bytes");
        isRefused(ContractHeaders.domain(large), DeadLetterReason.INVALID_HEADER, "got 257 bytes");
    }

    @Test
    void aHeaderWithoutAValueIsNone() {
        headers.add("content-type", null);

        assertThat(ContractHeaders.contentType(headers)).isEqualTo(Outcome.ok(Optional.empty()));
        assertThat(ContractHeaders.text(headers, "source")).isEqualTo(Outcome.ok(Optional.empty()));
    }

    @Test
    void aLabelIsItsTextAndAMissingOneIsRefused() {
        isRefused(ContractHeaders.label(headers), DeadLetterReason.MISSING_LABEL, "needs a header 'label'");

        ContractHeaders.put(headers, ContractHeaders.LABEL, "chat à poil");

        assertThat(ContractHeaders.label(headers)).isEqualTo(Outcome.ok("chat à poil"));
    }

    @Test
    void anImageHasTheIdOfItsKeyAndOfItsCoordinatesWithoutOne() {
        assertThat(ContractHeaders.imageId("a".getBytes(StandardCharsets.UTF_8), AT))
                .isEqualTo(Outcome.ok(new ImageId("a")));
        assertThat(ContractHeaders.imageId(null, AT)).isEqualTo(Outcome.ok(ImageId.of(AT)));
    }

    @Test
    void aKeyThatIsNoIdIsRefusedByItsSize() {
        isRefused(ContractHeaders.imageId(new byte[0], AT), DeadLetterReason.INVALID_IMAGE_ID, "got 0 bytes");
        isRefused(
                ContractHeaders.imageId(new byte[] {(byte) 0xff, 1}, AT),
                DeadLetterReason.INVALID_IMAGE_ID,
                "got 2 bytes");
    }

    @Test
    void aCloudEventHasItsFiveAttributesOnce() {
        RecordHeaders event = ContractHeaders.cloudEvent("1", "/acclimate/adapt/a", "some.type", ContractHeaders.JSON);
        ContractHeaders.put(event, ContractHeaders.CE_ID, "2");

        assertThat(event.toArray())
                .extracting(Header::key)
                .containsExactlyInAnyOrder("ce_id", "ce_source", "ce_type", "ce_specversion", "content-type");
        assertThat(ContractHeaders.text(event, "ce_id")).isEqualTo(Outcome.ok(Optional.of("2")));
    }
}
