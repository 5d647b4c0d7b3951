package io.acclimate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.app.role.RoleSettings;
import io.acclimate.serve.ServeSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class OptionTableTest {
    private static final Path PAGE = Path.of("ops", "configuration.md");
    private static final String BEGIN = "<!-- The table is written by OptionTableTest. -->\n";
    private static final int PROCESSORS = 8;

    private static CommandLine line() {
        return Main.line(RoleSettings.defaults().withServe(ServeSettings.forProcessors(PROCESSORS)));
    }

    @Test
    void committedTableIsThatOfTheOptions() throws IOException {
        String page = Files.readString(PAGE);
        String current = page.substring(0, page.indexOf(BEGIN)) + BEGIN + OptionTable.of(line());
        if (Boolean.getBoolean("acclimate.write-table")) {
            Files.writeString(PAGE, current);
        }

        assertThat(Files.readString(PAGE))
                .as("%s is stale; write it by: mvn test -Dtest=OptionTableTest -Dacclimate.write-table=true", PAGE)
                .isEqualTo(current);
    }

    @Test
    void everyOptionSaysItsDefault() {
        TreeSet<String> silent = new TreeSet<>();
        collect(line(), silent);

        assertThat(silent).isEmpty();
    }

    private static void collect(CommandLine line, Set<String> silent) {
        for (OptionSpec option : line.getCommandSpec().options()) {
            Object initial = option.initialValue();
            boolean empty = initial == null
                    || initial.equals(Optional.empty())
                    || initial.equals("")
                    || (initial instanceof Collection<?> many && many.isEmpty())
                    || (initial instanceof Map<?, ?> map && map.isEmpty());
            if (!empty
                    && option.arity().max() > 0
                    && !option.required()
                    && !String.join(" ", option.description())
                            .contains("(default: " + option.defaultValueString() + ")")) {
                silent.add(line.getCommandName() + " " + option.longestName());
            }
        }
        line.getSubcommands().values().forEach(each -> collect(each, silent));
    }

    @Test
    void noCommandIsDescribedByHalfASentence() {
        TreeSet<String> cut = new TreeSet<>();
        line().getSubcommands().forEach((name, each) -> {
            String[] description = each.getCommandSpec().usageMessage().description();
            if (description.length == 0 || !description[0].endsWith(".")) {
                cut.add(name);
            }
        });

        assertThat(cut).isEmpty();
    }
}
