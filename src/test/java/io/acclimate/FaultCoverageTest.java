package io.acclimate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** The faults that this service must bear are numbered 1 to 25; each has tests named after its number. */
class FaultCoverageTest {
    private static final Pattern NAME = Pattern.compile("fault(\\d\\d)[A-Z].*");

    @Test
    void eachFaultHasATestNamedAfterItsNumber() throws Exception {
        SortedSet<Integer> tested = new TreeSet<>();
        for (String each : testClasses()) {
            // Loaded and not initialised: some test classes start a broker.
            Class<?> type = Class.forName(each, false, FaultCoverageTest.class.getClassLoader());
            for (Method method : type.getDeclaredMethods()) {
                Matcher name = NAME.matcher(method.getName());
                if (name.matches() && isTest(method)) {
                    tested.add(Integer.valueOf(name.group(1)));
                }
            }
        }
        List<Integer> missing = IntStream.rangeClosed(1, 25)
                .filter(number -> !tested.contains(number))
                .boxed()
                .toList();
        assertThat(missing).as("faults without a test").isEmpty();
    }

    private static List<String> testClasses() throws IOException, URISyntaxException {
        Path root = Path.of(FaultCoverageTest.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        try (Stream<Path> files = Files.walk(root)) {
            return files.map(file -> root.relativize(file).toString())
                    .filter(file -> file.endsWith("Test.class") || file.endsWith("IT.class"))
                    .map(file -> file.substring(0, file.length() - ".class".length())
                            .replace(root.getFileSystem().getSeparator(), "."))
                    .toList();
        }
    }

    private static boolean isTest(Method method) {
        return method.isAnnotationPresent(Test.class)
                || method.isAnnotationPresent(ParameterizedTest.class)
                || method.isAnnotationPresent(Property.class);
    }
}
