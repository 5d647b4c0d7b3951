package io.acclimate.minibatch;

import static io.acclimate.minibatch.LabelStream.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.Coordinates;
import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.DomainId;
import io.acclimate.core.ImageId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.Outcome;
import io.acclimate.core.Payload;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LabelValidatorTest {
    private static final Coordinates AT = new Coordinates("labels", 1, 5);
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");

    private final LabelValidator validator = new LabelValidator(LabelStream.CLASSES, JoinSettings.DEFAULT);

    private static RecordHeaders headers(String... namesAndValues) {
        RecordHeaders headers = new RecordHeaders();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], utf8(namesAndValues[i + 1]));
        }
        return headers;
    }

    private Outcome<LabelValidator.Accepted> validate(
            byte @Nullable [] key, byte @Nullable [] value, RecordHeaders headers) {
        return validator.validate(key, value, headers, AT, TIME);
    }

    private static DeadLetterReason reason(Outcome<LabelValidator.Accepted> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        return ((Outcome.Refused<LabelValidator.Accepted>) outcome).refusal().reason();
    }

    @Test
    void aLabelWithEverythingIsASampleOfItsDomain() {
        var outcome = validate(
                utf8("img"), utf8("png"), headers("label", "boot", "domain", "site-1", "content-type", "image/png"));

        LabelValidator.Accepted accepted = ((Outcome.Ok<LabelValidator.Accepted>) outcome).value();
        assertThat(accepted.domain()).isEqualTo(new DomainId("site-1"));
        LabelledSample sample = accepted.sample();
        assertThat(sample.imageId()).isEqualTo(new ImageId("img"));
        assertThat(sample.classIndex()).isEqualTo(1);
        assertThat(sample.className()).isEqualTo("boot");
        assertThat(sample.image().bytes().array()).isEqualTo(utf8("png"));
        assertThat(sample.image().contentType()).isEqualTo(Optional.of("image/png"));
        assertThat(sample.label()).isEqualTo(AT);
        assertThat(sample.labelTime()).isEqualTo(TIME);
    }

    @Test
    void aNumberIsAClassIndexWhenNoClassHasThatName() {
        var outcome = validate(utf8("img"), utf8("png"), headers("label", "2"));

        assertThat(((Outcome.Ok<LabelValidator.Accepted>) outcome)
                        .value()
                        .sample()
                        .className())
                .isEqualTo("bag");
    }

    @Test
    void theLargestImageIsASampleAndALargerOneIsRefusedBySize() {
        byte[] largest = new byte[Payload.MAX_BYTES];
        byte[] above = new byte[Payload.MAX_BYTES + 1];

        assertThat(validate(utf8("img"), largest, headers("label", "boot"))).isInstanceOf(Outcome.Ok.class);
        assertThat(reason(validate(utf8("img"), above, headers("label", "boot"))))
                .isEqualTo(DeadLetterReason.IMAGE_TOO_LARGE);
    }

    @Test
    void headersThatWouldNotFitWithTheLargestImageAreRefused() {
        RecordHeaders large = headers("label", "boot");
        large.add("thumbnail", new byte[512 << 10]);

        assertThat(reason(validate(utf8("img"), utf8("png"), large))).isEqualTo(DeadLetterReason.INVALID_HEADER);
    }

    @Test
    void whatBreaksARuleIsRefusedWithItsReason() {
        assertThat(reason(validate(utf8("img"), utf8("png"), headers()))).isEqualTo(DeadLetterReason.MISSING_LABEL);
        assertThat(reason(validate(utf8("img"), utf8("png"), headers("label", "hat"))))
                .isEqualTo(DeadLetterReason.UNKNOWN_CLASS);
        assertThat(reason(validate(utf8("img"), utf8("png"), headers("label", "3"))))
                .isEqualTo(DeadLetterReason.UNKNOWN_CLASS);
        assertThat(reason(validate(utf8(""), utf8("png"), headers("label", "boot"))))
                .isEqualTo(DeadLetterReason.INVALID_IMAGE_ID);
        assertThat(reason(validate(utf8("img"), utf8("png"), headers("label", "boot", "domain", "no domain"))))
                .isEqualTo(DeadLetterReason.INVALID_HEADER);
        assertThat(reason(validate(null, null, headers("label", "boot")))).isEqualTo(DeadLetterReason.MISSING_PIXELS);
    }

    @Test
    void bytesMayBeMissingOnlyWhereTheyCanBeFound() {
        LabelValidator withoutJoin = new LabelValidator(LabelStream.CLASSES, JoinSettings.OFF);
        RecordHeaders headers = headers("label", "boot");

        assertThat(validate(utf8("img"), new byte[0], headers)).isInstanceOf(Outcome.Ok.class);
        assertThat(reason(withoutJoin.validate(utf8("img"), new byte[0], headers, AT, TIME)))
                .isEqualTo(DeadLetterReason.MISSING_PIXELS);
    }
}
