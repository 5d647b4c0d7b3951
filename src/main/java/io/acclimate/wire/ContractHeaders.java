package io.acclimate.wire;

import io.acclimate.core.Coordinates;
import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.DomainId;
import io.acclimate.core.ImageId;
import io.acclimate.core.Outcome;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The headers of the contract. Reading is strict: a header that is not UTF-8 or breaks its rule is refused, never
 * replaced by a default, because a guessed domain or class would train the wrong model. The case of a header's name does not
 * matter, because some clients write {@code Content-Type}. If a header is repeated, in any case, the last one counts.
 */
public final class ContractHeaders {
    public static final String DOMAIN = "domain";
    public static final String LABEL = "label";
    public static final String SOURCE = "source";
    public static final String CONTENT_TYPE = "content-type";
    public static final String TRACEPARENT = "traceparent";
    public static final String CE_ID = "ce_id";
    public static final String CE_SOURCE = "ce_source";
    public static final String CE_TYPE = "ce_type";
    /** On an adaptation event: the coordinates of the mini-batch or command that led to it. */
    public static final String CE_SUBJECT = "ce_subject";
    /** On an adaptation event: names the settings, label set and source set of the worker, as the provenance of versions does. */
    public static final String CE_CONFIGURATION = "ce_configuration";
    /**
     * On an adaptation event of a worker that could not continue from its predecessor's training state: the offset of the first mini-batch
     * whose round was lost with it.
     */
    public static final String CE_STATE_LOST_AT = "ce_statelostat";

    public static final String CE_SPECVERSION = "ce_specversion";

    public static final String JSON = "application/json";
    public static final String PROTOBUF = "application/protobuf";
    /** Not plain Protobuf: the message follows a frame. */
    public static final String PROTOBUF_REGISTRY = "application/x-confluent-protobuf";

    private static final int MAX_TEXT = 256;
    private static final Pattern TRACE = Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

    private ContractHeaders() {}

    /** The record's domain; {@link DomainId#DEFAULT} when the record names none. */
    public static Outcome<DomainId> domain(org.apache.kafka.common.header.Headers headers) {
        return text(headers, DOMAIN).then(value -> {
            if (value.isEmpty()) {
                return Outcome.ok(DomainId.DEFAULT);
            }
            if (!DomainId.isValid(value.get())) {
                return Outcome.refused(
                        DeadLetterReason.INVALID_HEADER,
                        "header domain is 1 to 64 of A-Z a-z 0-9 . _ - and starts with a letter or digit, got '"
                                + value.get() + "'");
            }
            return Outcome.ok(new DomainId(value.get()));
        });
    }

    /** The record's label: a class name or index, not yet resolved. */
    public static Outcome<String> label(org.apache.kafka.common.header.Headers headers) {
        Optional<String> number = last(headers, LABEL).flatMap(ContractHeaders::binaryNumber);
        if (number.isPresent()) {
            return Outcome.refused(
                    DeadLetterReason.INVALID_HEADER,
                    "header label holds a binary number of " + number.get().length() / 2 + " bytes, hexadecimal "
                            + number.get()
                            + ", and must be text: the class name, or the class index in decimal digits");
        }
        return text(headers, LABEL).then(value -> value.filter(label -> !label.isEmpty())
                .map(Outcome::ok)
                .orElseGet(() -> Outcome.refused(
                        DeadLetterReason.MISSING_LABEL,
                        "a label record needs a header 'label' with a class name or index")));
    }

    /** The trace that the record belongs to, in the form of W3C's Trace Context; empty when it names none or has another form. */
    public static String traceparent(org.apache.kafka.common.header.Headers headers) {
        return last(headers, TRACEPARENT)
                .flatMap(header -> Optional.ofNullable(header.value()))
                .flatMap(ContractHeaders::utf8)
                .filter(text -> TRACE.matcher(text).matches())
                .orElse("");
    }

    public static Outcome<Optional<String>> contentType(org.apache.kafka.common.header.Headers headers) {
        return text(headers, CONTENT_TYPE).then(value -> Outcome.ok(value.filter(type -> !type.isEmpty())));
    }

    /** The image id in a record's key; an id made of the coordinates when the record has no key. */
    public static Outcome<ImageId> imageId(byte @Nullable [] key, Coordinates coordinates) {
        if (key == null) {
            return Outcome.ok(ImageId.of(coordinates));
        }
        Optional<String> text = utf8(key);
        if (text.isEmpty() || text.get().isEmpty() || text.get().length() > ImageId.MAX_LENGTH) {
            return Outcome.refused(
                    DeadLetterReason.INVALID_IMAGE_ID,
                    "the key must be an image id of 1 to " + ImageId.MAX_LENGTH + " UTF-8 characters, got " + key.length
                            + " bytes");
        }
        return Outcome.ok(new ImageId(text.get()));
    }

    /** The headers of a record that this service writes: a CloudEvent in binary mode, and the content type. */
    public static RecordHeaders cloudEvent(String id, String source, String type, String contentType) {
        RecordHeaders headers = new RecordHeaders();
        put(headers, CE_ID, id);
        put(headers, CE_SOURCE, source);
        put(headers, CE_TYPE, type);
        put(headers, CE_SPECVERSION, "1.0");
        put(headers, CONTENT_TYPE, contentType);
        return headers;
    }

    /** Replaces every header of that name, in any case. */
    public static void put(org.apache.kafka.common.header.Headers headers, String name, String value) {
        remove(headers, name);
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /** Removes every header of that name, in any case. */
    public static void remove(org.apache.kafka.common.header.Headers headers, String name) {
        for (Optional<Header> each = last(headers, name); each.isPresent(); each = last(headers, name)) {
            headers.remove(each.get().key());
        }
    }

    /** The last header of that name, in any case. */
    public static Optional<Header> last(org.apache.kafka.common.header.Headers headers, String name) {
        Header found = null;
        for (Header each : headers) {
            if (each.key().equalsIgnoreCase(name)) {
                found = each;
            }
        }
        return Optional.ofNullable(found);
    }

    /** A header's text; empty when the record has no such header or its value is null. */
    public static Outcome<Optional<String>> text(org.apache.kafka.common.header.Headers headers, String name) {
        Optional<Header> header = last(headers, name);
        if (header.isEmpty() || header.get().value() == null) {
            return Outcome.ok(Optional.empty());
        }
        Optional<String> text = utf8(header.get().value());
        if (text.isEmpty() || text.get().length() > MAX_TEXT) {
            return Outcome.refused(
                    DeadLetterReason.INVALID_HEADER,
                    "header " + name + " must be UTF-8 of at most " + MAX_TEXT + " characters, got "
                            + header.get().value().length + " bytes");
        }
        return Outcome.ok(text);
    }

    /**
     * The hexadecimal digits of a header's value that some client wrote as a number and not as text: four or eight bytes, as an
     * int, long, float or double has, that are no UTF-8 or hold control characters.
     */
    private static Optional<String> binaryNumber(Header header) {
        byte[] value = header.value();
        if (value == null || (value.length != Integer.BYTES && value.length != Long.BYTES)) {
            return Optional.empty();
        }
        boolean printable = utf8(value)
                .filter(text -> text.chars().noneMatch(Character::isISOControl))
                .isPresent();
        return printable ? Optional.empty() : Optional.of(HexFormat.of().formatHex(value));
    }

    static Optional<String> utf8(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
