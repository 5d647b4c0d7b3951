package io.acclimate.image;

import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.ModelInput.TextInput;
import io.acclimate.core.Outcome;
import io.acclimate.core.Payload;
import io.acclimate.text.TextEncoder;
import java.util.Locale;
import java.util.Optional;

/** Reads {@code text/plain} for the model of one card after the other. Any thread. */
final class Texts {
    /** The encoder of the card that came last. Each is complete when it is seen, so it needs no lock. */
    private volatile Optional<TextEncoder> last = Optional.empty();

    Outcome<FloatTensor> row(Payload payload, TextInput input) {
        Optional<String> given = payload.contentType();
        String type = given.map(ImageFormat::mediaType).orElse(Payload.TEXT);
        if (!type.equals(Payload.TEXT) && !type.equals(ImageDecoder.ANY)) {
            return Outcome.refused(
                    DeadLetterReason.UNSUPPORTED_CONTENT_TYPE,
                    "content type '" + type + "' is not what the model takes: " + Payload.TEXT + " in UTF-8");
        }
        String charset = given.map(Texts::charset).orElse("utf-8");
        if (!charset.equals("utf-8") && !charset.equals("us-ascii")) {
            return Outcome.refused(
                    DeadLetterReason.UNSUPPORTED_CONTENT_TYPE,
                    "the charset '" + charset + "' is not read, a text is in UTF-8");
        }
        return encoder(input).row(payload.bytes());
    }

    private TextEncoder encoder(TextInput input) {
        Optional<TextEncoder> found = last;
        if (found.isEmpty() || !found.get().input().equals(input)) {
            found = Optional.of(TextEncoder.open(input));
            last = found;
        }
        return found.get();
    }

    /** The charset of {@code text/plain; charset=UTF-8}, in lower case. */
    private static String charset(String contentType) {
        for (String part : contentType.split(";", -1)) {
            String[] pair = part.strip().split("=", 2);
            if (pair.length == 2 && pair[0].strip().equalsIgnoreCase("charset")) {
                return pair[1].strip().replace("\"", "").toLowerCase(Locale.ROOT);
            }
        }
        return "utf-8";
    }
}
