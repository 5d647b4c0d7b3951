package io.acclimate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.app.role.RoleSettings;
import io.acclimate.gate.GateSettings;
import io.acclimate.serve.BatchSettings;
import io.acclimate.serve.ServeSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.RecordComponent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** A default is written once, in the settings record of its room, and everything else follows. */
class DefaultsTest {
    private static final int OTHER = 777;

    private static RoleSettings changed() {
        RoleSettings defaults = RoleSettings.defaults();
        return defaults.withServe(defaults.serve().withBatches(new BatchSettings(OTHER, 64)))
                .withAdapt(defaults.adapt()
                        .withSteps(defaults.adapt().steps().withReplay(OTHER, 512))
                        .withSeed(OTHER));
    }

    private static CommandLine command(CommandLine line, String name) {
        return Objects.requireNonNull(line.getSubcommands().get(name), name);
    }

    private static String help(CommandLine line, String command) {
        StringWriter out = new StringWriter();
        command(line, command).usage(new PrintWriter(out));
        return out.toString();
    }

    @Test
    void changedDefaultIsInHelpAndTableAndReachesTheFlag() {
        CommandLine line = Main.line(changed());

        assertThat(help(line, "serve")).contains("(default: 777)");
        assertThat(help(line, "up")).contains("(default: 777)");
        assertThat(OptionTable.of(line))
                .contains("| `--max-poll-records` | `777` | up, serve |")
                .contains("| `--replay-steps` | `777` | up, adapt |");
        assertThat(line.parseArgs("serve")
                        .subcommand()
                        .commandSpec()
                        .findOption("--max-poll-records")
                        .<Integer>getValue())
                .isEqualTo(OTHER);
    }

    @Test
    void noSettingsRecordHasMoreThanSevenComponents() {
        Deque<Class<?>> left = new ArrayDeque<>(Set.of(RoleSettings.class));
        Set<Class<?>> seen = new HashSet<>();
        TreeSet<String> large = new TreeSet<>();
        while (!left.isEmpty()) {
            Class<?> type = left.pop();
            if (!type.isRecord() || !seen.add(type)) {
                continue;
            }
            if (type.getRecordComponents().length > 7) {
                large.add(type.getName());
            }
            for (RecordComponent each : type.getRecordComponents()) {
                left.push(each.getType());
            }
        }

        assertThat(large).isEmpty();
        assertThat(seen).contains(ServeSettings.class, GateSettings.class);
    }

    @Test
    void changedDefaultReachesTheDemoThroughTheCommandLine() {
        CommandLine demo = command(Main.line(changed()), "demo");

        assertThat(demo.getCommandSpec().findOption("--seed").<Long>getValue()).isEqualTo(OTHER);
    }
}
