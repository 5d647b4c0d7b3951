package io.acclimate.app;

import io.acclimate.app.bench.BenchCommand;
import io.acclimate.app.demo.DemoCommand;
import io.acclimate.app.offline.FineTuneCommand;
import io.acclimate.app.offline.InspectCommand;
import io.acclimate.app.offline.PretrainCommand;
import io.acclimate.app.replay.ReplayCommand;
import io.acclimate.app.role.AdaptCommand;
import io.acclimate.app.role.MinibatchCommand;
import io.acclimate.app.role.ServeCommand;
import io.acclimate.app.role.UpCommand;
import io.acclimate.app.role.WebCommand;
import io.acclimate.app.verbs.ActivateCommand;
import io.acclimate.app.verbs.DeadLettersCommand;
import io.acclimate.app.verbs.ExportCommand;
import io.acclimate.app.verbs.PauseCommand;
import io.acclimate.app.verbs.RebuildCommand;
import io.acclimate.app.verbs.ResumeCommand;
import io.acclimate.app.verbs.RollbackCommand;
import io.acclimate.app.verbs.TailCommand;
import io.acclimate.app.verbs.VersionsCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.errors.TimeoutException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/** Entry point of {@code acclimate.jar}. Exit codes: 0 ok, 1 failure, 2 usage. */
@Command(
        name = "acclimate",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        scope = ScopeType.INHERIT,
        description = "Streaming domain adaptation of ONNX image classifiers on Kafka.",
        footer =
                "Every option can also be set in the environment (--http-port is ACCLIMATE_HTTP_PORT) or in a YAML file (--config FILE).",
        subcommands = {
            DemoCommand.class,
            UpCommand.class,
            ServeCommand.class,
            MinibatchCommand.class,
            AdaptCommand.class,
            WebCommand.class,
            ReplayCommand.class,
            VersionsCommand.class,
            ActivateCommand.class,
            RollbackCommand.class,
            PauseCommand.class,
            ResumeCommand.class,
            ExportCommand.class,
            RebuildCommand.class,
            TailCommand.class,
            DeadLettersCommand.class,
            PretrainCommand.class,
            FineTuneCommand.class,
            InspectCommand.class,
            BenchCommand.class
        })
public final class Main {
    private static final Set<String> SERVICES = Set.of("up", "serve", "minibatch", "adapt", "web");

    private Main() {}

    public static void main(String[] args) {
        // DJL would look for engines on the network; the native library stands beside the jar.
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("java.awt.headless", "true");
        if (args.length > 0 && !SERVICES.contains(args[0])) {
            // A command that answers on the terminal says what matters there itself.
            System.setProperty("acclimate.log.level", "WARN");
        }
        System.exit(run(args, System.getenv()));
    }

    public static int run(String[] args, Map<String, String> environment) {
        return run(line(), args, environment);
    }

    public static CommandLine line() {
        return new CommandLine(new Main());
    }

    /** With a {@code line} that writes where the caller wants. */
    public static int run(CommandLine line, String[] args, Map<String, String> environment) {
        // It would print values that it finds odd, as a password of -K with one quotation mark.
        CommandLine.tracer().setLevel(CommandLine.TraceLevel.OFF);
        Secrets secrets = Secrets.of(List.of(args), environment);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        String[] all;
        try {
            all = ConfiguredArguments.expand(line, args, environment);
        } catch (ParameterException e) {
            line.getErr().println(secrets.mask(String.valueOf(e.getMessage())));
            return CommandLine.ExitCode.USAGE;
        }
        Secrets more = Secrets.of(List.of(all), environment);
        List<ParameterException> faults = BadArguments.in(new CommandLine(new Main()), all);
        if (!faults.isEmpty()) {
            BadArguments.print(faults, more, line.getErr());
            return CommandLine.ExitCode.USAGE;
        }
        return line.setExecutionExceptionHandler((failure, command, parsed) -> explain(failure, command, more))
                .execute(all);
    }

    private static int explain(Exception failure, CommandLine line, Secrets secrets) {
        line.getErr().println(secrets.mask(line.getCommandName() + ": " + message(failure)));
        if (System.getenv("ACCLIMATE_STACKTRACE") != null) {
            StringWriter trace = new StringWriter();
            failure.printStackTrace(new PrintWriter(trace));
            line.getErr().println(secrets.mask(trace.toString()));
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static String message(Throwable failure) {
        String message = failure.getMessage();
        if (failure instanceof TimeoutException && message != null && message.startsWith("Timeout expired")) {
            return message + ": does Kafka answer at the address that --bootstrap gives?";
        }
        return message == null ? failure.toString() : message;
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"acclimate " + (version == null ? "(from classes)" : version)};
        }
    }
}
