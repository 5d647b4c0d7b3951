package io.acclimate.dataset;

import static io.acclimate.dataset.DataSetFiles.labelled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.ClassNames;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabelSetsTest {
    private static final ClassNames PETS = new ClassNames(List.of("cat", "dog", "fish"));

    @Test
    void aModelKeepsItsClassesForDataThatHaveFewerOrOnlyNumberThem() {
        assertThat(LabelSets.covering(PETS, new ClassNames(List.of("dog", "cat"))))
                .isEqualTo(PETS);
        assertThat(LabelSets.covering(PETS, new ClassNames(List.of("0", "1", "2"))))
                .isEqualTo(PETS);
    }

    @Test
    void aClassThatTheModelLacksMakesTheDataDecide() {
        ClassNames data = new ClassNames(List.of("cat", "hamster"));

        assertThat(LabelSets.covering(PETS, data)).isEqualTo(data);
        ClassNames four = new ClassNames(List.of("0", "1", "2", "3"));
        assertThat(LabelSets.covering(PETS, four)).isEqualTo(four);
    }

    @Test
    void targetLabelsMeetTheWantedClassesByNameAndNotByOrder() throws DataSetException {
        LabelledImages data = labelled(List.of("dog", "cat"), 0, 1, 0);

        LabelledImages target = LabelSets.target(data, PETS);

        assertThat(target.size()).isEqualTo(3);
        assertThat(List.of(target.label(0), target.label(1), target.label(2))).containsExactly(1, 0, 1);
        assertThat(target.classNames()).isEqualTo(PETS);
    }

    @Test
    void aTargetClassThatIsNotWantedIsRefusedByName() {
        assertThatThrownBy(() -> LabelSets.target(labelled(List.of("cat", "hamster"), 0), PETS))
                .isInstanceOf(DataSetException.class)
                .hasMessage(
                        "class 'hamster' of the data's classes [cat, hamster] is none of the model's [cat, dog, fish]");
    }

    @Test
    void ofAModelWithoutNamesTheCardIsNamedThatGivesThem() {
        ClassNames numbers = new ClassNames(List.of("0", "1", "2"));

        assertThatThrownBy(() -> LabelSets.target(labelled(List.of("cat", "dog"), 0), numbers))
                .isInstanceOf(DataSetException.class)
                .hasMessage(
                        "class 'cat' of the data's classes [cat, dog] is none of the model's, which have no names but the numbers below 3."
                                + " A card beside the model names them, in the order of its output: classes: [...]");
    }

    @Test
    void sourceImagesOfClassesThatAreGivenUpAreLeftOut() throws DataSetException {
        LabelledImages data = labelled(List.of("cat", "dog", "fish"), 0, 1, 2, 1);
        ClassNames wanted = new ClassNames(List.of("hamster", "dog", "cat"));

        LabelledImages source = LabelSets.source(data, PETS, wanted);

        assertThat(source.size()).isEqualTo(3);
        assertThat(List.of(source.label(0), source.label(1), source.label(2))).containsExactly(2, 1, 1);
        assertThat(source.pixels(2).at(0, 0, 0))
                .as("the image that was number 3")
                .isEqualTo(3);
        assertThat(source.classNames()).isEqualTo(wanted);
    }

    @Test
    void aNumberedSourceSetHasTheModelsClasses() throws DataSetException {
        LabelledImages data = labelled(List.of("0", "1", "2"), 2, 0);

        LabelledImages source = LabelSets.source(data, PETS, new ClassNames(List.of("fish", "cat")));

        assertThat(List.of(source.label(0), source.label(1))).containsExactly(0, 1);
    }

    @Test
    void aSourceSetOfWhichNothingIsLeftIsRefused() {
        assertThatThrownBy(() -> LabelSets.source(
                        labelled(List.of("cat", "dog", "fish"), 0, 1), PETS, new ClassNames(List.of("car", "bus"))))
                .isInstanceOf(DataSetException.class)
                .hasMessageContaining("no source class is in the new label set");
    }
}
