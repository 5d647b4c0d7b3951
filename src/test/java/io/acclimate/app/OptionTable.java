package io.acclimate.app;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Writes all options of a command line as a table in Markdown, one row for each flag that has the same default and meaning. */
final class OptionTable {
    private static final Pattern DEFAULT = Pattern.compile("\\s*\\(default: ([^()]*)\\)\\.?$");

    private OptionTable() {}

    private record Row(String option, String initial, String meaning) {}

    static String of(CommandLine root) {
        Map<String, Map<Row, List<String>>> byName = new TreeMap<>();
        collect(root, "", byName);
        StringBuilder table = new StringBuilder("| option | default | commands | meaning |\n|---|---|---|---|\n");
        byName.values()
                .forEach(rows -> rows.forEach((row, commands) -> table.append("| ")
                        .append(String.join(
                                " | ", row.option(), row.initial(), String.join(", ", commands), row.meaning()))
                        .append(" |\n")));
        return table.toString();
    }

    private static void collect(CommandLine line, String path, Map<String, Map<Row, List<String>>> into) {
        for (OptionSpec option : line.getCommandSpec().options()) {
            if (!path.isEmpty() && !option.usageHelp() && !option.versionHelp()) {
                into.computeIfAbsent(option.longestName(), name -> new LinkedHashMap<>())
                        .computeIfAbsent(row(option), row -> new ArrayList<>())
                        .add(path);
            }
        }
        line.getSubcommands().forEach((name, each) -> collect(each, (path + " " + name).strip(), into));
    }

    private static Row row(OptionSpec option) {
        StringBuilder flag = new StringBuilder();
        for (String name : option.names()) {
            flag.append(flag.isEmpty() ? "" : ", ").append('`').append(name).append('`');
        }
        // A label that was not chosen for the reader is the name of a field.
        if (option.arity().max() > 0 && option.paramLabel().matches("[A-Z].*")) {
            flag.append(" `").append(option.paramLabel().replace("|", "\\|")).append('`');
        }
        String meaning = String.join(" ", option.description());
        Matcher said = DEFAULT.matcher(meaning);
        String initial = option.arity().max() == 0 ? "off" : "none";
        if (option.required() && option.group() == null) {
            initial = "must be given";
        } else if (said.find()) {
            boolean literal = said.group(1).equals(option.defaultValueString());
            initial = literal ? "`" + said.group(1) + "`" : said.group(1);
            meaning = meaning.substring(0, said.start()) + ".";
        }
        return new Row(flag.toString(), initial, meaning);
    }
}
