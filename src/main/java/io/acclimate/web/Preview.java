package io.acclimate.web;

import io.acclimate.core.Bytes;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The form in which the page shows a record's value.
 *
 * @param url a data URL if the value is a picture that browsers show and that is not too large, otherwise empty
 * @param text the beginning of the value if it is text, otherwise empty
 */
record Preview(String url, String text) {
    static final Preview NONE = new Preview("", "");

    private static final int MAX_IMAGE_BYTES = 64 * 1024;
    /** The characters of a text that the page shows. */
    private static final int MAX_TEXT = 120;

    static Preview of(Optional<Bytes> value) {
        return value.map(Preview::of).orElse(NONE);
    }

    private static Preview of(Bytes bytes) {
        String url = bytes.size() <= MAX_IMAGE_BYTES ? dataUrl(bytes) : "";
        return new Preview(url, url.isEmpty() ? text(bytes) : "");
    }

    boolean isEmpty() {
        return url.isEmpty() && text.isEmpty();
    }

    private static String dataUrl(Bytes bytes) {
        byte[] array = bytes.array();
        Optional<String> type = pictureType(array);
        return type.map(t -> "data:" + t + ";base64," + Base64.getEncoder().encodeToString(array))
                .orElse("");
    }

    /** The beginning of a text; empty for values that are no text in UTF-8 or have control characters, as tensors do. */
    private static String text(Bytes bytes) {
        try {
            String all =
                    StandardCharsets.UTF_8.newDecoder().decode(bytes.buffer()).toString();
            if (all.codePoints().anyMatch(c -> Character.isISOControl(c) && !Character.isWhitespace(c))) {
                return "";
            }
            int end = all.offsetByCodePoints(0, Math.min(MAX_TEXT, all.codePointCount(0, all.length())));
            return end < all.length() ? all.substring(0, end) + "…" : all;
        } catch (CharacterCodingException e) {
            return "";
        }
    }

    private static Optional<String> pictureType(byte[] array) {
        record Magic(String type, List<Integer> bytes) {}
        List<Magic> known = List.of(
                new Magic("image/png", List.of(0x89, 0x50, 0x4e, 0x47)),
                new Magic("image/jpeg", List.of(0xff, 0xd8)),
                new Magic("image/gif", List.of(0x47, 0x49, 0x46)),
                new Magic("image/bmp", List.of(0x42, 0x4d)));
        for (Magic magic : known) {
            byte[] start = Arrays.copyOf(array, magic.bytes.size());
            boolean same = true;
            for (int i = 0; i < start.length; i++) {
                same &= (start[i] & 0xff) == magic.bytes.get(i);
            }
            if (same) {
                return Optional.of(magic.type);
            }
        }
        return Optional.empty();
    }
}
