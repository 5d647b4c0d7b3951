package io.acclimate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * What others hold in their hands, kept as text beside the test: records on topics, state in stores, names in dashboards. Such a file
 * was written by an earlier build and is never regenerated to make a test pass. A line may be added with something new; a line that
 * must change means that a reader out there breaks.
 */
public final class Golden {
    private Golden() {}

    /**
     * Holds {@code actual} against the resource beside the test.
     *
     * @param broken says what breaks outside when the text is another
     */
    public static void assertText(Class<?> test, String resource, String broken, String actual) {
        assertThat(actual)
                .as("%s of %s no longer holds. %s", resource, test.getSimpleName(), broken)
                .isEqualTo(text(test, resource));
    }

    public static String text(Class<?> test, String resource) {
        try (InputStream in = test.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalArgumentException("there is no resource " + resource + " beside " + test);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines {@code NAME HEXADECIMAL} of a resource. */
    public static Map<String, byte[]> bytes(Class<?> test, String resource) {
        Map<String, byte[]> all = new TreeMap<>();
        text(test, resource).lines().forEach(line -> {
            int space = line.indexOf(' ');
            all.put(line.substring(0, space), HexFormat.of().parseHex(line.substring(space + 1)));
        });
        return all;
    }
}
