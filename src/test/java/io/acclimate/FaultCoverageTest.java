package io.acclimate;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** The faults that this service must bear are numbered 1 to 25; each has tests named after its number. */
class FaultCoverageTest {
    private static final Pattern NAME = Pattern.compile("fault(\\d\\d)[A-Z].*");

    @Test
    void eachFaultHasATestNamedAfterItsNumber() {
        SortedSet<Integer> tested = new TreeSet<>();
        for (JavaClass each : new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
                .importPackages("io.acclimate")) {
            for (JavaMethod method : each.getMethods()) {
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

    private static boolean isTest(JavaMethod method) {
        return method.isAnnotatedWith(Test.class)
                || method.isAnnotatedWith(ParameterizedTest.class)
                || method.isAnnotatedWith(Property.class);
    }
}
