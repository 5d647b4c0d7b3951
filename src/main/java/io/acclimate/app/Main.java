package io.acclimate.app;

import io.acclimate.app.bench.BenchCommand;
import io.acclimate.app.demo.BrokerLog;
import io.acclimate.app.demo.DemoCommand;
import io.acclimate.app.doctor.DoctorCommand;
import io.acclimate.app.labels.LabelCommand;
import io.acclimate.app.offline.FineTuneCommand;
import io.acclimate.app.offline.InspectCommand;
import io.acclimate.app.offline.PretrainCommand;
import io.acclimate.app.replay.ReplayCommand;
import io.acclimate.app.report.ReportCommand;
import io.acclimate.app.role.AdaptCommand;
import io.acclimate.app.role.MinibatchCommand;
import io.acclimate.app.role.RoleSettings;
import io.acclimate.app.role.ServeCommand;
import io.acclimate.app.role.UpCommand;
import io.acclimate.app.role.WebCommand;
import io.acclimate.app.verbs.ActivateCommand;
import io.acclimate.app.verbs.DeadLettersCommand;
import io.acclimate.app.verbs.DomainsCommand;
import io.acclimate.app.verbs.ExportCommand;
import io.acclimate.app.verbs.PauseCommand;
import io.acclimate.app.verbs.RebuildCommand;
import io.acclimate.app.verbs.ResumeCommand;
import io.acclimate.app.verbs.RollbackCommand;
import io.acclimate.app.verbs.TailCommand;
import io.acclimate.app.verbs.VersionsCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/** Entry point of {@code acclimate.jar}. The exit code is 0 for success, 1 for a failure and 2 for bad arguments. */
@Command(
        name = "acclimate",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class,
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
            LabelCommand.class,
            VersionsCommand.class,
            DomainsCommand.class,
            ActivateCommand.class,
            RollbackCommand.class,
            PauseCommand.class,
            ResumeCommand.class,
            ExportCommand.class,
            RebuildCommand.class,
            ReportCommand.class,
            TailCommand.class,
            DeadLettersCommand.class,
            PretrainCommand.class,
            FineTuneCommand.class,
            InspectCommand.class,
            DoctorCommand.class,
            BenchCommand.class,
            CompletionCommand.class
        })
public final class Main {
    private static final Set<String> SERVICES = Set.of("up", "serve", "minibatch", "adapt", "web");

    private Main() {}

    public static void main(String[] args) {
        // Without this DJL looks for engines on the network; the native library is beside the jar.
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("java.awt.headless", "true");
        if (args.length > 0 && !SERVICES.contains(args[0])) {
            // A command that answers on the terminal prints what matters there itself.
            System.setProperty("acclimate.log.level", "WARN");
        }
        if (args.length > 0 && args[0].equals("demo")) {
            BrokerLog.begin();
        }
        System.exit(run(args, System.getenv()));
    }

    public static int run(String[] args, Map<String, String> environment) {
        return run(line(), args, environment);
    }

    public static CommandLine line() {
        return line(RoleSettings.defaults());
    }

    /** A command line with other defaults for the commands that run the roles. */
    static CommandLine line(RoleSettings defaults) {
        CommandLine line = new CommandLine(new Main(), new Commands(defaults));
        line.setDefaultValueProvider(new PlainDefaults());
        HelpLayout.apply(line);
        return line;
    }

    /** Gives the defaults to those commands that take them. */
    private record Commands(RoleSettings defaults) implements CommandLine.IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            for (Constructor<?> each : type.getDeclaredConstructors()) {
                if (List.of(each.getParameterTypes()).equals(List.of(RoleSettings.class))) {
                    each.setAccessible(true);
                    return type.cast(each.newInstance(defaults));
                }
            }
            return CommandLine.defaultFactory().create(type);
        }
    }

    /** Runs a {@code line} that writes where the caller wants. */
    public static int run(CommandLine line, String[] args, Map<String, String> environment) {
        // The tracer prints values that it finds odd, such as a password of -K with one quotation mark.
        CommandLine.tracer().setLevel(CommandLine.TraceLevel.OFF);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        List<String> arguments = List.of(args);
        CommandLine probe = line();
        BadArguments check = new BadArguments(probe);
        ParseResult parsed = check.parse(arguments);
        if (BadArguments.asksForHelp(parsed)) {
            return line.execute(args);
        }
        ConfiguredOptions configured;
        try {
            configured = ConfiguredOptions.read(probe, parsed, environment);
        } catch (ParameterException e) {
            line.getErr().println(Secrets.of(arguments, environment).mask(String.valueOf(e.getMessage())));
            return CommandLine.ExitCode.USAGE;
        }
        List<String> all = new ArrayList<>(arguments);
        all.addAll(configured.assignments());
        Secrets secrets = Secrets.of(all, environment);
        List<ParameterException> faults = check.in(arguments, configured);
        if (!faults.isEmpty()) {
            BadArguments.print(faults, secrets, line.getErr());
            return CommandLine.ExitCode.USAGE;
        }
        configured.applyTo(line);
        line.setParameterExceptionHandler((fault, unused) -> {
            BadArguments.print(List.of(fault), secrets, line.getErr());
            return CommandLine.ExitCode.USAGE;
        });
        return line.setExecutionExceptionHandler((failure, command, result) -> explain(failure, command, secrets))
                .execute(args);
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

    static String message(Throwable failure) {
        String message = failure.getMessage();
        if (failure instanceof TimeoutException && message != null && message.startsWith("Timeout expired")) {
            return message + ": does Kafka answer at the address that --bootstrap gives?";
        }
        String text = message == null ? failure.toString() : message;
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof ClusterAuthorizationException) {
                return text
                        + " Who writes needs WRITE on the topic; doctor, with the same options, says what this user lacks";
            }
            if (each instanceof AuthorizationException) {
                return text.replaceFirst("\\.$", "") + "; doctor, with the same options, says what this user lacks";
            }
        }
        return text;
    }
}
