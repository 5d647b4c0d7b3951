package io.acclimate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.acclimate.app.options.HttpPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/**
 * Every command of the jar that a page shows is one that the jar takes. {@code TutorialIT} and {@code .ci/readme-check} run those of the
 * tutorial and of the README, too.
 */
@Tag("slow")
class DocumentedCommandsTest {
    private static final String JAR = "java -jar target/acclimate.jar ";
    private static final Pattern ROLES = Pattern.compile("for role in ([a-z ]+); do");
    private static final int LONGEST_README = 120;

    static Stream<Arguments> commands() throws IOException {
        List<Arguments> all = new ArrayList<>();
        for (String where : List.of("README.md", ".github", "ops", "schemas", "findings")) {
            for (Path page : markdown(where)) {
                // A command may go on in the next line.
                String text = Files.readString(page).replace("\\\n", " ");
                for (String line : text.lines().toList()) {
                    if (line.startsWith("    ") && line.contains(JAR)) {
                        expanded(line).forEach(command -> all.add(Arguments.of(page.toString(), command)));
                    }
                }
            }
        }
        return all.stream();
    }

    private static List<Path> markdown(String where) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(where))) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    /** What follows the jar in a line, up to the end of the command; once for each round of a loop over roles. */
    private static List<String> expanded(String line) {
        String command = line.substring(line.indexOf(JAR) + JAR.length()).replaceFirst("\\s+(&|\\||>|#|;).*", "");
        Matcher loop = ROLES.matcher(line);
        return loop.find()
                ? Stream.of(loop.group(1).split(" "))
                        .map(role -> command.replace("$role", role))
                        .toList()
                : List.of(command);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("commands")
    void theJarTakesTheCommand(String page, String command) {
        CommandLine line = Main.line().setCaseInsensitiveEnumValuesAllowed(true);

        assertThatCode(() -> line.parseArgs(words(command))).doesNotThrowAnyException();
    }

    @Test
    void rolesThatTheReadmeStartsOnOneHostWantNoPortThatAnotherHas() throws Exception {
        List<Integer> ports = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("README.md"))) {
            if (line.startsWith("    ") && line.contains(JAR) && line.contains("--bootstrap kafka:9092")) {
                for (String command : expanded(line)) {
                    HttpPort port = Main.line()
                            .setCaseInsensitiveEnumValuesAllowed(true)
                            .parseArgs(words(command))
                            .subcommand()
                            .matchedOptionValue("--http-port", HttpPort.DEFAULT);
                    ports.add(port.number().orElse(0));
                }
            }
        }

        assertThat(ports).hasSizeGreaterThan(3);
        assertThat(ports).filteredOn(port -> port != 0).doesNotHaveDuplicates();
    }

    /** Splits as a shell does, as far as the pages need it. */
    private static String[] words(String command) {
        Matcher word = Pattern.compile("\"([^\"]*)\"|(\\S+)").matcher(command.strip());
        return word.results()
                .map(each -> each.group(1) == null ? each.group(2) : each.group(1))
                .toArray(String[]::new);
    }

    @Test
    void pagesShowManyCommandsAndTheReadmeStaysShort() throws Exception {
        assertThat(commands()).hasSizeGreaterThan(20);
        assertThat(Files.readAllLines(Path.of("README.md"))).hasSizeLessThanOrEqualTo(LONGEST_README);
    }
}
