package io.acclimate.app;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.MutuallyExclusiveArgsException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Finds everything that is wrong with the arguments and the configuration, so that a user can correct all of it at once. */
final class BadArguments {
    /** A command line of its own, whose parser continues after an error. */
    private final CommandLine probe;

    BadArguments(CommandLine probe) {
        this.probe = probe;
        probe.setCaseInsensitiveEnumValuesAllowed(true);
        collecting(probe);
    }

    private static void collecting(CommandLine line) {
        line.getCommandSpec().parser().collectErrors(true);
        line.getSubcommands().values().forEach(BadArguments::collecting);
    }

    /** Reads {@code arguments} as far as they can be read. */
    ParseResult parse(List<String> arguments) {
        return probe.parseArgs(arguments.toArray(String[]::new));
    }

    /** True when help or the version is all that is asked for. */
    static boolean asksForHelp(ParseResult parsed) {
        for (ParseResult result = parsed; ; result = result.subcommand()) {
            if (result.isUsageHelpRequested() || result.isVersionHelpRequested()) {
                return true;
            }
            if (!result.hasSubcommand()) {
                return false;
            }
        }
    }

    List<ParameterException> in(List<String> arguments, ConfiguredOptions configured) {
        List<ParameterException> faults = new ArrayList<>();
        CommandLine command = configured.commandOf(probe);
        for (ConfiguredOptions.Value value : configured.unknown()) {
            faults.add(new UnknownKey(command, value));
        }
        for (ConfiguredOptions.Value value : configured.values()) {
            List<String> alone = new ArrayList<>(configured.path());
            alone.add(value.option() + "=" + value.text());
            for (ParameterException fault : faults(parse(alone))) {
                // The value is tried without the rest of the command, so that what else the command needs is missing
                // here.
                if (!(fault instanceof MissingParameterException)
                        && !(fault instanceof MutuallyExclusiveArgsException)) {
                    faults.add(new ParameterException(command, fault.getMessage() + ", from " + value.source()));
                }
            }
        }
        if (faults.isEmpty()) {
            configured.applyTo(probe);
        }
        ParseResult parsed = parse(arguments);
        faults.addAll(faults(parsed));
        return faults.isEmpty() ? new BrokenRules(probe).in(parsed, configured) : faults;
    }

    private static List<ParameterException> faults(ParseResult parsed) {
        List<ParameterException> faults = new ArrayList<>();
        for (ParseResult result = parsed; ; result = result.subcommand()) {
            List<ParameterException> own = result.errors().stream()
                    .filter(ParameterException.class::isInstance)
                    .map(ParameterException.class::cast)
                    .toList();
            Set<String> told = new HashSet<>();
            for (ParameterException fault : own) {
                if (own.stream().noneMatch(cause -> follows(fault, cause))
                        && told.add(String.valueOf(fault.getMessage()))) {
                    faults.add(result.hasSubcommand() ? ofSubcommand(fault, result.subcommand()) : fault);
                }
            }
            if (!result.hasSubcommand()) {
                return faults;
            }
            misplaced(result).ifPresent(faults::add);
        }
    }

    /** Of a positional argument that it cannot read, picocli says besides that it is missing, and that nothing takes its text. */
    private static boolean follows(ParameterException fault, ParameterException cause) {
        ArgSpec argument = cause.getArgSpec();
        if (fault == cause || argument == null || !argument.isPositional()) {
            return false;
        }
        return fault instanceof MissingParameterException missing
                ? missing.getMissing().equals(List.of(argument))
                : fault instanceof UnmatchedArgumentException unmatched
                        && unmatched.getUnmatched().equals(List.of(String.valueOf(cause.getValue())));
    }

    /** An option before a subcommand would be the command's own, which does not run, and would be ignored. */
    private static Optional<ParameterException> misplaced(ParseResult result) {
        return result.matchedOptions().isEmpty()
                ? Optional.empty()
                : Optional.of(misplaced(
                        result.commandSpec().commandLine(),
                        result.subcommand(),
                        result.matchedOptions().get(0).longestName()));
    }

    private static ParameterException misplaced(CommandLine command, ParseResult subcommand, String option) {
        return new ParameterException(
                command,
                "Options of '" + subcommand.commandSpec().name() + "' follow it: '" + option + "' stands before it");
    }

    /** What a group of commands does not know may be an option of the command that comes after it. */
    private static ParameterException ofSubcommand(ParameterException fault, ParseResult subcommand) {
        if (fault instanceof UnmatchedArgumentException unknown) {
            for (String each : unknown.getUnmatched()) {
                String option = each.replaceFirst("=.*", "");
                if (subcommand.commandSpec().optionsMap().containsKey(option)) {
                    return misplaced(fault.getCommandLine(), subcommand, option);
                }
            }
        }
        return fault;
    }

    static void print(List<ParameterException> faults, Secrets secrets, PrintWriter err) {
        boolean suggested = false;
        for (ParameterException fault : faults) {
            err.println(secrets.mask(String.valueOf(fault.getMessage())));
            List<String> unmatched = fault instanceof UnmatchedArgumentException unknown
                    ? unknown.getUnmatched()
                    : fault instanceof UnknownKey unknown ? List.of(unknown.option) : List.of();
            for (String each : unmatched) {
                suggested |= UnmatchedArgumentException.printSuggestions(
                        new UnmatchedArgumentException(fault.getCommandLine(), List.of(each)), err);
            }
        }
        CommandLine command = faults.get(0).getCommandLine();
        boolean incomplete = command.getParseResult() != null
                && command.getParseResult().errors().isEmpty()
                && !command.getSubcommands().isEmpty();
        if (incomplete) {
            command.usage(err);
        } else if (!suggested) {
            err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        }
        err.flush();
    }

    /** A key of the environment or the file that no option has. Its value may be a secret and is not named. */
    static final class UnknownKey extends ParameterException {
        private static final long serialVersionUID = 1;

        private final String option;

        UnknownKey(CommandLine command, ConfiguredOptions.Value value) {
            super(
                    command,
                    "Unknown key '" + value.key() + "' in " + value.source() + ": " + command.getCommandName()
                            + " has no option " + value.option());
            this.option = value.option();
        }
    }
}
