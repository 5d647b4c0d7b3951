package io.acclimate.app;

import io.acclimate.app.options.Checked;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Finds the options whose values can be read but break a rule of the settings that they become. Settings refuse the first such value
 * and know no options. Therefore, when all options together are refused, each is tried alone, beside the defaults of the others: so a
 * user reads every wrong value at once, with the option's name.
 */
final class BrokenRules {
    private final CommandLine probe;

    /** @param probe a command line whose parser continues after an error */
    BrokenRules(CommandLine probe) {
        this.probe = probe;
    }

    /** @param parsed what {@link #probe} made of all arguments and {@code configured} values, without an error */
    List<ParameterException> in(ParseResult parsed, ConfiguredOptions configured) {
        ParseResult given = innermost(parsed);
        Optional<String> together = brokenRule(given.commandSpec());
        if (together.isEmpty()) {
            return List.of();
        }
        // What was matched is gone after the next parse.
        Map<String, List<String>> alone = new LinkedHashMap<>();
        given.matchedOptions()
                .forEach(option -> alone.put(option.longestName(), List.copyOf(option.originalStringValues())));
        CommandLine command = configured.commandOf(probe);
        command.setDefaultValueProvider(new PlainDefaults());
        List<ParameterException> faults = new ArrayList<>();
        alone.forEach((option, values) -> broken(configured.path(), option, values)
                .ifPresent(rule -> faults.add(new ParameterException(command, rule))));
        for (ConfiguredOptions.Value value : configured.values()) {
            broken(configured.path(), value.option(), List.of(value.text()))
                    .ifPresent(rule -> faults.add(new ParameterException(command, rule + ", from " + value.source())));
        }
        // No value is wrong by itself where two of them contradict each other.
        return faults.isEmpty() ? List.of(new ParameterException(command, together.get())) : faults;
    }

    private Optional<String> broken(List<String> path, String option, List<String> values) {
        List<String> arguments = new ArrayList<>(path);
        values.forEach(value -> arguments.add(option + "=" + value));
        return brokenRule(innermost(probe.parseArgs(arguments.toArray(String[]::new)))
                        .commandSpec())
                .map(rule -> rule.contains(option) ? rule : option + ": " + rule);
    }

    private static Optional<String> brokenRule(CommandSpec command) {
        return Stream.concat(
                        Stream.of(command.userObject()),
                        command.mixins().values().stream().map(CommandSpec::userObject))
                .flatMap(options -> options instanceof Checked checked ? brokenRule(checked).stream() : Stream.empty())
                .findFirst();
    }

    private static Optional<String> brokenRule(Checked options) {
        try {
            options.check();
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (ArithmeticException e) {
            // Of a time, for example, that no Duration can hold.
            return Optional.of("a number is too large (" + e.getMessage() + ")");
        }
    }

    private static ParseResult innermost(ParseResult parsed) {
        return parsed.hasSubcommand() ? innermost(parsed.subcommand()) : parsed;
    }
}
