package io.acclimate.app;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Everything that is wrong with the arguments, not only the first: who corrects a configuration wants the whole list. */
final class BadArguments {
    private BadArguments() {}

    /** @param probe a command line of its own, since its parser is set to go on after an error */
    static List<ParameterException> in(CommandLine probe, String[] arguments) {
        probe.setCaseInsensitiveEnumValuesAllowed(true);
        collecting(probe);
        List<ParameterException> faults = new ArrayList<>();
        for (ParseResult result = probe.parseArgs(arguments); ; result = result.subcommand()) {
            if (result.isUsageHelpRequested() || result.isVersionHelpRequested()) {
                return List.of();
            }
            for (Exception each : result.errors()) {
                if (each instanceof ParameterException fault) {
                    faults.add(fault);
                }
            }
            if (!result.hasSubcommand()) {
                return faults;
            }
        }
    }

    private static void collecting(CommandLine line) {
        line.getCommandSpec().parser().collectErrors(true);
        line.getSubcommands().values().forEach(BadArguments::collecting);
    }

    static void print(List<ParameterException> faults, Secrets secrets, PrintWriter err) {
        boolean suggested = false;
        for (ParameterException fault : faults) {
            err.println(secrets.mask(String.valueOf(fault.getMessage())));
            if (fault instanceof UnmatchedArgumentException unknown) {
                for (String key : unknown.getUnmatched()) {
                    suggested |= UnmatchedArgumentException.printSuggestions(
                            new UnmatchedArgumentException(unknown.getCommandLine(), List.of(key)), err);
                }
            }
        }
        if (!suggested) {
            faults.get(0).getCommandLine().usage(err);
        }
        err.flush();
    }
}
