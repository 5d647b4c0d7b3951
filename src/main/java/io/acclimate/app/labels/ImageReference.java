package io.acclimate.app.labels;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a labelling tool names an image.
 *
 * @param isId true when the text is the image id itself, and false when it is a file's path or URL
 */
record ImageReference(String text, boolean isId) {
    /** What of a file's path or URL is the image id. */
    enum Rule {
        STEM,
        NAME,
        PATH
    }

    private static final Set<String> PICTURES =
            Set.of("png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "webp", "heic", "heif", "avif");
    /** Label Studio puts eight hexadecimal digits before the name of an uploaded file. */
    private static final Pattern UPLOADED = Pattern.compile(".*/data/upload/(?:\\d+/)?[0-9a-f]{8}-([^/]+)");
    /** Label Studio serves a file of a local storage under its path as a parameter. */
    private static final Pattern LOCAL = Pattern.compile(".*/data/local-files/\\?(?:.*&)?d=([^&]+).*");

    static ImageReference id(String text) {
        return new ImageReference(text, true);
    }

    static ImageReference file(String text) {
        return new ImageReference(text, false);
    }

    String id(Rule rule) {
        if (isId || rule == Rule.PATH) {
            return text;
        }
        String name = name();
        return rule == Rule.NAME ? name : stem(name);
    }

    private String name() {
        Matcher local = LOCAL.matcher(text);
        if (local.matches()) {
            return last(decoded(local.group(1)));
        }
        boolean web = text.startsWith("http://") || text.startsWith("https://") || text.startsWith("/data/");
        String path = web ? decoded(text.replaceFirst("[?#].*", "")) : text;
        Matcher uploaded = UPLOADED.matcher(path);
        return uploaded.matches() ? uploaded.group(1) : last(path);
    }

    private static String decoded(String text) {
        // In a path a plus sign is a plus sign.
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String last(String path) {
        return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    }

    /** Leaves a name as it is whose end is no ending of a picture: {@code camera-1.5} is a name, too. */
    private static String stem(String name) {
        int dot = name.lastIndexOf('.');
        boolean picture = dot > 0 && PICTURES.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT));
        return picture ? name.substring(0, dot) : name;
    }
}
