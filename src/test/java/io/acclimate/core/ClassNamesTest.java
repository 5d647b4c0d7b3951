package io.acclimate.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassNamesTest {
    private final ClassNames digits = new ClassNames(List.of("zero", "one", "2", "three"));

    @Test
    void aLabelIsMatchedAsANameBeforeItIsTriedAsAnIndex() {
        ClassNames shifted = new ClassNames(List.of("2", "1", "0"));

        assertThat(shifted.resolve("2")).hasValue(0);
        assertThat(shifted.resolve("1")).hasValue(1);
        assertThat(digits.resolve("2")).hasValue(2);
    }

    @Test
    void aLabelThatIsNoNameIsAnIndexInDecimalDigits() {
        assertThat(digits.resolve("0")).hasValue(0);
        assertThat(digits.resolve("3")).hasValue(3);
        assertThat(digits.resolve("003")).hasValue(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "4", "-1", "+1", "1.0", " 1", "1e0", "Zero", "9999999999", "99999999999999999999", "\u0661"})
    void aLabelThatIsNeitherIsNoClass(String label) {
        assertThat(digits.resolve(label)).isEmpty();
    }

    @Test
    void anIndexIsFoundByTheVeryNameOnly() {
        assertThat(digits.index("three")).hasValue(3);
        assertThat(digits.index("3")).isEmpty();
        assertThat(digits.index("THREE")).isEmpty();
    }

    @Test
    void twoClassesOfOneNameAreRefusedWithBothIndexes() {
        assertThatThrownBy(() -> new ClassNames(List.of("cat", "dog", "cat")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'cat' is class 0 and 2");
    }

    @Test
    void aClassifierWithoutClassesIsRefused() {
        assertThatThrownBy(() -> new ClassNames(List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one class");
    }

    @Test
    void laterChangesOfTheGivenListChangeNothing() {
        List<String> given = new ArrayList<>(List.of("cat", "dog"));
        ClassNames names = new ClassNames(given);

        given.set(0, "cow");

        assertThat(names.name(0)).isEqualTo("cat");
        assertThat(names.index("cat")).hasValue(0);
    }

    @Test
    void listsAreEqualWhenNamesAndOrderAre() {
        assertThat(new ClassNames(List.of("a", "b")))
                .isEqualTo(new ClassNames(List.of("a", "b")))
                .hasSameHashCodeAs(new ClassNames(List.of("a", "b")))
                .isNotEqualTo(new ClassNames(List.of("b", "a")))
                .hasToString("2 classes");
    }

    @Property(tries = 100)
    void everyNameAndEveryIndexResolvesToItsClass(@ForAll @IntRange(min = 1, max = 300) int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add("class " + i);
        }
        ClassNames classes = new ClassNames(names);

        for (int i = 0; i < count; i++) {
            assertThat(classes.resolve(classes.name(i))).hasValue(i);
            assertThat(classes.resolve(String.valueOf(i))).hasValue(i);
        }
        assertThat(classes.resolve(String.valueOf(count))).isEmpty();
    }
}
