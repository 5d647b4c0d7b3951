package io.acclimate.app;

import io.acclimate.app.options.Heading;
import java.lang.reflect.Member;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Help.IParamLabelRenderer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * Lays help out in groups: a command's own options first, then those of each subject under its heading, and the commands of the root by
 * what they are for. A heading stands on the class that declares the options, so that every command that shares them shows the same.
 */
final class HelpLayout {
    private static final String OWN = "Options";

    /** The commands of the root by what a reader wants to do. Commands that are in no group come last. */
    private static final Map<String, List<String>> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("Try it, and look at a machine", List.of("demo", "up", "doctor"));
        COMMANDS.put("Run the service", List.of("serve", "minibatch", "adapt", "web"));
        COMMANDS.put(
                "Operate it",
                List.of(
                        "versions",
                        "activate",
                        "rollback",
                        "pause",
                        "resume",
                        "domains",
                        "export",
                        "rebuild",
                        "report",
                        "tail",
                        "dead-letters"));
        COMMANDS.put("Send data and labels", List.of("replay", "label"));
        COMMANDS.put("Prepare a model", List.of("inspect", "pretrain", "fine-tune"));
        COMMANDS.put("Others", List.of("bench", "completion"));
    }

    private HelpLayout() {}

    /** Lays out the help of {@code line} and of all its subcommands. */
    static void apply(CommandLine line) {
        line.getCommandSpec().usageMessage().abbreviateSynopsis(true);
        line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, HelpLayout::options);
        line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, HelpLayout::commands);
        boolean root = line.getParent() == null;
        line.getCommandSpec().usageMessage().commandListHeading(root ? "%n" : "%nCommands:%n");
        line.getSubcommands().values().forEach(HelpLayout::apply);
    }

    private static String options(Help help) {
        Map<String, List<OptionSpec>> groups = new LinkedHashMap<>();
        groups.put(OWN, new ArrayList<>());
        List<OptionSpec> all = new ArrayList<>();
        for (OptionSpec option : help.commandSpec().options()) {
            if (!option.hidden()) {
                all.add(option);
                groups.computeIfAbsent(heading(option), name -> new ArrayList<>())
                        .add(option);
            }
        }
        StringBuilder text = new StringBuilder();
        groups.forEach((heading, options) -> {
            if (!options.isEmpty()) {
                options.sort(help.createDefaultOptionSort());
                Help.Layout layout =
                        help.createDefaultLayout(all, help.commandSpec().positionalParameters(), help.colorScheme());
                layout.addAllOptions(options, new Labels(help.parameterLabelRenderer()));
                text.append(String.format("%n")).append(title(help, heading)).append(layout);
            }
        });
        return text.toString();
    }

    private static String heading(OptionSpec option) {
        if (option.userObject() instanceof Member member) {
            Heading heading = member.getDeclaringClass().getAnnotation(Heading.class);
            return heading == null ? OWN : heading.value();
        }
        return OWN;
    }

    private static String commands(Help help) {
        Map<String, Help> all = help.subcommands();
        if (all.isEmpty() || help.commandSpec().parent() != null) {
            return all.isEmpty() ? "" : help.commandList(all);
        }
        Set<String> left = new LinkedHashSet<>(all.keySet());
        StringBuilder text = new StringBuilder();
        COMMANDS.forEach((heading, names) -> {
            Map<String, Help> group = new LinkedHashMap<>();
            names.stream().filter(left::remove).forEach(name -> group.put(name, all.get(name)));
            append(text, help, heading, group);
        });
        Map<String, Help> others = new LinkedHashMap<>();
        left.forEach(name -> others.put(name, all.get(name)));
        append(text, help, "More", others);
        return text.toString();
    }

    private static void append(StringBuilder text, Help help, String heading, Map<String, Help> group) {
        if (!group.isEmpty()) {
            text.append(title(help, heading)).append(help.commandList(group)).append(String.format("%n"));
        }
    }

    private static String title(Help help, String heading) {
        return help.colorScheme().ansi().string("@|bold " + heading + ":|@") + String.format("%n");
    }

    /** Shows the label that an option has for its reader, and one by its type where it only has the name of a field. */
    private record Labels(IParamLabelRenderer chosen) implements IParamLabelRenderer {
        @Override
        public Text renderParameterLabel(ArgSpec argument, Ansi ansi, List<IStyle> styles) {
            return argument.arity().max() == 0 || !argument.paramLabel().startsWith("<")
                    ? chosen.renderParameterLabel(argument, ansi, styles)
                    : ansi.new Text("=" + byType(argument));
        }

        private static String byType(ArgSpec argument) {
            Class<?> type = argument.auxiliaryTypes()[0];
            if (type.isEnum()) {
                return "WORD";
            }
            if (Path.class.isAssignableFrom(type)) {
                return "FILE";
            }
            boolean number = type.isPrimitive() || Number.class.isAssignableFrom(type);
            return number ? "NUMBER" : "TEXT";
        }

        @Override
        public String separator() {
            return chosen.separator();
        }
    }
}
