package io.acclimate.app.demo;

import io.acclimate.app.role.RoleSettings;
import io.acclimate.app.terminal.JsonOption;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code demo}: the whole service in one JVM, on real data. */
@Command(
        name = "demo",
        description = {
            "Shows adaptation live: an embedded broker, all roles and a stream of shifted images.",
            "It ends by itself in under 3 minutes. The exit code is 0 only if every image got exactly one prediction."
        })
public final class DemoCommand implements Callable<Integer> {
    @Mixin
    final DemoOptions options;

    @Option(names = "--summary", paramLabel = "FILE", description = "Also write the summary to this file, as JSON.")
    Optional<Path> summary = Optional.empty();

    @Mixin
    JsonOption json = new JsonOption();

    @Spec
    CommandSpec spec = CommandSpec.create();

    public DemoCommand() {
        this(RoleSettings.defaults());
    }

    public DemoCommand(RoleSettings defaults) {
        this.options = new DemoOptions(defaults);
    }

    @Override
    public Integer call() throws Exception {
        check(options.images() >= 1, "--images", options.images(), "at least 1");
        check(options.rate >= 1, "--rate", options.rate, "at least 1");
        check(
                options.labelFraction >= 0 && options.labelFraction <= 1,
                "--label-fraction",
                options.labelFraction,
                "from 0 to 1");
        check(options.lingerSeconds >= 0, "--linger", options.lingerSeconds, "at least 0");
        PrintStream screen = json.asked() ? System.err : System.out;
        DemoSummary result;
        try {
            result = new Demo(options, screen).run(ended -> print(ended, screen));
        } catch (CancellationException e) {
            screen.println("stopped before the end of the stream");
            return 1;
        } finally {
            BrokerLog.say(screen);
        }
        if (summary.isPresent()) {
            result.write(summary.get());
        }
        return result.complete() ? 0 : 1;
    }

    private void print(DemoSummary summary, PrintStream screen) {
        if (json.asked()) {
            System.out.println(JsonOption.write(summary, true));
        } else {
            screen.println(summary.text());
        }
    }

    private void check(boolean holds, String option, Object value, String rule) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), option + " must be " + rule + ", got " + value);
        }
    }
}
