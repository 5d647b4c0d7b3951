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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class JsonShapesTest {
    /** Services, which log; groups of commands; scripts for a shell; and benchmarks, whose result is a table or a file. */
    private static final Set<String> WITHOUT_RESULT = Set.of(
            "up",
            "serve",
            "minibatch",
            "adapt",
            "web",
            "label",
            "dead-letters",
            "completion",
            "bench",
            "bench serve",
            "bench train");

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

    private static String run(String... arguments) {
        StringWriter out = new StringWriter();
        CommandLine line = Main.line().setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
        Main.run(line, arguments, Map.of());
        return out.toString();
    }
}
