package io.acclimate.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The programs that show a client are short; {@code .ci/up-check} runs them. */
class ExamplesTest {
    @Test
    void eachIsUnderFortyLinesAndNamesTheTopics() throws IOException {
        List<Path> programs;
        try (Stream<Path> files = Files.list(Path.of("schemas", "examples"))) {
            programs = files.toList();
        }

        assertThat(programs).hasSize(4);
        for (Path program : programs) {
            assertThat(Files.readAllLines(program)).as("%s", program).hasSizeLessThan(40);
            assertThat(Files.readString(program))
                    .contains(
                            Topics.DEFAULT.images(),
                            Topics.DEFAULT.labels(),
                            Topics.DEFAULT.predictions(),
                            "BROKER IMAGE ID LABEL");
        }
    }
}
