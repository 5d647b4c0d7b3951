package io.acclimate.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Tag("slow")
class JsonShapesTest {
    /** Services, which log; groups of commands; and scripts for a shell. */
    private static final Set<String> WITHOUT_RESULT =
            Set.of("up", "serve", "minibatch", "adapt", "web", "label", "dead-letters", "completion", "bench");

    @Test
    void everyCommandWithAResultPrintsJson() {
        Set<String> silent = new TreeSet<>();
        collect(Main.line(), "", silent);

        assertThat(silent).isSubsetOf(WITHOUT_RESULT);
    }

    private static void collect(CommandLine line, String path, Set<String> silent) {
        line.getSubcommands().forEach((name, each) -> {
            String full = (path + " " + name).strip();
            if (!each.getCommandSpec().optionsMap().containsKey("--json")) {
                silent.add(full);
            }
            collect(each, full, silent);
        });
    }

    @Test
    void inspectIsAsItsSchemaSays() {
        assertThat(CliSchema.violations("inspect", run("inspect", "--json"))).isEmpty();
    }

    @Test
    void labelImportIsAsItsSchemaSays(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("labels.csv"), "image_id,label\na,Bag\nb,Hat\n");

        String json = run("label", "import", file.toString(), "--dry-run", "--json");

        assertThat(json).contains("\"unmatched\"", "\"Hat\"");
        assertThat(CliSchema.violations("label-import", json)).isEmpty();
    }

    @Test
    void everyKindOfEventIsAsItsSchemaSays() throws Exception {
        List<String> events = Files.readAllLines(Path.of("src/test/resources/io/acclimate/wire/events.txt")).stream()
                .filter(line -> line.startsWith("{"))
                .toList();

        assertThat(events).hasSizeGreaterThan(10).allSatisfy(event -> assertThat(CliSchema.violations("event", event))
                .isEmpty());
    }

    @Test
    void benchTrainIsAsItsSchemaSays() {
        String json = run("bench", "train", "--steps", "1", "--rounds", "1", "--json");

        assertThat(CliSchema.violations("bench", json.substring(json.indexOf('{'))))
                .isEmpty();
    }

    @Test
    void benchAdaptWritesAFileAsItsSchemaSays(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("suite.json");

        run(
                "bench",
                "adapt",
                "--streams",
                "blend",
                "--quality",
                "clean",
                "--labels",
                "0",
                "--seeds",
                "1",
                "--test-images",
                "16",
                "--json",
                file.toString());

        String json = Files.readString(file);
        assertThat(json).contains("\"prequential\":null");
        assertThat(CliSchema.violations("bench-adapt", json)).isEmpty();
    }

    private static String run(String... arguments) {
        StringWriter out = new StringWriter();
        CommandLine line = Main.line().setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
        Main.run(line, arguments, Map.of());
        return out.toString();
    }
}
