package io.acclimate.app.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.ClassNames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class ModelOptionsTest {
    @Command(name = "any")
    static class Any {
        @Mixin
        ModelOptions model = new ModelOptions();
    }

    @TempDir
    Path folder;

    private static ModelOptions parsed(String... arguments) {
        Any any = new Any();
        new CommandLine(any).parseArgs(arguments);
        return any.model;
    }

    @Test
    void withoutAFlagTheBundledModelServesItsOwnClasses() throws Exception {
        ModelOptions options = parsed();

        assertThat(options.classes()).isEmpty();
        assertThat(options.graph().digest()).isEqualTo(ModelOptions.bundled().digest());
    }

    @Test
    void classesMayBeAListOrAFileWithOneNameALine() throws Exception {
        Path file = Files.writeString(folder.resolve("classes.txt"), "cat\n\n dog \n");
        ClassNames expected = new ClassNames(List.of("cat", "dog"));

        assertThat(parsed("--classes", "cat, dog").classes()).hasValue(expected);
        assertThat(parsed("--classes", file.toString()).classes()).hasValue(expected);
    }

    @Test
    void wordThatIsNeitherFileNorListIsRefused() {
        assertThatThrownBy(() -> parsed("--classes", "cats").classes())
                .hasMessageContaining("'cats' is no file and no list");
    }

    @Test
    void otherClassesGiveAHeadOfTheirWidth() throws Exception {
        assertThat(parsed("--classes", "Bag,Coat,Kettle")
                        .graph()
                        .card()
                        .classes()
                        .count())
                .isEqualTo(3);
    }
}
