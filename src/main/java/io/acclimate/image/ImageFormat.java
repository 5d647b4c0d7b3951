package io.acclimate.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The supported image formats, recognised by their first bytes or by the producer's content type. */
enum ImageFormat {
    PNG,
    JPEG,
    GIF,
    BMP,
    TIFF;

    static Optional<ImageFormat> sniff(byte[] file) {
        if (startsWith(file, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n')) {
            return Optional.of(PNG);
        }
        if (startsWith(file, 0xff, 0xd8, 0xff)) {
            return Optional.of(JPEG);
        }
        if (startsWith(file, 'G', 'I', 'F', '8')) {
            return Optional.of(GIF);
        }
        if (startsWith(file, 'I', 'I', 42, 0) || startsWith(file, 'M', 'M', 0, 42)) {
            return Optional.of(TIFF);
        }
        return startsWith(file, 'B', 'M') ? Optional.of(BMP) : Optional.empty();
    }

    /** The name of a format that people send and that is not read. */
    static Optional<String> unread(byte[] file) {
        if (file.length >= 12 && startsWith(Arrays.copyOfRange(file, 4, 8), 'f', 't', 'y', 'p')) {
            String brand = new String(file, 8, 4, StandardCharsets.ISO_8859_1);
            return switch (brand) {
                case "avif", "avis" -> Optional.of("AVIF");
                case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1" -> Optional.of("HEIC");
                default -> Optional.of("a film (" + brand + ')');
            };
        }
        if (startsWith(file, 'R', 'I', 'F', 'F')
                && file.length >= 12
                && startsWith(Arrays.copyOfRange(file, 8, 12), 'W', 'E', 'B', 'P')) {
            return Optional.of("WebP");
        }
        if (startsWith(file, 0xff, 0x0a) || startsWith(file, 0, 0, 0, 12, 'J', 'X', 'L', ' ')) {
            return Optional.of("JPEG XL");
        }
        if (startsWith(file, 0xff, 0x4f, 0xff, 0x51) || startsWith(file, 0, 0, 0, 12, 'j', 'P', ' ', ' ')) {
            return Optional.of("JPEG 2000");
        }
        if (startsWith(file, 'I', 'I', 43, 0) || startsWith(file, 'M', 'M', 0, 43)) {
            return Optional.of("BigTIFF");
        }
        return startsWith(file, '%', 'P', 'D', 'F') ? Optional.of("PDF") : Optional.empty();
    }

    /** The format of a content type. The answer is empty for types that are not supported. */
    static Optional<ImageFormat> ofContentType(String mediaType) {
        return switch (mediaType) {
            case "image/png" -> Optional.of(PNG);
            case "image/jpeg", "image/jpg", "image/pjpeg" -> Optional.of(JPEG);
            case "image/gif" -> Optional.of(GIF);
            case "image/bmp", "image/x-bmp", "image/x-ms-bmp" -> Optional.of(BMP);
            case "image/tiff" -> Optional.of(TIFF);
            default -> Optional.empty();
        };
    }

    /** The media type without parameters, in lower case: {@code Image/PNG; q=1} is {@code image/png}. */
    static String mediaType(String contentType) {
        int semicolon = contentType.indexOf(';');
        return (semicolon < 0 ? contentType : contentType.substring(0, semicolon))
                .strip()
                .toLowerCase(Locale.ROOT);
    }

    private static boolean startsWith(byte[] file, int... magic) {
        if (file.length < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((file[i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return true;
    }
}
